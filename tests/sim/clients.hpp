// Makes commands as a crowd would: customers who all want the same evenings, staff who change slots, tables
// and profiles, a house that serves (service_clients.cpp), and clients who send a request again under its
// key: while it runs, after an answer that told them nothing, after one that did, after days. Deterministic
// from the random source.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/engine/command.hpp"
#include "tests/sim/random.hpp"
#include "tests/sim/witness.hpp"
#include "tests/unit/core/engine/model_database.hpp"

namespace qtable::sim {

class clients {
  public:
    clients(random_source& chance, const timeline& time, const test::model_database& tables,
            const witness& seen);

    // The next command, without an address for its answer. `places` may grow by a restaurant that it creates.
    command_envelope next(std::vector<restaurant_id>& places);

    template <class Id>
    Id new_id() {
        uuid made;
        const std::uint64_t number = ++ids_, spread = chance_.next();
        for (unsigned i = 0; i < 8; ++i) {
            made.bytes[i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
            made.bytes[8 + i] = static_cast<std::uint8_t>(spread >> (56 - 8 * i));
        }
        return Id(made);
    }
    // A restaurant with 1–5 tables, pacing or buffers here and there; one in five has none: just slots.
    restaurant new_restaurant();
    // Today, or one of the days after it.
    date any_day() {
        return date{static_cast<std::int32_t>(time_.now().ms / ms_per_day)}.plus_days(chance_.between(0, 2));
    }
    // A request that the person still doesn't know the end of, once more.
    std::optional<command_envelope> repeat(std::uint64_t ticket);
    publish_slots any_slots();

  private:
    command_body any_body(const restaurant_id& where, std::vector<restaurant_id>& places);
    command_body any_staff_body(const restaurant_id& where);
    std::optional<command_body> any_service_body(const restaurant_id& where);
    command_body any_hold(const restaurant_id& where);
    command_body any_serving(const test::model_database::restaurant_tables& stored);
    command_body any_guest(const test::model_database::restaurant_tables& stored);
    table_choice any_tables(const restaurant& config);
    create_reservation any_booking();
    command_body any_change(const restaurant_id& where);
    command_body any_table_change(const restaurant_id& where);
    command_body any_restaurant_change(const restaurant_id& where);
    std::optional<command_envelope> any_retry();
    void put_key(command_envelope& what);
    const reservation* any_reservation(const restaurant_id& where);
    // From five in the afternoon to half past midnight.
    int any_minute() { return 17 * 60 + 30 * chance_.between(0, 15); }
    customer_id any_customer();

    random_source& chance_;
    const timeline& time_;
    const test::model_database& tables_;
    const witness& seen_;
    std::shared_ptr<const zone> zone_ = std::make_shared<const zone>(zone::utc());
    std::uint64_t ids_ = 0;
    std::map<customer_id, int> keys_;  // each person's device counts its own
    std::vector<std::uint64_t> keyed_tickets_;
    std::deque<std::pair<restaurant_id, create_hold>> holds_;  // asked for lately

  public:
    // The next command's ticket was given by the simulation.
    void remember_keyed(std::uint64_t ticket) { keyed_tickets_.push_back(ticket); }
};

}  // namespace qtable::sim
