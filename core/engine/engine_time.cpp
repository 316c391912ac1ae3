// The engine and time: it looks at a restaurant when something may be due there, and commands what is.
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/base/limits.hpp"
#include "core/engine/engine.hpp"

namespace qtable {

void engine::look_again_at(owned_restaurant& target, std::optional<instant> at) {
    if (target.due == at) return;
    if (target.due) due_.erase({*target.due, target.id});
    target.due = at;
    if (at) due_.emplace(*at, target.id);
}

// What was decided may be due sooner than all that was known. Exact times are found when it is looked at.
void engine::note_due(owned_restaurant& target, const decision& decided) {
    std::optional<instant> first = target.due;
    const auto add = [&first](instant at) { first = first ? std::min(*first, at) : at; };
    for (const reservation& r : decided.reservations) {
        if (r.status == reservation_status::confirmed && !r.late_flagged_at) add(r.starts_at);
    }
    for (const hold_change& change : decided.holds) {
        if (!change.is_gone) add(change.what.expires_at);
    }
    const instant now = clock_.now();
    for (const guest_row& row : decided.guests) {
        if (row.what.is_waiting() && row.what.customer && !row.is_deleted)
            add(std::max(now, target.waits_due));
    }
    if (decided.configuration || decided.everything_changed) add(now);
    look_again_at(target, first);
}

// Its id is made from the restaurant, its log, the time, and who it is that writes: another node may command
// the same at the same moment, and whose row it was is seen by the id.
void engine::tick_now(owned_restaurant& target, instant now) {
    const uuid& of = target.id;
    std::array<std::uint8_t, 10> mixed{};
    const std::uint64_t told = static_cast<std::uint64_t>(target.log.released_seq()) ^ journal_.writer();
    for (std::size_t i = 0; i < mixed.size(); ++i) {
        mixed[i] = of.bytes[6 + i];
        if (i >= 2) mixed[i] = static_cast<std::uint8_t>(mixed[i] ^ (told >> (8 * (9 - i))));
    }
    command_envelope made;
    made.id = command_id(make_uuid_v7(now.ms, mixed));
    made.restaurant = target.id;
    made.body = tick{};
    target.is_tick_pending = true;
    submit(std::move(made));
}

void engine::on_second() {
    const instant now = clock_.now();
    std::erase_if(visited_, [this](const restaurant_id& id) { return let_go(id); });
    std::vector<restaurant_id> looked_at;
    for (const auto& [at, id] : due_) {
        if (at > now) break;
        looked_at.push_back(id);
    }
    for (const restaurant_id& id : looked_at) {
        owned_restaurant& target = *owned_.at(id);
        const bool can_decide = target.now == owned_restaurant::state::ready && journal_.available();
        const auto next = next_due(target, now);
        if (!next || *next > now) {
            look_again_at(target, next);
            continue;
        }
        // Again in a second, should it come to nothing.
        look_again_at(target, now.plus_ms(ms_per_second));
        if (can_decide && !target.is_tick_pending) tick_now(target, now);
    }
}

}  // namespace qtable
