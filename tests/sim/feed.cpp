#include "tests/sim/feed.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/mutant.hpp"

namespace qtable::sim {

feed::feed(outside around, std::uint64_t read_serial)
    : around_(std::move(around)),
      name_(node_name(around_.node)),
      follower_(name_, portion),
      read_serial_(read_serial) {
    around_.server.listeners.push_back(this);
    // It serves before it listens.
    around_.turns.after(around_.server.chance.between(0, 200), [this] { listen(); });
}

feed::~feed() {
    std::erase(around_.server.listeners, this);
}

void feed::listen() {
    if (!around_.server.is_up) {
        around_.turns.after(100, [this] { listen(); });
        return;
    }
    is_listening_ = true;
    say_we_are_here();
    sweep(follower_.sweep_all());
}

void feed::lose_connection() {
    if (!std::exchange(is_listening_, false)) return;
    around_.server.tell([this] { return name_ + " hears no bells any more"; });
    around_.turns.after(around_.server.chance.between(20, 600), [this] { listen(); });
}

void feed::act(const node_follower::steps& next) {
    if (next.says_here) say_we_are_here();
    sweep(next.sweeps_after);
}

void feed::say_we_are_here() {
    around_.turns.after(around_.server.chance.between(0, 5), [this] { around_.server.say(name_); });
}

// Nobody is listened to on a connection that is gone.
void feed::rung(const std::string& writer, const std::vector<restaurant_id>& restaurants) {
    if (!is_listening_) return;
    around_.turns.after(around_.server.bell_delay_ms(),
                        [this, writer, restaurants] { hear(writer, restaurants); });
}

void feed::is_there(const std::string& node) {
    if (!is_listening_) return;
    around_.turns.after(around_.server.bell_delay_ms(),
                        [this, node] { act(follower_.on_heard_of(node, around_.server.time.now().ms)); });
}

void feed::hear(const std::string& writer, const std::vector<restaurant_id>& restaurants) {
    if (follower_.is_ours(writer)) return;
    around_.server.tell([&] { return name_ + " hears " + writer; });
    for (const restaurant_id& id : restaurants) {
        around_.server.seen.rang(around_.node, id);
        around_.owner(id).follow(std::span(&id, 1));
    }
}

std::vector<log_position> feed::positions_after(const restaurant_id& after) const {
    std::vector<log_position> found;
    const auto& all = around_.server.tables.restaurants();
    for (auto each = all.upper_bound(after); each != all.end() && found.size() < portion; ++each)
        found.push_back(
            {each->first, static_cast<std::int64_t>(each->second.events.size()), each->second.is_deleted});
    return found;
}

void feed::sweep(const std::optional<restaurant_id>& after) {
    if (!after) return;
    const bool fails = around_.server.chance.chance(around_.server.faults.sweep_fails);
    around_.turns.after(around_.server.chance.between(1, 12), [this, from = *after, fails] {
        std::optional<std::vector<log_position>> found;
        if (around_.server.is_up && !fails) found = positions_after(from);
        around_.turns.after(around_.server.chance.between(1, 12), [this, found = std::move(found)] {
            if (!found) return sweep(follower_.on_swept(std::nullopt));
            if (!found->empty()) catch_up(*found);
            sweep(follower_.on_swept(*found));
        });
    });
}

// Whom nothing is on its way for has to know by its next quiet moment what stood there.
void feed::catch_up(const std::vector<log_position>& stored) {
    for (const log_position& each : stored) {
        engine& owner = around_.owner(each.restaurant);
        const owned_restaurant* const owned = owner.find(each.restaurant);
        const bool is_still = owned == nullptr || (owned->now == owned_restaurant::state::ready &&
                                                   owned->undecided == 0 && owned->waiting.empty());
        if (is_still) around_.server.seen.must_know(around_.node, each.restaurant, each.seq);
        if (mutant_on(mutant::feeds_by_serial)) continue;
        const std::vector<restaurant_id> missed = behind(owner, std::span(&each, 1), ahead_);
        if (missed.empty()) continue;
        ++around_.server.swept_up;
        owner.reload(missed);
    }
    if (mutant_on(mutant::feeds_by_serial)) read_by_serial();
}

// The fault: numbers are given when a row is written, not when it is committed.
void feed::read_by_serial() {
    const std::uint64_t from = read_serial_;
    for (const auto& [serial, restaurant] : around_.server.serials) {
        if (serial <= from) continue;
        read_serial_ = std::max(read_serial_, serial);
        around_.owner(restaurant).reload(std::span(&restaurant, 1));
    }
}

}  // namespace qtable::sim
