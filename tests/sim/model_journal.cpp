#include "tests/sim/model_journal.hpp"

#include <utility>

namespace qtable::sim {

namespace {

void apply_unannounced(test::model_database& tables, const batch& what,
                       std::set<restaurant_id>& unannounced) {
    if (tables.apply(what).outcome != batch_outcome::committed) return;
    for (const logged_event& row : what.events) unannounced.insert(row.restaurant);
}

}  // namespace

model_journal::model_journal(timeline& time, random_source& chance, test::model_database& tables,
                             const fault_rates& faults, canary bug, std::set<restaurant_id>& unannounced)
    : time_(time), chance_(chance), tables_(tables), unannounced_(unannounced), faults_(faults), bug_(bug) {}

model_journal::~model_journal() {
    *alive_ = false;
}

void model_journal::after(std::int64_t delay, std::function<void()> what) {
    time_.after(delay, [alive = alive_, what = std::move(what)] {
        if (*alive) what();
    });
}

std::int64_t model_journal::delay_ms() {
    return chance_.chance(faults_.slow) ? chance_.between(100, 600) : chance_.between(1, 12);
}

model_journal::fate model_journal::draw_fate() {
    if (chance_.chance(faults_.conflict)) return fate::conflict;
    if (chance_.chance(faults_.unavailable)) return fate::unavailable;
    if (!chance_.chance(faults_.unknown)) return fate::normal;
    constexpr fate lost[] = {fate::lost_before, fate::lost_after, fate::ghost};
    return lost[chance_.below(3)];
}

void model_journal::write(std::shared_ptr<const batch> what, std::function<void(batch_result)> done) {
    const fate how = draw_fate();
    // A session that is in the middle of its commit may go on when its core crashes.
    const bool survives = chance_.chance(500);
    time_.after(delay_ms(), [this, alive = alive_, &tables = tables_, &unannounced = unannounced_, survives,
                             what, how, done = std::move(done)] {
        if (*alive) {
            finish_write(what, how, done);
        } else if (survives && how == fate::normal) {
            apply_unannounced(tables, *what, unannounced);
        }
    });
}

void model_journal::finish_write(const std::shared_ptr<const batch>& what, fate how,
                                 std::function<void(batch_result)> done) {
    const auto answer = [this, done = std::move(done), id = what->id](batch_outcome outcome,
                                                                      conflict_kind kind) {
        after(delay_ms(), [this, done, id, outcome, kind] {
            const bool is_cut_off = !is_available_ && outcome == batch_outcome::committed;
            done({id, is_cut_off ? batch_outcome::unknown : outcome, kind});
        });
    };
    if (!is_available_ && how == fate::normal)
        how = chance_.chance(500) ? fate::unavailable : fate::lost_before;
    const bool lies = bug_ == canary::acknowledges_unstored && chance_.chance(20);
    if (lies) return answer(batch_outcome::committed, conflict_kind::other);
    if (bug_ == canary::loses_answers && chance_.chance(20)) return;
    switch (how) {
        case fate::normal: {
            const batch_result done_now = tables_.apply(*what);
            return answer(done_now.outcome, done_now.conflict);
        }
        case fate::conflict:
            return answer(batch_outcome::conflict, conflict_kind::other);
        case fate::unavailable:
            return answer(batch_outcome::unavailable, conflict_kind::other);
        case fate::lost_before:
            break;
        case fate::lost_after:
            tables_.apply(*what);
            break;
        case fate::ghost:
            ghost_may_commit_ = std::make_shared<bool>(true);
            time_.after(chance_.between(1, 400), [&tables = tables_, &unannounced = unannounced_, what,
                                                  may_commit = ghost_may_commit_] {
                if (*may_commit) apply_unannounced(tables, *what, unannounced);
            });
            break;
    }
    answer(batch_outcome::unknown, conflict_kind::other);
}

void model_journal::probe(const logged_event& marker, std::function<void(batch_outcome)> done) {
    after(delay_ms(), [this, marker, done = std::move(done)] {
        if (!is_available_ || chance_.chance(faults_.probe_fails)) return done(batch_outcome::unavailable);
        if (tables_.has_event(marker)) return done(batch_outcome::committed);
        if (bug_ == canary::invents_commits) return done(batch_outcome::committed);
        *ghost_may_commit_ = false;  // a probe ends the session that it finds
        done(batch_outcome::conflict);
    });
}

std::vector<restaurant_image> model_journal::read(const std::vector<load_request>& which) {
    std::vector<restaurant_image> images;
    for (const load_request& each : which) {
        images.push_back(tables_.image(each.restaurant, each.since_seq));
        restaurant_image& image = images.back();
        if (chance_.chance(faults_.short_history) && image.events_since.size() > 1)
            image.events_since.erase(image.events_since.begin());
        if (bug_ != canary::loads_the_past) continue;
        for (const restaurant_image& old : past_) {
            if (old.id == image.id) image.reservations = old.reservations;
        }
        past_.push_back(image);
    }
    return images;
}

void model_journal::load(std::vector<load_request> which,
                         std::function<void(result<std::vector<restaurant_image>>)> done) {
    const bool fails = chance_.chance(faults_.load_error);
    // The snapshot is taken at some time before the answer.
    after(delay_ms(), [this, which = std::move(which), done = std::move(done), fails] {
        if (!is_available_ || fails) return done(make_error_code(errc::database_unavailable));
        after(delay_ms(), [done, images = read(which)] { done(images); });
    });
}

void model_journal::load_events(restaurant_id restaurant, std::int64_t since_seq, bool is_public,
                                std::function<void(result<std::vector<logged_event>>)> done) {
    after(delay_ms(), [this, restaurant, since_seq, is_public, done = std::move(done)] {
        if (!is_available_) return done(make_error_code(errc::database_unavailable));
        done(tables_.events_since(restaurant, since_seq, is_public));
    });
}

}  // namespace qtable::sim
