// Sees everything that the simulated server says, or several on one database, and holds it against the model
// database. The first contradiction is kept as `failure`. What it believes, of every node:
// - a request is answered once, and in the end always, unless its process died; what was acknowledged is
//   stored, what was refused for sure is not; an answer that is told again is the one that was stored;
// - one Idempotency-Key of one person makes one reservation, whichever nodes were asked, and is nobody
//   else's; what was stored under it before is not refused;
// - events are told once, without holes, as they are stored, and only then;
// - an owner that was told of rows of others has read them when it is quiet;
// - no table is taken twice, in memory or in the model; memory keeps its own invariants, slots their caps;
// - published words never offer more than the committed state that was told allows, and are exact when
//   nothing is on its way, holds counted in; a subscriber who applies the events that it hears knows exactly
//   what the words say then;
// - a table is occupied if and only if a guest sits there, in memory and in the model; what the log says of a
//   guest last is what its row says.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "core/engine/engine.hpp"
#include "tests/sim/offers.hpp"
#include "tests/sim/timeline.hpp"
#include "tests/unit/core/engine/model_database.hpp"

namespace qtable::sim {

constexpr std::uint32_t most_nodes = 2;

class witness {
  public:
    witness(const test::model_database& tables, const timeline& time) : tables_(tables), time_(time) {}

    struct asked_command {
        command_envelope what;
        std::uint32_t node = 0;   // that was asked
        bool is_lost = false;     // its process is gone: no answer comes
        bool was_stored = false;  // under its key, before it was sent
        instant at;
        std::optional<reply> answer;
    };

    void submitted(std::uint32_t node, const command_envelope& what);
    void answered(std::uint64_t ticket, const reply& what, bool is_replay);
    void told(std::uint32_t node, const released_event& what, const live_restaurant& live);
    void must_read_anew(std::uint32_t node, const live_restaurant& live);
    void adopted(std::uint32_t node, const owned_restaurant& owned);
    // The process is gone. A stop that was to wait for answers may leave some only when it took too long.
    void crashed(std::uint32_t node);
    void stopped(std::uint32_t node, bool took_too_long);
    // Its owner was told that others wrote: once it is quiet it knows all that is stored by now.
    void rang(std::uint32_t node, const restaurant_id& id);
    // The same, of all up to a seq.
    void must_know(std::uint32_t node, const restaurant_id& id, std::int64_t seq);

    // After an event. A restaurant that looks as it did before is looked into now and then only.
    void check_changed(std::uint32_t node, const owned_restaurant& owned);
    void check(std::uint32_t node, const owned_restaurant& owned);
    void check_model();
    // When all is quiet: everything is answered, memory is what the database has.
    void check_all_answered();
    void check_equal(std::uint32_t node, const owned_restaurant& owned);

    void fail(const std::string& why) {
        if (!failure) failure = why;
    }
    void expect(bool holds, const std::string& otherwise) {
        if (!holds) fail(otherwise);
    }
    // The same where the words are costly to find.
    template <class Otherwise>
    void expect_or(bool holds, Otherwise&& otherwise) {
        if (!holds) fail(otherwise());
    }

    std::size_t asked_count() const noexcept { return asked_.size(); }
    const asked_command& asked(std::uint64_t ticket) const { return asked_[ticket - 1]; }  // 1, 2, …
    std::uint64_t hash() const noexcept { return hash_; }

    std::optional<std::string> failure;
    std::uint64_t accepted = 0, refused = 0, uncertain = 0, replayed = 0, lost = 0, resyncs = 0, events = 0;
    std::uint64_t seatings = 0, holds_made = 0, flagged = 0;  // told

  private:
    using restaurant_tables = test::model_database::restaurant_tables;
    using key_name = std::tuple<uuid, std::string, std::string>;
    using outline = std::tuple<std::int64_t, std::int64_t, std::size_t, std::size_t, int>;
    struct subscriber {
        std::int64_t seq = 0;
        offers known;
        bool may_miss = false;  // it was told to read anew: the next seq may be any later one
    };
    // What is kept of one restaurant: of what is stored, and of what each node makes of it.
    struct stored_restaurant {
        const restaurant_tables* rows = nullptr;
        std::int64_t allowed_seq = -1;  // of the log that `allowed` was worked out at
        date allowed_from;
        offers allowed;
    };
    struct watched {
        stored_restaurant* stored = nullptr;
        std::optional<subscriber> listener;
        shown_offers shown;
        outline before;
        std::int64_t rung = 0;  // what it has to know
    };
    struct key_use {
        std::vector<std::uint64_t> tickets;
    };

    stored_restaurant& stored_of(const restaurant_id& id);
    watched& of(std::uint32_t node, const restaurant_id& id);
    day_span days() const noexcept;
    const offers& read(watched& of, const live_restaurant& live);
    bool is_promised(const command_envelope& what) const;
    void check_acknowledged(const asked_command& asked);
    void check_replayed(const asked_command& asked);
    void check_refused(const asked_command& asked);
    void check_key(const asked_command& asked, errc code);
    void check_one_each(const key_use& key);
    void check_service_acknowledged(const asked_command& asked, const std::string& ticket);
    const offers& allowed_at(stored_restaurant& where, const restaurant_id& id);
    void check_offers(const owned_restaurant& owned, watched& where);
    void check_tables_shown(const owned_restaurant& owned, const restaurant_tables& stored);
    void check_guests_equal(const owned_restaurant& owned);
    void check_reservations_equal(const owned_restaurant& owned, const restaurant_tables& stored);
    void mix(std::uint64_t value) noexcept { hash_ = (hash_ ^ value) * 0x100000001b3ULL; }
    void mix(const std::string& text) noexcept {
        for (const char each : text) mix(static_cast<unsigned char>(each));
    }

    const test::model_database& tables_;
    const timeline& time_;
    std::deque<asked_command> asked_;  // by ticket
    std::map<key_name, key_use> keys_;
    std::unordered_map<restaurant_id, stored_restaurant, id_hash> stored_;
    // Asked for after every event.
    using watched_map = boost::unordered_flat_map<restaurant_id, std::unique_ptr<watched>, id_hash>;
    std::array<watched_map, most_nodes> watched_;
    std::uint64_t checks_ = 0;
    std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

}  // namespace qtable::sim
