// Core's journal over PostgreSQL: a batch becomes one unit of a few multi-row statements, an outcome becomes
// what the commit gate must know, and restaurants are read back whole. One per core, with two connections of
// that core: one that only writes (depth 1: nothing may run after a failed batch), one for loads and the
// doorbell.
//
// Owner: the core. Callbacks run from its event loop, exactly once, never from inside a call; those that are
// open when the journal goes are answered when its connections close. The connections must outlive it.
// Bounds: one batch at a time, retried at most `limits::journal_retries` times when the server says 40001 or
// 40P01. Invariant: receipts and log rows are written first, in key order. They are the fence: a second
// writer of the same restaurant waits there for the first one and then fails, before it has touched anything
// else.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/ports.hpp"
#include "storage/pg/pg_connection.hpp"

namespace qtable::storage {

// nullptr for a name that is not known. Never reads a file: it is called on a core.
using zone_finder = std::function<std::shared_ptr<const zone>(std::string_view name)>;

struct journal_options {
    // Names this writer to other nodes, and to PostgreSQL: unique per process and core, at most 30 of
    // [a-z0-9-]. The writing connection must have `pg_journal::application_name(writer)`: by it a probe
    // finds, and ends, the session that a lost connection may have left behind in the middle of a commit.
    std::string writer;
    std::function<bool()> is_heard;  // whether other nodes want a NOTIFY after each commit; empty: no
    std::function<instant()> clock;  // how far back load() reaches
    std::uint64_t jitter_seed = 1;
};

class pg_journal final : public journal {
  public:
    static constexpr const char* doorbell_channel = "qtable_events";

    static std::string application_name(std::string_view writer);

    pg_journal(boost::asio::io_context& io, pg_connection& writes, pg_connection& loads, zone_finder zones,
               journal_options options);
    ~pg_journal() override;
    pg_journal(const pg_journal&) = delete;
    pg_journal& operator=(const pg_journal&) = delete;

    std::uint64_t writer() const noexcept override;
    bool available() const noexcept override;
    void write(std::shared_ptr<const batch> what, std::function<void(batch_result)> done) override;
    void probe(const logged_event& marker, std::function<void(batch_outcome)> done) override;
    // Images come in the order of `which`. `events_since` holds the newest `limits::events_per_resume` at
    // most: where more were missed its first seq isn't since_seq + 1. A restaurant whose time zone is not
    // known doesn't exist.
    void load(std::vector<load_request> which,
              std::function<void(result<std::vector<restaurant_image>>)> done) override;
    void load_events(restaurant_id restaurant, std::int64_t since_seq, bool is_public,
                     std::function<void(result<std::vector<logged_event>>)> done) override;

  private:
    class impl;
    std::shared_ptr<impl> impl_;
};

// What a doorbell says: who rang, and which restaurants have new log rows; `everything` when they were too
// many to name.
struct doorbell {
    std::string_view writer;
    bool everything = false;
    std::vector<restaurant_id> restaurants;
};
std::string format_doorbell(std::string_view writer, const std::vector<restaurant_id>& restaurants);
// `everything` for a payload that it can't read.
doorbell parse_doorbell(std::string_view payload);

}  // namespace qtable::storage
