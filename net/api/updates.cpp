#include "net/api/updates.hpp"

#include <utility>
#include <vector>

#include "core/base/limits.hpp"
#include "net/api/app_core.hpp"
#include "proto/render_event.hpp"

namespace qtable::net {

namespace {

// Published slots whose availability may have changed, as they are now. The window counts minutes from the
// business day's midnight, a slot's time is of the wall clock: either reading counts.
void add_slots(proto::log_changes& to, const owned_restaurant& owned,
               const std::vector<availability_window>& windows) {
    for (const date& day : to.availability_dates) {
        for (const slot& each : owned.stock->slots_on(day)) {
            const bool is_touched =
                std::any_of(windows.begin(), windows.end(), [&](const availability_window& window) {
                    const auto covers = [&window](int minute) {
                        return minute >= window.from_min && minute < window.until_min;
                    };
                    return window.date == day &&
                           (covers(each.minute) || covers(each.minute + minutes_per_day));
                });
            if (is_touched) to.slots.push_back(each);
        }
    }
}

// What is not in the rows but goes with them. Rows that memory has not released yet come another time.
proto::log_changes gather(const owned_restaurant& owned, proto::log_changes made,
                          const std::vector<logged_event>& rows, std::size_t limit) {
    std::vector<availability_window> windows;
    std::size_t count = 0;
    for (const logged_event& row : rows) {
        if (row.seq > owned.log.released_seq()) break;
        if (count++ == limit) {
            made.has_more = true;
            break;
        }
        made.add(row);
        if (row.type != event_type::availability_updated) continue;
        const auto window = proto::parse_window(row.data);
        if (window && *window) windows.push_back(**window);
    }
    add_slots(made, owned, windows);
    const restaurant_view* view = owned.live.view.load(std::memory_order_acquire);
    if (!made.config.empty() && view != nullptr) made.combinations = view->config->combinations;
    return made;
}

}  // namespace

void collect_updates(app_core& owner, const updates_request& wanted, updates_done done) {
    const owned_restaurant* owned = owner.engine().find(wanted.restaurant);
    if (owned == nullptr || !owned->exists()) return done(errc::not_found);
    proto::log_changes made;
    made.restaurant = wanted.restaurant;
    made.epoch = owned->log.epoch();
    made.seq = owned->log.released_seq();
    const bool is_of_this_log = !wanted.epoch || *wanted.epoch == made.epoch;
    const std::int64_t missed = made.seq - wanted.since_seq;
    if (!is_of_this_log || missed < 0 || missed > static_cast<std::int64_t>(limits::events_per_resume)) {
        made.is_resync_required = true;
        return done(std::move(made));
    }
    made.seq = wanted.since_seq;
    if (const auto rows = owned->log.since(wanted.since_seq, false)) {
        return done(gather(*owned, std::move(made), *rows, wanted.limit));
    }
    owner.log().load_events(wanted.restaurant, wanted.since_seq, false,
                            [&owner, wanted, made = std::move(made),
                             done = std::move(done)](result<std::vector<logged_event>> rows) {
                                if (!rows) return done(to_errc(rows.error()));
                                const owned_restaurant* now = owner.engine().find(wanted.restaurant);
                                if (now == nullptr || !now->exists()) return done(errc::not_found);
                                done(gather(*now, made, *rows, wanted.limit));
                            });
}

}  // namespace qtable::net
