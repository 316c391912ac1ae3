// The engine's commits: what is sent, what becomes of it, and who hears of it when.
#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>
#include <variant>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"
#include "core/base/mutant.hpp"
#include "core/engine/command_kinds.hpp"
#include "core/engine/engine.hpp"

namespace qtable {

namespace {

bool contains(const std::vector<owned_restaurant*>& all, const owned_restaurant* wanted) noexcept {
    return std::find(all.begin(), all.end(), wanted) != all.end();
}

// Newer values take the place of older ones that were not told yet.
void add_untold(std::vector<availability_change>& untold, std::vector<availability_change>&& newer) {
    if (untold.empty()) {
        untold = std::move(newer);
        return;
    }
    untold.insert(untold.end(), std::make_move_iterator(newer.begin()), std::make_move_iterator(newer.end()));
    const auto place_of = [](const availability_change& each) {
        return std::tuple(each.date, each.minute, each.party_size);
    };
    std::stable_sort(untold.begin(), untold.end(),
                     [&](const auto& a, const auto& b) { return place_of(a) < place_of(b); });
    const auto newest = std::unique(untold.rbegin(), untold.rend(),
                                    [&](const auto& a, const auto& b) { return place_of(a) == place_of(b); });
    untold.erase(untold.begin(), newest.base());
}

}  // namespace

void engine::send_next() {
    while (!in_flight_ && !gate_.is_empty()) {
        in_flight_ = std::make_unique<commit_gate::sealed>(gate_.seal(clock_.now(), render_));
        send_in_flight();
    }
}

void engine::send_in_flight() {
    if (in_flight_->what->events.empty()) return release();  // refusals only
    ++counts_.batches;
    counts_.batched_commands += in_flight_->commands.size();
    if (mutant_on(mutant::acknowledges_before_sync)) answer_released();
    if (mutant_on(mutant::publishes_before_commit)) release_events(*in_flight_->touched.front(), {});
    journal_.write(in_flight_->what, while_alive([this](const batch_result& result) { on_written(result); }));
}

void engine::on_written(const batch_result& result) {
    QTABLE_ASSERT(in_flight_ && result.batch_id == in_flight_->what->id);
    switch (result.outcome) {
        case batch_outcome::committed:
            release();
            break;
        case batch_outcome::unavailable:
            fail(false);
            break;
        case batch_outcome::conflict: {
            ++counts_.conflicts;
            ++counts_.conflicts_of[static_cast<std::size_t>(result.conflict)];
            pending_command& first = in_flight_->commands.front().what;
            if (result.conflict == conflict_kind::receipt_exists && in_flight_->commands.size() == 1) {
                first.decided.answer.receipt_exists = true;
                first.attempts = limits::batch_attempts;
            }
            if (result.conflict == conflict_kind::review_exists && in_flight_->commands.size() == 1) {
                first.given_up_as = errc::already_reviewed;
                first.attempts = limits::batch_attempts;
            }
            decide_again(result.refused);
            break;
        }
        case batch_outcome::unknown:
            ++counts_.unknown_outcomes;
            journal_.probe(in_flight_->what->events.front(),
                           while_alive([this](batch_outcome outcome) { on_probed(outcome); }));
            return;
    }
    send_next();
}

void engine::on_probed(batch_outcome outcome) {
    QTABLE_ASSERT(in_flight_);
    switch (outcome) {
        case batch_outcome::committed:
            release();
            break;
        case batch_outcome::conflict:
            decide_again(std::nullopt);
            break;
        case batch_outcome::unavailable:
        case batch_outcome::unknown:
            fail(true);
            break;
    }
    send_next();
}

// Committed: capacity that was given back is free now, other cores see it, and everyone hears of it.
void engine::release() {
    marked_ns_ = clock_.mark_ns();
    for (commit_gate::entry& each : in_flight_->commands) {
        --each.target->undecided;
        each.what.decided.answer.marks.committed_ns = marked_ns_;
        if (each.what.decided.changes_anything()) {
            ++counts_.persisted;
            counts_.persist_us += static_cast<std::uint64_t>((marked_ns_ - each.what.submitted_ns) / 1000);
        }
        for (const release_ticket& ticket : each.what.decided.releases)
            each.target->stock->commit_release(ticket);
        for (const hold_change& change : each.what.decided.holds) {
            // Gone is what is gone: another hold of that customer stays.
            auto& holds = each.target->committed_holds;
            const auto known = holds.find(change.what.customer);
            if (!change.is_gone) {
                holds.insert_or_assign(change.what.customer, change.what);
            } else if (known != holds.end() && known->second.id == change.what.id) {
                holds.erase(known);
            }
        }
    }
    for (owned_restaurant* target : in_flight_->touched) {
        if (target->exists()) release_events(*target, publish(*target));
    }
    for (commit_gate::entry& each : in_flight_->commands) {
        for (const reservation& stored : each.what.decided.reservations) sink_.booked(stored);
        for (customer_notice& notice : each.what.decided.notices) {
            notice.committed_ns = marked_ns_;
            sink_.notice(std::move(notice));
        }
    }
    close_deleted();
    answer_released();
    const std::unique_ptr<commit_gate::sealed> done = std::move(in_flight_);
    for (owned_restaurant* target : done->touched) {
        if (target->undecided == 0 && target->behind_with != owned_restaurant::outdated::nothing) {
            read_missed({target});
        } else {
            decide_waiting(*target);
        }
    }
}

void engine::release_events(owned_restaurant& target, publication&& told) {
    const bool is_value_unknown = told.everything_changed;  // values aren't listed then
    if (told.everything_changed) target.untold.clear();
    add_untold(target.untold, std::move(told.changes));
    target.is_shown_ahead = target.undecided > 0;
    const auto tell = [&target, this](const logged_event& row, std::vector<availability_change> changes,
                                      bool unknown) {
        target.log.release(row);
        sink_.event({row, target.log.epoch(), std::move(changes), unknown, marked_ns_}, target.live);
    };
    for (const commit_gate::entry& each : in_flight_->commands) {
        if (each.target != &target) continue;
        for (const logged_event& row : each.what.decided.events) tell(row, {}, false);
    }
    for (const commit_gate::availability_row& each : in_flight_->availability) {
        if (each.target != &target) continue;
        const auto of_day = std::stable_partition(
            target.untold.begin(), target.untold.end(),
            [&each](const availability_change& change) { return !each.day || change.date != *each.day; });
        std::vector<availability_change> changes(std::make_move_iterator(of_day),
                                                 std::make_move_iterator(target.untold.end()));
        target.untold.erase(of_day, target.untold.end());
        tell(each.row, std::move(changes), is_value_unknown || !each.day);
    }
    // Nothing is on its way that could still tell them.
    if (target.undecided == 0) target.untold.clear();
}

// Before its answer is told: who asks then finds nothing any more.
void engine::close_deleted() {
    for (const commit_gate::entry& each : in_flight_->commands) {
        const decision& decided = each.what.decided;
        if (!decided.reloads_after) continue;
        if (decided.configuration && decided.configuration->is_deleted) {
            restaurant_image gone;
            gone.id = each.target->id;
            install(*each.target, std::move(gone));
        } else {
            each.target->behind_with = owned_restaurant::outdated::whole;
        }
    }
}

void engine::answer_released() {
    struct held_answers {
        std::vector<std::pair<reply_address, reply>> all;
    };
    std::vector<std::pair<owned_restaurant*, std::shared_ptr<held_answers>>> held;
    for (owned_restaurant* target : in_flight_->touched) {
        const bool is_reconfigured =
            std::any_of(in_flight_->commands.begin(), in_flight_->commands.end(), [target](const auto& each) {
                const decision& decided = each.what.decided;
                return each.target == target && (decided.configuration || decided.everything_changed);
            });
        if (is_reconfigured) held.emplace_back(target, std::make_shared<held_answers>());
    }
    for (commit_gate::entry& each : in_flight_->commands) {
        const auto waits = std::find_if(held.begin(), held.end(),
                                        [&each](const auto& entry) { return entry.first == each.target; });
        const bool is_ours = std::holds_alternative<tick>(each.what.command.body);
        if (waits != held.end() && !is_ours) {
            waits->second->all.emplace_back(each.what.command.reply_to, std::move(each.what.decided.answer));
        } else {
            answer(each.what.command, std::move(each.what.decided.answer));
        }
    }
    for (auto& [target, answers] : held) {
        ++unconfirmed_;
        sink_.configured(target->live, while_alive([this, kept = std::move(answers)] {
                             --unconfirmed_;
                             for (auto& [to, what] : kept->all) sink_.answer(to, std::move(what));
                         }));
    }
}

// What may have taken effect: readers are warned until memory is read again, and what its customers are to
// hear waits for the rows of the log.
void engine::keep_uncertain(commit_gate::sealed& failed) {
    for (commit_gate::entry& each : failed.commands) {
        each.target->uncertain_notices.insert_or_assign(each.what.command.id,
                                                        std::move(each.what.decided.notices));
    }
    for (owned_restaurant* target : failed.touched) {
        if (!std::exchange(target->is_behind, true)) sink_.behind(+1);
    }
}

// The database is away: nothing of the batch counts, and what was decided on top of it doesn't either.
// Answers come last: they may bring the next command.
void engine::fail(bool is_uncertain) {
    const std::unique_ptr<commit_gate::sealed> failed = std::move(in_flight_);
    std::vector<owned_restaurant*> affected = failed->touched;
    std::vector<pending_command> refused;
    if (is_uncertain) keep_uncertain(*failed);
    for (commit_gate::entry& each : gate_.remove(journal_.available() ? &failed->touched : nullptr)) {
        if (!contains(affected, each.target)) affected.push_back(each.target);
        refused.push_back(std::move(each.what));
    }
    for (owned_restaurant* target : affected) {
        target->undecided = 0;
        target->now = owned_restaurant::state::stale;
        waiting_ -= target->waiting.size();
        std::move(target->waiting.begin(), target->waiting.end(), std::back_inserter(refused));
        target->waiting.clear();
    }
    if (journal_.available()) load(std::move(affected));  // else once it is back
    for (const commit_gate::entry& each : failed->commands)
        refuse(each.what, errc::database_unavailable, is_uncertain);
    for (const pending_command& each : refused) refuse(each, errc::database_unavailable, false);
}

// The database refused the batch: memory and database differ. Of which restaurant, it says mostly: what the
// others had in the batch is right and surely not stored, so it is sent again as it was.
void engine::decide_again(const std::optional<restaurant_id>& refused) {
    const std::unique_ptr<commit_gate::sealed> failed = std::move(in_flight_);
    const auto named = std::find_if(failed->touched.begin(), failed->touched.end(),
                                    [&refused](const owned_restaurant* each) { return refused == each->id; });
    if (named == failed->touched.end() || failed->touched.size() == 1)
        return decide_again(std::move(failed->commands), failed->touched);
    ++counts_.parted;
    const std::vector<owned_restaurant*> lost{*named};
    commit_gate::parted parted = gate_.part(std::move(*failed), *lost.front());
    in_flight_ = std::make_unique<commit_gate::sealed>(std::move(parted.rest));
    decide_again(std::move(parted.refused), lost);
    if (mutant_on(mutant::forgets_the_rest)) return release();
    send_in_flight();
}

// Reads what was touched, then decides the same commands anew, in the same order. Answers come last.
void engine::decide_again(std::vector<commit_gate::entry>&& lost,
                          const std::vector<owned_restaurant*>& touched) {
    std::vector<commit_gate::entry> again;
    std::vector<pending_command> given_up;
    for (commit_gate::entry& each : lost) {
        if (++each.what.attempts < limits::batch_attempts) {
            again.push_back(std::move(each));
        } else {
            given_up.push_back(std::move(each.what));
        }
    }
    for (commit_gate::entry& each : gate_.remove(&touched)) again.push_back(std::move(each));
    waiting_ += again.size();
    for (auto each = again.rbegin(); each != again.rend(); ++each)
        each->target->waiting.push_front(std::move(each->what));
    for (owned_restaurant* target : touched) target->undecided = 0;
    load(touched);
    for (const pending_command& each : given_up) {
        reply told;
        told.code = each.given_up_as.value_or(errc::database_unavailable);
        told.receipt_exists = each.decided.answer.receipt_exists;
        if (!each.given_up_as && !told.receipt_exists) ++counts_.given_up;
        answer(each.command, std::move(told));
    }
}

}  // namespace qtable
