// The waitlist's view of the floor: what it looks like now, and how long each party will wait.
#include <algorithm>
#include <map>

#include "core/engine/decide_party.hpp"

namespace qtable::deciding {

namespace {

// The end of the opening that is on, or of the next one; none without hours.
std::optional<instant> closing_after(const context& in) {
    const restaurant_view& view = in.stock().view();
    const date today = in.where().local_at(in.now).date;
    std::optional<instant> next;
    for (int day = -1; day <= 7 && !next; ++day) {
        view.opening->for_each_start(today.plus_days(day), [&](const day_start& each) {
            if (next || each.room_min == opening_plan::endless_room) return;
            const instant closes = each.starts_at.plus_minutes(each.room_min);
            if (closes > in.now) next = closes;
        });
    }
    return next;
}

void add_blocks(const context& in, floor_now& floor) {
    std::map<table_id, std::size_t> place;
    const std::vector<table>& tables = in.config().tables;
    for (std::size_t i = 0; i < tables.size(); ++i) place[tables[i].id] = i;
    const auto block = [&](const std::vector<table_id>& at, instant from, instant until) {
        if (until <= in.now) return;
        for (const table_id& id : at) {
            const auto found = place.find(id);
            if (found != place.end()) floor.tables[found->second].blocks.push_back({from, until});
        }
    };
    const date today = in.where().local_at(in.now).date;
    for (int day = -1; day <= 1; ++day) {
        for (const reservation* r : in.stock().reservations_on(today.plus_days(day))) {
            if (r->status == reservation_status::confirmed) block(r->tables, r->blocks_from, r->blocks_until);
        }
    }
    for (const auto& [customer, held] : in.target.holds) {
        if (held.expires_at > in.now) block(held.tables, held.blocks_from, held.blocks_until);
    }
    for (floor_now::seat& each : floor.tables) {
        std::sort(each.blocks.begin(), each.blocks.end(), [](const auto& a, const auto& b) {
            return a.from != b.from ? a.from < b.from : a.until < b.until;
        });
    }
}

floor_now look_at_floor(const context& in) {
    const restaurant& config = in.config();
    floor_now floor;
    floor.now = in.now;
    floor.closes_at = closing_after(in);
    floor.oversize_cap = config.rules.oversize_cap;
    for (const table& each : config.tables) {
        floor_now::seat made;
        made.capacity = each.capacity;
        made.min_party = each.min_party;
        made.is_in_service = each.status != table_status::out_of_service;
        made.is_dirty = each.status == table_status::dirty;
        const guest* seated = each.current_guest_id ? find_guest(in, *each.current_guest_id) : nullptr;
        if (seated != nullptr && seated->seated_at) {
            made.seated_at = seated->seated_at;
            made.party_size = seated->party_size;
            made.turn_min = config.rules.turn_time_min(seated->party_size);
        }
        floor.tables.push_back(std::move(made));
    }
    for (const table_combination& each : config.combinations) {
        floor_now::pair made;
        made.capacity = each.capacity;
        made.min_party = each.min_party;
        for (const table_id& id : each.table_ids) {
            const table* member = find_table(config, id);
            if (member != nullptr) made.tables.push_back(static_cast<int>(member - config.tables.data()));
        }
        floor.combinations.push_back(std::move(made));
    }
    add_blocks(in, floor);
    return floor;
}

std::vector<waiting_party> parties_of(const context& in, const std::vector<const guest*>& waiting) {
    std::vector<waiting_party> parties;
    for (const guest* each : waiting)
        parties.push_back({each->party_size, in.config().rules.turn_time_min(each->party_size)});
    return parties;
}

}  // namespace

std::vector<const guest*> waiting_guests(const owned_restaurant& target) {
    std::vector<const guest*> waiting;
    for (const auto& [id, each] : target.guests) {
        if (each.is_waiting()) waiting.push_back(&each);
    }
    std::sort(waiting.begin(), waiting.end(), [](const guest* a, const guest* b) {
        return a->created_at != b->created_at ? a->created_at < b->created_at : a->id < b->id;
    });
    return waiting;
}

std::vector<wait_estimate> estimate_all(const context& in, const std::vector<const guest*>& waiting) {
    if (waiting.empty()) return {};
    return estimate_waits(look_at_floor(in), parties_of(in, waiting), in.target.learned);
}

std::optional<wait_estimate> estimate_of(const context& in, const guest_id& id) {
    const std::vector<const guest*> waiting = waiting_guests(in.target);
    const auto found =
        std::find_if(waiting.begin(), waiting.end(), [&id](const guest* each) { return each->id == id; });
    if (found == waiting.end()) return std::nullopt;
    return estimate_all(in, waiting)[static_cast<std::size_t>(found - waiting.begin())];
}

std::vector<wait_quote> quotes(const context& in, const std::vector<int>& party_sizes) {
    const floor_now floor = look_at_floor(in);
    const std::vector<waiting_party> ahead = parties_of(in, waiting_guests(in.target));
    std::vector<wait_quote> told;
    for (const int size : party_sizes) {
        const waiting_party wanted{size, in.config().rules.turn_time_min(size)};
        told.push_back({size, quote_wait(floor, ahead, wanted, in.target.learned)});
    }
    return told;
}

}  // namespace qtable::deciding
