// All capacity of one restaurant: who sits where and when, what staff published, and what other cores see of
// it. Owner core only, one command after the other; time is an argument. `publish` is the one way out to
// other cores. Two phases for what gives capacity back: a cancel or a move decided now keeps the old capacity
// taken until `commit_release`, after the database committed it. Readers may see too little for a moment,
// never too much. Invariants (check_invariants): no table at one time under two bookings; occupancy, pacing
// and indexes are exactly the sum of the claims; no slot below zero.
#pragma once

#include <boost/container/flat_map.hpp>
#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/inventory/claim.hpp"
#include "core/inventory/feasibility.hpp"
#include "core/inventory/live_restaurant.hpp"
#include "core/inventory/occupancy.hpp"
#include "core/inventory/pacing.hpp"
#include "core/inventory/restaurant_view.hpp"
#include "core/inventory/slot_layer.hpp"
#include "core/model/reservation.hpp"

namespace qtable {

// Names one release that waits for its commit.
struct release_ticket {
    uuid key;                  // the reservation's id, or the claim's key
    std::uint64_t number = 0;  // unique within the inventory
};

struct availability_change {
    qtable::date date;
    int minute = 0;  // 0–2879
    int party_size = 0;
    int available_tables = 0;
    bool is_available = false;
    std::optional<slot_id> slot;
};

struct publication {
    std::vector<availability_change> changes;  // cells whose published value changed
    // The first publication, or hours, tables, rules or the pause changed: no cells are listed then, all may
    // be new.
    bool everything_changed = false;
};

class inventory {
  public:
    explicit inventory(std::shared_ptr<const restaurant_view> view);
    ~inventory();
    inventory(inventory&&) noexcept;
    inventory& operator=(inventory&&) noexcept;

    const restaurant_view& view() const noexcept { return *view_; }
    // After a change of configuration. Reservations keep their tables.
    void reconfigure(std::shared_ptr<const restaurant_view> view);
    // Whether a reservation, hold or walk-in takes the table at or after `from`.
    bool table_in_use(const table_id& table, instant from) const noexcept;

    // ---- questions
    // `minute` 0–1439, as it stands on the wire; `invalid_local_time` inside a DST gap. A time that is no
    // start comes back as one without room: check() then answers `closed`.
    result<day_start> start_at(date day, int minute) const noexcept;
    // The one feasibility function (core/inventory/feasibility.hpp), with a clock and what is taken now.
    verdict check(const ask& wanted) const noexcept;
    std::vector<table_id> tables_of(const verdict& answer) const;  // sorted
    // The nearest bookable starts of that business day, nearest first, the earlier one at equal distance.
    struct alternative {
        int minute = 0;
        instant starts_at;
        instant ends_at;
        int available_tables = 0;
    };
    std::vector<alternative> alternatives(const ask& wanted,
                                          std::size_t max_count = limits::alternatives) const;

    // ---- questions of the floor: parties seated now, tables named by staff (`ignoring` as in ask)
    // All exist, are in service and free for that time.
    bool tables_free(std::span<const table_id> tables, instant from, instant until,
                     const std::optional<uuid>& ignoring) const noexcept;
    // Whether the party fits: one table by its own limits; several by those of the combination that they
    // are, or else together. The oversize cap is for what is chosen, not for what is named. False for none,
    // an unknown one or one named twice.
    bool fits(std::span<const table_id> tables, int party_size) const noexcept;
    // Out of `allowed`, what a booking would be given for [from, until): sorted ids of a table or a
    // combination. Parties above the rules' largest are seated too where they fit.
    std::optional<std::vector<table_id>> choose_tables(int party_size, instant from, instant until,
                                                       std::span<const table_id> allowed,
                                                       const std::optional<uuid>& ignoring) const;
    // When the next claim on any of them begins, at or after `from`: `from` itself when one is taken then,
    // `far_future` when none is ever.
    instant free_until(std::span<const table_id> tables, instant from,
                       const std::optional<uuid>& ignoring) const noexcept;
    static constexpr instant far_future{253'402'300'799'000};  // the last second of the year 9999
    // `pacing` or nothing, for a party that would start then.
    reasons pacing_reasons(instant starts_at, int party_size, booking_channel channel,
                           const std::optional<uuid>& ignoring) const noexcept;
    // The first confirmed reservation that takes the table and whose claim ends after `from`: a party that
    // is late is still the next one, a seated one is not. For all tables at once: next_on_each.
    const reservation* next_on(const table_id& table, instant from) const noexcept;
    // The same of every table that has one whose claim begins before `until`.
    boost::container::flat_map<table_id, const reservation*> next_on_each(instant from, instant until) const;

