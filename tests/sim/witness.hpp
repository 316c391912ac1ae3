// Sees everything that the simulated server says and holds it against the model database. The first
// contradiction is kept as `failure`. What it believes:
// - a command is answered once, and in the end always; what was acknowledged is stored, what was refused is
// not;
// - one Idempotency-Key makes one reservation;
// - events are told once, without holes, only when they are stored;
// - no table is taken twice, in memory or in the model; memory keeps its own invariants;
// - published words never offer more than the committed state that was told allows, and are exact when
// nothing is on its
//   way, holds counted in; a subscriber who applies the events that it hears knows exactly what the words say
//   then;
// - a table is occupied if and only if a guest sits there, in memory and in the model; what the log says of a
//   guest last is what its row says.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/engine/engine.hpp"
#include "tests/sim/timeline.hpp"
#include "tests/unit/core/engine/model_database.hpp"

namespace qtable::sim {

class witness {
  public:
    explicit witness(const test::model_database& tables) : tables_(tables) {}

    struct asked_command {
        command_envelope what;
        bool is_lost = false;  // its core crashed: no answer comes
        std::optional<reply> answer;
    };

    void submitted(const command_envelope& what);
    void answered(std::uint64_t ticket, const reply& what);
    void told(const released_event& what, const live_restaurant& live);
    void must_read_anew(const live_restaurant& live);
    void adopted(const owned_restaurant& owned);
    void crashed(std::uint32_t core);
    // Its owner was told that others wrote: once it is quiet it knows all that is stored by now.
    void rang(const restaurant_id& id);

    // After a step. A restaurant that looks as it did before is looked into now and then only.
    void check_changed(const owned_restaurant& owned);
    void check(const owned_restaurant& owned);
    // When all is quiet: everything is answered, memory is what the database has.
    void check_all_answered();
    void check_equal(const owned_restaurant& owned);

    void fail(const std::string& why) {
        if (!failure) failure = why;
    }
    void expect(bool holds, const std::string& otherwise) {
        if (!holds) fail(otherwise);
    }

    const std::map<std::uint64_t, asked_command>& commands() const noexcept { return asked_; }
    std::uint64_t hash() const noexcept { return hash_; }

    std::optional<std::string> failure;
    std::uint64_t accepted = 0, refused = 0, uncertain = 0, resyncs = 0, events = 0;
    std::uint64_t seatings = 0, holds_made = 0, flagged = 0;  // told

  private:
    using place = std::tuple<date, int, int>;  // day, minute, party size
    using offers = std::map<place, int>;       // tables, where there are any
    struct subscriber {
        std::int64_t seq = 0;
        offers known;
        bool may_miss = false;  // it was told to read anew: the next seq may be any later one
    };
    struct reference {
        std::int64_t seq = -1;
        offers allowed;
        bool has_combinations = false;
    };

    void check_acknowledged(const asked_command& asked);
    void check_refused(const asked_command& asked);
    using outline = std::tuple<std::int64_t, std::int64_t, std::size_t, std::size_t, int>;

    void check_service_acknowledged(const asked_command& asked, const std::string& ticket);
    const reference& reference_of(const restaurant_id& id);
    // What the committed state allows, besides what these hold.
    offers allowed_beside(const restaurant_id& id, const std::vector<hold>& held);
    void check_tables_shown(const owned_restaurant& owned);
    void check_guests_equal(const owned_restaurant& owned);
    static offers read(const live_restaurant& live);
    void mix(std::uint64_t value) noexcept { hash_ = (hash_ ^ value) * 0x100000001b3ULL; }
    void mix(const std::string& text) noexcept {
        for (const char each : text) mix(static_cast<unsigned char>(each));
    }

    const test::model_database& tables_;
    std::map<std::uint64_t, asked_command> asked_;  // by ticket
    std::map<restaurant_id, subscriber> subscribers_;
    std::map<restaurant_id, reference> references_;
    std::map<restaurant_id, outline> outlines_;
    std::map<restaurant_id, std::int64_t> rung_;  // what was stored then
    std::uint64_t checks_ = 0;
    std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

}  // namespace qtable::sim
