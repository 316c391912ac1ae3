// The outside of the engine, as the engine sees it. Implemented in storage, proto and net, wired by the
// program, faked by the tests. Every asynchronous call is answered exactly once, on the calling core, never
// from inside the call.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/engine/batch.hpp"
#include "core/engine/pictures.hpp"
#include "core/engine/reply.hpp"
#include "core/inventory/inventory.hpp"
#include "core/inventory/live_restaurant.hpp"

namespace qtable {

// Wall-clock time, for deciding what waited; the engine reads it nowhere else.
class wall_clock {
  public:
    virtual ~wall_clock() = default;
    virtual instant now() const noexcept = 0;
    // Monotonic readings for measuring alone, nothing is decided by them; 0 where nobody measures. The first
    // is a reading that was taken already (the begin of the turn), the second one of this moment.
    virtual std::int64_t turn_ns() const noexcept { return 0; }
    virtual std::int64_t mark_ns() const noexcept { return 0; }
};

// Makes batches durable and reads restaurants back. One per core.
class journal {
  public:
    virtual ~journal() = default;
    // Tells this writer from all others on the same database: what the engine commands itself is known by it.
    virtual std::uint64_t writer() const noexcept { return 0; }
    // False while there is no database: writes are refused at once then.
    virtual bool available() const noexcept = 0;
    // One batch at a time. Answered `committed` only when it is durable.
    virtual void write(std::shared_ptr<const batch> what, std::function<void(batch_result)> done) = 0;
    // After an unknown outcome: whether the log row of that batch is there. Waits for a connection for at
    // most `limits::database_gone_answer_ms`; `unavailable` then. Only `committed` and `conflict` (not there)
    // are certain.
    virtual void probe(const logged_event& marker, std::function<void(batch_outcome)> done) = 0;
    struct load_request {
        restaurant_id restaurant;
        std::int64_t since_seq = 0;
        // Memory is as the log was at `since_seq`: that row is wanted, those after it, and what they are
        // about.
        bool only_changes = false;
    };
    // Error: the database is away; `overloaded`: others write to it faster than it can be read whole.
    virtual void load(std::vector<load_request> which,
                      std::function<void(result<std::vector<restaurant_image>>)> done) = 0;
    // Rows of the log after `since_seq` (of the public stream when `is_public`), at most
    // `limits::events_per_resume`.
    virtual void load_events(restaurant_id restaurant, std::int64_t since_seq, bool is_public,
                             std::function<void(result<std::vector<logged_event>>)> done) = 0;
};

// JSON of what goes into receipts, answers and the log. Pure.
class renderer {
  public:
    virtual ~renderer() = default;
    virtual std::string reservation_json(const reservation& what, const zone& local_zone) const = 0;
    virtual std::string slot_json(const restaurant_id& restaurant, const slot& what) const = 0;
    virtual std::string slots_json(const restaurant_id& restaurant,
                                   std::span<const slot> what) const = 0;  // {"items":[…]}
    virtual std::string table_json(const restaurant_id& restaurant, const table& what) const = 0;
    virtual std::string restaurant_json(const restaurant& what) const = 0;
    virtual std::string combination_json(const restaurant_id& restaurant,
                                         const table_combination& what) const = 0;
    virtual std::string tables_json(const restaurant_id& restaurant,
                                    std::span<const table> what) const = 0;  // {"items":[…]}
    virtual std::string special_day_json(const special_day& what) const = 0;
    virtual std::string rules_json(const restaurant& what) const = 0;
    virtual std::string staff_member_json(const restaurant_id& restaurant,
                                          const staff_member& what) const = 0;
    virtual std::string review_json(const review& what) const = 0;
    // `wait` (may be null): of a party that is waiting now.
    virtual std::string guest_json(const restaurant_id& restaurant, const guest& what,
                                   const wait_estimate* wait) const = 0;
    virtual std::string guests_json(const restaurant_id& restaurant, std::span<const guest_line> what,
                                    const std::optional<guest_id>& next) const = 0;  // a page
    virtual std::string hold_json(const hold& what, const zone& local_zone) const = 0;
    virtual std::string holds_json(std::span<const hold> what, const zone& local_zone) const = 0;
    virtual std::string floor_json(const floor_picture& what) const = 0;
    virtual std::string dashboard_json(const dashboard_picture& what) const = 0;
    virtual std::string wait_quotes_json(const restaurant_id& restaurant, instant at,
                                         std::span<const wait_quote> what) const = 0;
    // Of a deleted thing, for the log: {"id", "deleted": true}.
    virtual std::string deleted_json(const uuid& what) const = 0;
    // What the log keeps of availability_updated: {"date","from","until"}, or {"date":null} for everything.
    virtual std::string window_json(const std::optional<availability_window>& window) const = 0;
};

// A committed change of a restaurant that others must hear of.
struct released_event {
    logged_event what;
    std::uint64_t epoch = 0;
    // availability_updated: the new values, all of one business day. None when they were told before, with
    // another event.
    std::vector<availability_change> changes;
    // The values aren't in `changes`: read them for the window in `what.data`.
    bool is_value_unknown = false;
    std::int64_t committed_ns = 0;  // `wall_clock::mark_ns` when its commit was known
};

struct customer_notice {
    customer_id customer;
    customer_event_type type = customer_event_type::reservation_confirmed;
    restaurant_id restaurant;
    instant at;
    std::string data;
    std::int64_t committed_ns = 0;  // as of a released event
};

// Where what was committed goes. Called on the owner's core, in order of commit.
class released_sink {
  public:
    virtual ~released_sink() = default;
    virtual void answer(const reply_address& to, reply&& what) = 0;
    virtual void event(const released_event& what, live_restaurant& live) = 0;
    virtual void notice(customer_notice&& what) = 0;
    // So many restaurants more (or fewer) whose readers may be offered what is taken: a batch of theirs may
    // have taken effect, and they are not read again yet.
    virtual void behind(int /*change*/) {}
    // A reservation as it is stored now. May be told again.
    virtual void booked(const reservation& /*what*/) {}
    // What was told of its availability no longer holds, or more of its log was missed than can be told:
    // subscribers have to read anew. The next event may follow with a gap in seq.
    virtual void resync(live_restaurant& /*live*/) {}
    // A restaurant appeared, its configuration changed, or it is gone (its view is null): every core's
    // directory and the catalogue follow. Until `confirmed` is called the answers of the commands that caused
    // it wait, so that a client reads what it wrote.
    virtual void configured(live_restaurant& live, std::function<void()> confirmed) = 0;
    // Freed once every core has passed a message round: readers hold such pointers only inside one turn.
    virtual void retire(std::vector<std::shared_ptr<const void>>&& what) = 0;
};

}  // namespace qtable