    // ---- reservations that take capacity
    void take(const reservation& r);   // tables are taken, its slot counts down
    void restore(reservation&& r);     // at boot: the stored slot has counted down already; overlaps show
                                       // in check_restored
    void amend(const reservation& r);  // same capacity, other details (status, requests, guest)
    // The old capacity stays taken until commit_release. find() gives the new reservation, or none after a
    // release. What it takes is blocks_from–blocks_until at its tables: for a party that is seated early,
    // late or elsewhere that isn't around starts_at–ends_at any more; pacing counts it by starts_at.
    release_ticket begin_move(const reservation& r);  // r.id is in; tables, time, party or slot may differ
    release_ticket begin_release(const reservation_id& id);
    void commit_release(const release_ticket& ticket);

    // ---- other claims: holds and walk-ins (claim_of), by a key of their own. A slot's stored number stays
    // as it is: what a claim takes of it is just not offered.
    void take_claim(const uuid& key, const capacity_claim& claim);
    void restore_claim(const uuid& key, const capacity_claim& claim);  // at boot, as restore()
    // At once: a hold, which nothing durable knows of, and that expires or becomes a reservation, which may
    // take the same place then.
    void release_claim(const uuid& key);
    // Walk-ins: the old capacity stays taken until commit_release. find_claim() gives the new claim, or none.
    release_ticket begin_move_claim(const uuid& key, const capacity_claim& claim);
    release_ticket begin_release_claim(const uuid& key);
    const capacity_claim* find_claim(const uuid& key) const noexcept;

    const reservation* find(const reservation_id& id) const noexcept;  // good until the next change
    // One of that customer's reservations that overlaps [from, until).
    const reservation* find_overlapping(const customer_id& customer, instant from, instant until,
                                        const std::optional<reservation_id>& ignoring) const noexcept;
    std::vector<const reservation*> reservations_on(date day) const;  // by start, then id
    std::size_t reservation_count() const noexcept { return reservation_count_; }
    template <class Visit>
    void for_each_reservation(Visit&& visit) const {  // in no order
        for (const auto& [key, each] : bookings_) {
            if (each->active) visit(*each->active);
        }
    }

    // ---- published slots
    // Sets `available_tables` as given: what is left from now on. take/begin_release change it and its
    // version.
    void upsert_slot(const slot& value);
    bool remove_slot(const slot_id& id);
    const slot* find_slot(const slot_id& id) const noexcept;  // as the database will have it
    const slot* find_slot(date day, int minute, int party_size) const noexcept;
    std::vector<slot> slots_on(date day) const;

    // ---- other cores
    // Publishes what changed since the last time. What was replaced is appended to `out`.
    publication publish(live_restaurant& live, std::vector<retired>& out);
    // Days that are over: their slots and boards go.
    void forget_before(date day);
    // Before this inventory is dropped for a reloaded one: hands over all that readers may still look at.
    void withdraw(std::vector<retired>& out);

    // What is wrong. For the tests and the simulation: everything, computed the slow way.
    std::optional<std::string> check_invariants() const;
    // The same for an inventory that was just filled by restore: quick when all is well.
    std::optional<std::string> check_restored() const;
    // Before many are restored.
    void expect(std::size_t reservations);
    struct memory_use {
        std::size_t occupancy_bytes = 0, occupancy_days = 0, board_bytes = 0, boards = 0, slot_bytes = 0,
                    pacing_bytes = 0;
    };
    memory_use memory() const noexcept;

