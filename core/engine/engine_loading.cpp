// The engine's other half: restaurants come from the database, at boot and whenever memory can't be trusted.
#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"
#include "core/engine/engine.hpp"

namespace qtable {

std::optional<std::string> engine::adopt(restaurant_image&& image) {
    owned_restaurant& target = get_or_make(image.id);
    auto problem = install(target, std::move(image));
    if (problem) return problem;
    publish(target);
    return std::nullopt;
}

// Replaces what memory holds. What was published stays readable until every core has moved on.
std::optional<std::string> engine::install(owned_restaurant& target, restaurant_image&& image) {
    std::unique_ptr<inventory> before = std::move(target.stock);
    target.closed.clear();
    target.undecided = 0;
    target.now = owned_restaurant::state::ready;
    if (image.exists) {
        auto config = std::make_shared<const restaurant>(std::move(image.what));
        auto stock = std::make_unique<inventory>(
            make_view(std::move(config), std::move(image.local_zone), before ? &before->view() : nullptr));
        for (const slot& value : image.slots) stock->upsert_slot(value);
        for (const reservation& r : image.reservations) {
            if (r.takes_capacity()) {
                stock->restore(r);
            } else {
                target.closed.insert_or_assign(r.id, r);
            }
        }
        if (auto problem = stock->check_invariants()) {
            // Not served: readers keep what they had, commands are told that it doesn't exist.
            if (before) sink_.retire({std::shared_ptr<const void>(std::move(before))});
            return problem;
        }
        target.stock = std::move(stock);
    }
    if (before) sink_.retire({std::shared_ptr<const void>(std::move(before))});
    const std::int64_t told_seq = target.log.released_seq(), told_public_seq = target.log.released_public_seq();
    const bool is_known = target.log.epoch() == image.log_epoch && told_seq > 0;
    if (!is_known) {
        target.log = event_log(image.log_epoch, image.last_seq, image.last_public_seq);
    } else {
        target.log.restart_numbering();
        tell_missed(target, std::move(image.events_since));
        QTABLE_ASSERT(target.log.released_seq() >= told_seq && target.log.released_public_seq() >= told_public_seq);
    }
    return std::nullopt;
}

// Rows that are in the log and were never told: by a batch whose answer was lost, or written by someone else.
void engine::tell_missed(owned_restaurant& target, std::vector<logged_event>&& events) {
    if (events.empty()) return;
    publish(target);  // before the values are read
    for (logged_event& row : events) {
        if (row.seq <= target.log.released_seq()) continue;
        target.log.release(row);
        const bool is_availability = row.type == event_type::availability_updated;
        sink_.event({std::move(row), target.log.epoch(), {}, is_availability}, target.live);
    }
}

publication engine::publish(owned_restaurant& target) {
    if (!target.exists()) return {};
    std::vector<retired> replaced;
    publication told = target.stock->publish(target.live, replaced);
    if (!replaced.empty()) sink_.retire(std::move(replaced));
    return told;
}

void engine::load(std::vector<owned_restaurant*> which) {
    std::vector<journal::load_request> requests;
    std::erase_if(which, [](const owned_restaurant* each) { return each->now == owned_restaurant::state::loading; });
    if (which.empty()) return;
    for (owned_restaurant* each : which) {
        each->now = owned_restaurant::state::loading;
        requests.push_back({each->id, each->log.released_seq()});
    }
    ++loading_;
    counts_.reloads += which.size();
    journal_.load(std::move(requests), [this, which](result<std::vector<restaurant_image>> images) {
        on_loaded(which, std::move(images));
    });
}

void engine::on_loaded(const std::vector<owned_restaurant*>& which, result<std::vector<restaurant_image>>&& images) {
    --loading_;
    for (owned_restaurant* target : which) target->now = owned_restaurant::state::stale;
    if (images) {
        for (restaurant_image& image : *images) {
            const auto found = owned_.find(image.id);
            if (found == owned_.end()) continue;
            owned_restaurant& target = *found->second;
            install(target, std::move(image));
            publish(target);
            sink_.configured(target.live, [] {});
        }
    }
    for (owned_restaurant* target : which) {
        std::deque<pending_command> waiting;
        waiting.swap(target->waiting);
        waiting_for_load_ -= waiting.size();
        for (pending_command& each : waiting) {
            if (target->now != owned_restaurant::state::ready) {
                refuse(each, errc::database_unavailable, false);
            } else {
                decide_and_gate(*target, std::move(each));
            }
        }
    }
    send_next();
}

void engine::reload(std::span<const restaurant_id> which) {
    std::vector<owned_restaurant*> targets;
    for (const restaurant_id& id : which) {
        owned_restaurant& target = get_or_make(id);
        // What is decided and not yet durable would be lost by a reload: the commit itself will notice a stranger's row.
        if (target.undecided == 0) targets.push_back(&target);
    }
    load(std::move(targets));
}

void engine::on_journal_available() {
    std::vector<owned_restaurant*> stale;
    for (const auto& [id, owned] : owned_) {
        if (owned->now == owned_restaurant::state::stale) stale.push_back(owned.get());
    }
    load(std::move(stale));
}

void engine::forget_past_days() {
    const instant now = clock_.now();
    for (const auto& [id, owned] : owned_) {
        if (!owned->exists()) continue;
        const date today = owned->stock->view().zone->local_at(now).date;
        owned->stock->forget_before(today.plus_days(-2));
        boost::unordered::erase_if(owned->closed, [today](const auto& each) { return each.second.date < today.plus_days(-2); });
        publish(*owned);
    }
}

}  // namespace qtable
