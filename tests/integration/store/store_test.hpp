// A fresh, migrated database per test, connections to it on one io_context, and things to put into it.
// The server is one for the whole program: see main.cpp.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/engine/batch.hpp"
#include "storage/pg/blocking.hpp"
#include "storage/pg/pg_connection.hpp"
#include "storage/store/journal.hpp"
#include "storage/zone/zone_loader.hpp"

namespace qtable::storage {

// "host=… dbname=NAME user=…" of the throw-away server.
std::string conninfo_of(const std::string& database);

inline constexpr std::int64_t noon_ms = 1'795'348'800'000;  // 2026-11-22T12:00:00Z
inline constexpr instant noon{noon_ms};
inline date today() {
    return {static_cast<std::int32_t>(noon.ms / ms_per_day)};
}

// Ids in the order of their making.
uuid next_uuid();
template <class Id>
Id next_id() {
    return Id(next_uuid());
}

// Every commit waits for a standby, which isn't there; until this goes.
class absent_standby {
  public:
    explicit absent_standby(blocking_connection& sql) : sql_(sql) { wait_for("absent"); }
    absent_standby(const absent_standby&) = delete;
    absent_standby& operator=(const absent_standby&) = delete;
    ~absent_standby() { wait_for(""); }

  private:
    void wait_for(const std::string& names) {
        sql_.exec("alter system set synchronous_standby_names = '" + names + "'");
        sql_.exec("select pg_reload_conf()");
        while (sql_.exec("show synchronous_standby_names")[0].raw(0) != names) {
        }
        // The checkpointer is who makes commits wait; it reads its configuration before it does this.
        sql_.exec("checkpoint");
    }
    blocking_connection& sql_;
};

class store_test : public testing::Test {
  public:
    store_test();
    ~store_test() override;

  protected:
    std::unique_ptr<pg_connection> connect(const std::string& application_name = "store_test",
                                           std::size_t depth = 1);
    std::unique_ptr<pg_journal> make_journal(const std::string& writer, bool ring_doorbell = false);

    // Runs the event loop until `done` is set; nothing when that takes longer than 10 s.
    template <class T>
    std::optional<T> wait_for(const std::function<void(std::function<void(T)>)>& begin) {
        std::optional<T> answer;
        begin([&](T value) { answer = std::move(value); });
        run_until([&] { return answer.has_value(); });
        return answer;
    }
    void run_until(const std::function<bool()>& done);

    batch_result write(pg_journal& to, const batch& what);
    batch_outcome probe(pg_journal& at, const logged_event& marker);
    restaurant_image load(pg_journal& from, const restaurant_id& id, std::int64_t since_seq = 0);
    std::int64_t count(const std::string& sql);

    staff_id make_staff();
    // With `tables` tables of four; not in the database yet.
    restaurant make_restaurant(int tables);
    batch new_restaurant_batch(const restaurant& what);
    // Starts at 18:00 + `from_min` on the day after today, for 90 minutes.
    reservation make_reservation(const restaurant& at, std::vector<table_id> tables, int from_min = 0);
    // A walk-in of three. With tables it sat, or sits, there from noon on for 90 minutes.
    guest make_guest(guest_status status, std::vector<table_id> tables = {});
    logged_event next_event(const restaurant_id& id, std::int64_t seq);

    std::string database_;
    boost::asio::io_context io_{1};
    zone_loader zones_;
    std::unique_ptr<blocking_connection> sql_;
    std::unique_ptr<pg_connection> writes_;
    std::unique_ptr<pg_connection> loads_;
};

bool operator==(const restaurant_image& a, const restaurant_image& b);

}  // namespace qtable::storage
