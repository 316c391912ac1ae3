// The engine's other half: restaurants come from the database, at boot and whenever memory can't be trusted.
#include <algorithm>
#include <atomic>
#include <iterator>
#include <utility>

#include "core/base/assert.hpp"
#include "core/engine/engine.hpp"

namespace qtable {

std::optional<std::string> engine::adopt(restaurant_image&& image) {
    owned_restaurant& target = get_or_make(image.id);
    return install(target, std::move(image));
}

// Replaces what memory holds, shows it to readers, and tells what was missed. A restaurant that isn't there
// (any more), or whose data is not sound, is not served: readers find no capacity, commands are told that it
// doesn't exist.
std::optional<std::string> engine::install(owned_restaurant& target, restaurant_image&& image) {
    const std::unique_ptr<inventory> before = std::move(target.stock);
    std::optional<std::string> problem;
    target.closed.clear();
    target.untold.clear();
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
        problem = stock->check_invariants();
        if (!problem) target.stock = std::move(stock);
    }
    if (target.exists()) {
        publish(target);
    } else {
        target.live.boards.store(nullptr, std::memory_order_release);
        target.live.view.store(nullptr, std::memory_order_release);
    }
    // Only now: no reader can come upon the old ones again.
    std::vector<retired> replaced;
    if (before) before->withdraw(replaced);
    if (!replaced.empty()) sink_.retire(std::move(replaced));
    if (problem) {
        ++counts_.unsound;
    } else {
        tell_missed(target, std::move(image));
    }
    return problem;
}

// Rows that are in the log and were never told: by a batch whose answer was lost, or written by someone else.
void engine::tell_missed(owned_restaurant& target, restaurant_image&& image) {
    std::vector<logged_event>& rows = image.events_since;
    event_log& log = target.log;
    const bool is_known = log.epoch() != 0 && log.epoch() == image.log_epoch;
    const auto is_told = [&log](const logged_event& row) { return row.seq <= log.released_seq(); };
    if (is_known) rows.erase(rows.begin(), std::find_if_not(rows.begin(), rows.end(), is_told));
    const bool reaches =
        rows.empty() ? image.last_seq <= log.released_seq() : rows.front().seq == log.released_seq() + 1;
    const bool is_shown_ahead = std::exchange(target.is_shown_ahead, false);
    if (!is_known || !reaches) {
        // Another log than was told, or too much of it to tell: it goes on from its end.
        log = event_log(image.log_epoch, image.last_seq, image.last_public_seq);
        if (is_known) sink_.resync(target.live);
        return;
    }
    log.restart_numbering();
    for (logged_event& row : rows) {
        log.release(row);
        const bool is_availability = row.type == event_type::availability_updated;
        sink_.event({std::move(row), log.epoch(), {}, is_availability}, target.live);
    }
    if (is_shown_ahead) sink_.resync(target.live);
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
    std::erase_if(which,
                  [](const owned_restaurant* each) { return each->now == owned_restaurant::state::loading; });
    if (which.empty()) return;
    for (owned_restaurant* each : which) {
        each->now = owned_restaurant::state::loading;
        each->is_outdated = false;
        requests.push_back({each->id, each->log.released_seq()});
    }
    ++loading_;
    counts_.reloads += which.size();
    journal_.load(std::move(requests),
                  while_alive([this, which](result<std::vector<restaurant_image>> images) {
                      on_loaded(which, std::move(images));
                  }));
}

void engine::on_loaded(const std::vector<owned_restaurant*>& which,
                       result<std::vector<restaurant_image>>&& images) {
    --loading_;
    for (owned_restaurant* target : which) target->now = owned_restaurant::state::stale;
    if (images) {
        for (restaurant_image& image : *images) {
            const auto found = owned_.find(image.id);
            if (found == owned_.end()) continue;
            install(*found->second, std::move(image));
            sink_.configured(found->second->live, [] {});
        }
    }
    std::vector<owned_restaurant*> outdated;
    std::vector<pending_command> refused;
    for (owned_restaurant* target : which) {
        if (target->now != owned_restaurant::state::ready) {
            waiting_ -= target->waiting.size();
            std::move(target->waiting.begin(), target->waiting.end(), std::back_inserter(refused));
            target->waiting.clear();
            continue;
        }
        decide_waiting(*target);
        // It changed while it was being read. What is on its way goes first: else a busy stranger could stop
        // us.
        if (target->is_outdated && target->undecided == 0) outdated.push_back(target);
    }
    load(std::move(outdated));
    send_next();
    for (const pending_command& each : refused) refuse(each, errc::database_unavailable, false);
}

void engine::reload(std::span<const restaurant_id> which) {
    std::vector<owned_restaurant*> targets;
    for (const restaurant_id& id : which) {
        owned_restaurant& target = get_or_make(id);
        // What is decided and not yet durable would be lost: after it, then. The same while it is being read.
        target.is_outdated = true;
        if (target.undecided == 0 && target.now != owned_restaurant::state::loading)
            targets.push_back(&target);
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
        // What is not committed must not be published with the past: next time, then.
        const bool is_ahead = owned->undecided > 0 || owned->now != owned_restaurant::state::ready;
        if (!owned->exists() || is_ahead) continue;
        const date today = owned->stock->view().zone->local_at(now).date;
        owned->stock->forget_before(today.plus_days(-2));
        boost::unordered::erase_if(
            owned->closed, [today](const auto& each) { return each.second.date < today.plus_days(-2); });
        publish(*owned);
    }
}

}  // namespace qtable