  private:
    struct pending_release {
        std::uint64_t number = 0;
        capacity_claim claim;
    };
    // All claims under one key: the present one, a reservation's or another's, and those that wait for
    // their commit.
    struct booking {
        std::optional<reservation> active;
        std::optional<capacity_claim> held;
        std::vector<pending_release> pending;
    };
    struct dirty_day {
        instant from, until;  // starts in here are computed again
        bool starts_changed = false;
    };

    booking* find_booking(const uuid& key) noexcept;
    const booking* find_booking(const uuid& key) const noexcept;
    template <class Visit>
    static void for_each_claim(const booking& of, Visit&& visit);

    // Capacity as `own` sees it: its own claims don't count. `own` may be null.
    bool is_free(table_index table, instant from, instant until, const booking* own) const noexcept;
    table_set free_tables(instant from, instant until, const booking* own) const noexcept;
    pacing_load pacing_at(instant starts_at, const booking* own) const noexcept;
    std::optional<slot_offer> offer_at(date day, int minute, int party_size,
                                       const booking* own) const noexcept;

    booking& new_holder(const uuid& key);
    void occupy(const booking& of, const capacity_claim& claim, bool trusted);
    void vacate(const booking& of, const capacity_claim& claim);
    void hold_claim(const uuid& key, const capacity_claim& claim, bool trusted);
    void keep_back(const capacity_claim& claim, int units);
    void count_down(const reservation& r);
    release_ticket set_aside(const uuid& key, booking& of);
    void index(const reservation& r);
    void unindex(const reservation& r);

    // What has to be published again.
    void mark(const capacity_claim& claim);
    void mark(const slot& value, bool starts_changed);
    void mark(date day, instant from, instant until, bool starts_changed);
    void mark_all();
    int longest_stay_min() const noexcept;  // the longest turn with the buffer after it

    std::vector<day_start> starts_on(date day) const;
    int count_bound(date day) const noexcept;
    int board_party_sizes(date day) const noexcept;
    bool needs_board(date day, const std::vector<day_start>& starts) const noexcept;
    std::shared_ptr<day_board> make_board(date day, const std::vector<day_start>& starts) const;
    void fill(day_board& board) const;
    // `changes` may be null: nobody is told what changed. The half hours that turned.
    std::uint64_t compute(day_board& board, std::size_t first, std::size_t last,
                          std::vector<availability_change>* changes) const;
    void publish_day(date day, const dirty_day& what, std::vector<retired>& out,
                     std::vector<availability_change>* changes);
    void publish_index(live_restaurant& live, std::vector<retired>& out);
    void show_refusals(live_restaurant& live, std::vector<retired>& out);
    void show_sold_out(const day_board& board, std::uint64_t half_hours, std::vector<retired>& out);

    std::shared_ptr<const restaurant_view> view_;
    occupancy occupancy_;
    pacing_counts pacing_;
    slot_layer slots_;
    boost::unordered_flat_map<uuid, std::unique_ptr<booking>, id_hash> bookings_;
    boost::unordered_flat_map<customer_id, boost::container::small_vector<reservation_id, 1>, id_hash>
        by_customer_;
    boost::unordered_flat_map<std::int32_t, std::vector<reservation_id>> by_date_;
    std::size_t reservation_count_ = 0;
    std::uint64_t next_ticket_ = 1;
    bool is_doubtful_ = false;  // something was restored on top of another, or at a table that is unknown

    // What is published: boards by day, the index over them, and the view that they were computed with.
    boost::container::flat_map<date, std::shared_ptr<day_board>> boards_;
    std::shared_ptr<const board_index> published_index_;
    std::shared_ptr<const restaurant_view> published_view_;
    boost::container::flat_map<date, dirty_day> dirty_;
    bool index_changed_ = true;
    date forgotten_before_{std::numeric_limits<std::int32_t>::min()};
    // Where search is told what is refused, once all of it was; and what of it is to be told again.
    refusal_place refusals_;
    bool week_changed_ = true;
};

}  // namespace qtable
