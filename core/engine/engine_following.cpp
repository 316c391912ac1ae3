// How memory catches up with what other engines wrote: by what they logged, where that says all.
#include <algorithm>
#include <utility>

#include "core/base/mutant.hpp"
#include "core/engine/engine.hpp"

namespace qtable {

void engine::reload(std::span<const restaurant_id> which) {
    fall_behind(which, owned_restaurant::outdated::whole);
}

void engine::follow(std::span<const restaurant_id> which) {
    fall_behind(which, owned_restaurant::outdated::log);
}

void engine::fall_behind(std::span<const restaurant_id> which, owned_restaurant::outdated with) {
    std::vector<owned_restaurant*> targets;
    for (const restaurant_id& id : which) {
        owned_restaurant& target = get_or_make(id);
        // What is decided and not yet durable would be lost: after it, then. The same while it is being read.
        target.behind_with = std::max(target.behind_with, with);
        if (target.undecided == 0 && target.now != owned_restaurant::state::loading)
            targets.push_back(&target);
    }
    read_missed(std::move(targets));
}

namespace {

// Memory is what the log says up to where it was told, and nothing else.
bool is_as_logged(const owned_restaurant& target) {
    return target.now == owned_restaurant::state::ready && target.exists() &&
           target.log.last_released() != nullptr && target.undecided == 0 && !target.is_shown_ahead &&
           !target.is_behind && target.uncertain_notices.empty();
}

}  // namespace

void engine::read_missed(std::vector<owned_restaurant*> which) {
    std::vector<owned_restaurant*> by_log, whole;
    std::vector<journal::load_request> requests;
    for (owned_restaurant* each : which) {
        const bool is_logged = each->behind_with == owned_restaurant::outdated::log && is_as_logged(*each);
        (is_logged ? by_log : whole).push_back(each);
        if (is_logged) requests.push_back({each->id, each->log.released_seq(), true});
    }
    ask_for(std::move(by_log), std::move(requests));
    load(std::move(whole));
}

namespace {

// Whether the rows begin with the last one that was told, and have no hole. A standby that took over may lack
// what was told, and have something else in its place.
bool goes_on(const event_log& log, std::span<const logged_event> rows) {
    if (rows.empty() || rows.front().command != log.last_released()->command) return false;
    std::int64_t seq = log.released_seq();
    return std::all_of(rows.begin(), rows.end(),
                       [&seq](const logged_event& row) { return row.seq == seq++; });
}

// Whether the reservation's row holds all that changes with it: no published slot's count, no party that
// sits.
bool stands_alone(const reservation& r) {
    return !r.slot && !r.guest && r.status != reservation_status::seated;
}

// Whether the row, with the reservation that it is about, tells all that was changed.
bool tells_all(const logged_event& row, std::span<const reservation> known) {
    if (row.type == event_type::availability_updated)
        return row.action.starts_with("reservation.") || row.action.starts_with("hold.");
    return row.action.starts_with("reservation.") &&
           std::any_of(known.begin(), known.end(),
                       [&row](const reservation& each) { return each.id == row.subject; });
}

}  // namespace

// False, and nothing is told: the restaurant has to be read whole. What memory holds of it may be in pieces
// then, seen by nobody.
bool engine::take_changes(owned_restaurant& target, restaurant_image& image) {
    if (!image.exists || image.log_epoch != target.log.epoch()) return false;
    if (!goes_on(target.log, image.events_since)) return false;
    std::vector<logged_event>& rows = image.events_since;
    rows.erase(rows.begin());
    for (const logged_event& row : rows) {
        if (!tells_all(row, image.reservations)) return false;
    }
    inventory& stock = *target.stock;
    const date oldest = stock.view().zone->local_at(clock_.now()).date.plus_days(-1);
    for (const reservation& r : image.reservations) {
        const auto closed = target.closed.find(r.id);
        const reservation* const before = closed != target.closed.end() ? &closed->second : stock.find(r.id);
        if (!stands_alone(r) || r.date < oldest || (before != nullptr && !stands_alone(*before)))
            return false;
    }
    // First all that leaves a place: another may have it now.
    for (const reservation& r : image.reservations) {
        target.closed.erase(r.id);
        if (stock.find(r.id) != nullptr) stock.commit_release(stock.begin_release(r.id));
    }
    for (const reservation& r : image.reservations) {
        if (!r.takes_capacity()) {
            target.closed.insert_or_assign(r.id, r);
        } else if (!mutant_on(mutant::follows_without_taking)) {
            // Held here, or at a table that memory doesn't have in service.
            if (!stock.tables_free(r.tables, r.blocks_from, r.blocks_until, std::nullopt)) return false;
            stock.take(r);
        }
    }
    target.now = owned_restaurant::state::ready;
    ++counts_.followed;
    publish(target);
    decision seen;
    seen.reservations = std::move(image.reservations);
    note_due(target, seen);
    tell_missed(target, std::move(image));
    return true;
}

}  // namespace qtable
