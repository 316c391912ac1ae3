#include "core/engine/node_follower.hpp"

#include <utility>

#include "core/engine/engine.hpp"

namespace qtable {

namespace {

// What the owner is just committing itself is ahead of what it has released, and is none of that.
bool differs(const engine& owner, const log_position& stored, positions_ahead& ahead) {
    const owned_restaurant* const owned = owner.find(stored.restaurant);
    if (owned == nullptr) return !stored.is_deleted;
    // It couldn't be read when it was to be: nobody else may ask for it ever again.
    if (owned->now == owned_restaurant::state::stale) return true;
    if (owned->now == owned_restaurant::state::loading || owned->undecided > 0) return false;
    // Of what is gone there is nothing to read but that.
    if (!owned->exists() && stored.is_deleted) return false;
    const std::int64_t released = owned->log.released_seq();
    if (released <= stored.seq) {
        ahead.erase(stored.restaurant);
        return released < stored.seq;
    }
    return std::exchange(ahead[stored.restaurant], released) == released;
}

}  // namespace

std::vector<restaurant_id> behind(const engine& owner, std::span<const log_position> stored,
                                  positions_ahead& ahead) {
    std::vector<restaurant_id> found;
    for (const log_position& each : stored) {
        if (differs(owner, each, ahead)) found.push_back(each.restaurant);
    }
    return found;
}

node_follower::steps node_follower::on_tick(std::int64_t now_ms) {
    ++ticks_;
    std::erase_if(peers_, [now_ms](const auto& each) { return each.second <= now_ms; });
    steps next;
    next.says_here = ticks_ % ticks_a_heartbeat == 0;
    next.reads_ended = next.says_here && has_peers();
    if (has_peers() || ticks_ % ticks_alone == 0) next.sweeps_after = sweep();
    return next;
}

// Who is new wrote before we listened to it, or before we rang for it.
node_follower::steps node_follower::on_heard_of(std::string_view node, std::int64_t now_ms) {
    if (node == node_) return {};
    const auto [known, is_new] = peers_.try_emplace(std::string(node));
    known->second = now_ms + peer_forgotten_ms;
    was_anybody_there_ = true;
    if (!is_new) return {};
    return {true, false, sweep_all()};
}

std::optional<restaurant_id> node_follower::sweep_all() {
    is_whole_wanted_ = true;
    if (is_sweeping_) return std::nullopt;
    after_ = restaurant_id{};
    is_whole_ = true;
    is_whole_wanted_ = false;
    return sweep();
}

std::optional<restaurant_id> node_follower::sweep() {
    if (std::exchange(is_sweeping_, true)) return std::nullopt;
    return after_;
}

std::optional<restaurant_id> node_follower::on_swept(std::optional<std::span<const log_position>> found) {
    is_sweeping_ = false;
    if (!found) return std::nullopt;
    const bool is_end = found->size() < portion_;
    after_ = is_end ? restaurant_id{} : found->back().restaurant;
    if (is_end) is_whole_ = false;
    if (is_whole_wanted_) return sweep_all();
    return is_whole_ ? sweep() : std::nullopt;
}

}  // namespace qtable
