#include "core/engine/compare.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace qtable {

namespace {

class report {
  public:
    explicit report(const restaurant_id& of) : of_(to_string(of)) {}

    void add(std::string_view what, const uuid& which, std::string_view how) {
        std::string line = "restaurant " + of_ + ", ";
        line += what;
        if (!which.is_nil()) (line += ' ') += to_string(which);
        (line += ": ") += how;
        lines.push_back(std::move(line));
    }

    std::vector<std::string> lines;

  private:
    std::string of_;
};

std::string versions(std::int64_t memory, std::int64_t stored) {
    return "version " + std::to_string(memory) + " in memory, " + std::to_string(stored) + " in the database";
}

// Whatever a booking needs: the version says that the rest was written by the same command.
bool is_same(const reservation& one, const reservation& other) noexcept {
    return one.version == other.version && one.status == other.status && one.tables == other.tables &&
           one.slot == other.slot && one.blocks_from == other.blocks_from &&
           one.blocks_until == other.blocks_until && one.party_size == other.party_size &&
           one.customer == other.customer;
}

bool is_same(const guest& one, const guest& other) noexcept {
    return one.version == other.version && one.status == other.status && one.tables == other.tables &&
           one.blocks_from == other.blocks_from && one.blocks_until == other.blocks_until &&
           one.party_size == other.party_size;
}

bool is_same(const slot& one, const slot& other) noexcept {
    return one.version == other.version && one.available_tables == other.available_tables &&
           one.date == other.date && one.minute == other.minute && one.party_size == other.party_size;
}

template <class Thing>
void compare_one(report& to, std::string_view what, const Thing* memory, const Thing& stored) {
    if (memory == nullptr) {
        to.add(what, stored.id, "not in memory, " + versions(0, stored.version));
    } else if (!is_same(*memory, stored)) {
        to.add(what, stored.id, "differs: " + versions(memory->version, stored.version));
    }
}

void compare_reservations(report& to, const owned_restaurant& memory, const restaurant_image& stored,
                          date today) {
    boost::unordered_flat_map<reservation_id, bool, id_hash> known;
    for (const reservation& each : stored.reservations) {
        known.emplace(each.id, true);
        if (each.date < today) continue;
        const auto closed = memory.closed.find(each.id);
        const reservation* const mine =
            closed != memory.closed.end() ? &closed->second : memory.stock->find(each.id);
        compare_one(to, "reservation", mine, each);
    }
    const auto only_here = [&](const reservation& each) {
        if (each.date >= today && !known.contains(each.id))
            to.add("reservation", each.id, "in memory, not in the database");
    };
    memory.stock->for_each_reservation(only_here);
    for (const auto& [id, each] : memory.closed) only_here(each);
}

void compare_guests(report& to, const owned_restaurant& memory, const restaurant_image& stored) {
    boost::unordered_flat_map<guest_id, bool, id_hash> known;
    for (const guest& each : stored.guests) {
        known.emplace(each.id, true);
        if (!each.is_open()) continue;
        const auto mine = memory.guests.find(each.id);
        compare_one(to, "guest", mine != memory.guests.end() ? &mine->second : nullptr, each);
    }
    for (const auto& [id, each] : memory.guests) {
        if (each.is_open() && !known.contains(id)) to.add("guest", id, "in memory, not in the database");
    }
}

void compare_slots(report& to, const owned_restaurant& memory, const restaurant_image& stored, date today) {
    for (const slot& each : stored.slots) {
        if (each.date >= today) compare_one(to, "slot", memory.stock->find_slot(each.id), each);
    }
}

void compare_configuration(report& to, const owned_restaurant& memory, const restaurant_image& stored) {
    const restaurant& mine = *memory.stock->view().config;
    if (mine.version != stored.what.version)
        to.add("its configuration", {}, versions(mine.version, stored.what.version));
    if (mine.tables.size() != stored.what.tables.size()) {
        to.add("its tables", {},
               std::to_string(mine.tables.size()) + " in memory, " +
                   std::to_string(stored.what.tables.size()) + " in the database");
    }
    for (const table& each : stored.what.tables) {
        const auto same = std::find_if(mine.tables.begin(), mine.tables.end(),
                                       [&each](const table& one) { return one.id == each.id; });
        if (same == mine.tables.end()) {
            to.add("table", each.id, "not in memory");
        } else if (same->version != each.version || same->status != each.status ||
                   same->current_guest_id != each.current_guest_id) {
            to.add("table", each.id, "differs: " + versions(same->version, each.version));
        }
    }
}

}  // namespace

bool is_comparable(const owned_restaurant& memory, const restaurant_image& stored) noexcept {
    const bool is_settled = memory.now == owned_restaurant::state::ready && memory.undecided == 0 &&
                            memory.waiting.empty() &&
                            memory.behind_with == owned_restaurant::outdated::nothing;
    return is_settled && (!memory.exists() || memory.log.released_seq() == stored.last_seq);
}

std::vector<std::string> differences(const owned_restaurant& memory, const restaurant_image& stored,
                                     instant now) {
    report made(memory.id);
    if (memory.exists() != stored.exists) {
        made.add("as a whole", {},
                 stored.exists ? "in the database, not served" : "in memory, not in the database");
        return std::move(made.lines);
    }
    if (!stored.exists) return {};
    if (memory.log.epoch() != stored.log_epoch)
        made.add("its log", {}, "another epoch in memory than in the database");
    const date today = memory.stock->view().zone->local_at(now).date;
    compare_configuration(made, memory, stored);
    compare_reservations(made, memory, stored, today);
    compare_guests(made, memory, stored);
    compare_slots(made, memory, stored, today);
    if (auto wrong = memory.stock->check_invariants()) made.add("its memory", {}, *wrong);
    return std::move(made.lines);
}

}  // namespace qtable
