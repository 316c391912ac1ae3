#include "core/engine/engine.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"

namespace qtable {

engine::engine(std::uint16_t core, const wall_clock& clock, journal& log, const renderer& render, released_sink& sink)
    : core_(core), clock_(clock), journal_(log), render_(render), sink_(sink) {}

engine::~engine() = default;

const owned_restaurant* engine::find(const restaurant_id& id) const noexcept {
    const auto found = owned_.find(id);
    return found != owned_.end() ? found->second.get() : nullptr;
}

owned_restaurant& engine::get_or_make(const restaurant_id& id) {
    std::unique_ptr<owned_restaurant>& held = owned_[id];
    if (!held) {
        held = std::make_unique<owned_restaurant>();
        held->id = id;
        held->live.id = id;
        held->live.owner = core_;
    }
    return *held;
}

// ---- commands

void engine::submit(command_envelope&& command) {
    ++counts_.commands;
    pending_command what{std::move(command), {}, clock_.now(), 0};
    const auto known = owned_.find(what.command.restaurant);
    const bool creates = std::holds_alternative<create_restaurant>(what.command.body);
    if (known == owned_.end() && !creates) return refuse(what, errc::not_found, false);
    if (!journal_.available()) return refuse(what, errc::database_unavailable, false);
    if (gate_.size() + waiting_for_load_ >= limits::mailbox_commands) return refuse(what, errc::overloaded, false);
    if (known != owned_.end()) return route(*known->second, std::move(what));
    owned_restaurant& made = get_or_make(what.command.restaurant);
    made.now = owned_restaurant::state::ready;
    route(made, std::move(what));
}

void engine::route(owned_restaurant& target, pending_command&& what) {
    switch (target.now) {
        case owned_restaurant::state::ready: return decide_and_gate(target, std::move(what));
        case owned_restaurant::state::stale: load({&target}); break;
        case owned_restaurant::state::loading: break;
    }
    ++waiting_for_load_;
    target.waiting.push_back(std::move(what));
}

void engine::decide_and_gate(owned_restaurant& target, pending_command&& what) {
    what.decided = decide(target, what.command, clock_.now(), render_);
    if (!what.decided.answer.ok()) ++counts_.refused;
    if (!what.decided.changes_anything() && target.undecided == 0) {
        sink_.answer(what.command.reply_to, std::move(what.decided.answer));
        return;
    }
    // A refusal that rests on what is not committed yet waits with it.
    gate_.push(target, std::move(what));
    send_next();
}

void engine::refuse(const pending_command& what, errc code, bool is_uncertain) {
    reply answer;
    answer.code = code;
    answer.is_uncertain = is_uncertain;
    if (code == errc::database_unavailable) ++counts_.unavailable;
    sink_.answer(what.command.reply_to, std::move(answer));
}

// ---- the commit

void engine::send_next() {
    while (!in_flight_ && !gate_.is_empty()) {
        in_flight_ = std::make_unique<commit_gate::sealed>(gate_.seal(clock_.now(), render_));
        if (in_flight_->what->events.empty()) {
            release();  // refusals only
            continue;
        }
        ++counts_.batches;
        counts_.batched_commands += in_flight_->commands.size();
        journal_.write(in_flight_->what, [this](const batch_result& result) { on_written(result); });
        return;
    }
}

void engine::on_written(const batch_result& result) {
    QTABLE_ASSERT(in_flight_ && result.batch_id == in_flight_->what->id);
    switch (result.outcome) {
        case batch_outcome::committed: release(); break;
        case batch_outcome::unavailable: fail(false); break;
        case batch_outcome::conflict: {
            ++counts_.conflicts;
            pending_command& first = in_flight_->commands.front().what;
            if (result.conflict == conflict_kind::receipt_exists && in_flight_->commands.size() == 1) {
                first.decided.answer.receipt_exists = true;
                first.attempts = limits::batch_attempts;
            }
            decide_again();
            break;
        }
        case batch_outcome::unknown:
            ++counts_.unknown_outcomes;
            journal_.probe(in_flight_->what->events.front(), [this](batch_outcome outcome) {
                if (outcome == batch_outcome::committed) {
                    release();
                } else if (outcome == batch_outcome::conflict) {
                    decide_again();
                } else {
                    fail(true);
                }
                send_next();
            });
            return;
    }
    send_next();
}

// Committed: capacity that was given back is free now, other cores see it, and everyone hears of it.
void engine::release() {
    for (commit_gate::entry& each : in_flight_->commands) {
        --each.target->undecided;
        for (const release_ticket& ticket : each.what.decided.releases) each.target->stock->commit_release(ticket);
    }
    for (owned_restaurant* target : in_flight_->touched) {
        if (target->exists()) release_events(*target, publish(*target));
    }
    for (commit_gate::entry& each : in_flight_->commands) {
        for (customer_notice& notice : each.what.decided.notices) sink_.notice(std::move(notice));
    }
    answer_released();
    in_flight_.reset();
}

void engine::release_events(owned_restaurant& target, publication&& told) {
    const auto tell = [&](const logged_event& row, std::vector<availability_change> changes, bool is_value_unknown) {
        target.log.release(row);
        sink_.event({row, target.log.epoch(), std::move(changes), is_value_unknown}, target.live);
    };
    for (const commit_gate::entry& each : in_flight_->commands) {
        if (each.target != &target) continue;
        for (const logged_event& row : each.what.decided.events) tell(row, {}, false);
    }
    for (const commit_gate::availability_row& each : in_flight_->availability) {
        if (each.target != &target) continue;
        std::vector<availability_change> changes;
        for (const availability_change& change : told.changes) {
            if (each.day && change.date == *each.day) changes.push_back(change);
        }
        tell(each.row, std::move(changes), false);
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
        if (waits != held.end()) {
            waits->second->all.emplace_back(each.what.command.reply_to, std::move(each.what.decided.answer));
        } else {
            sink_.answer(each.what.command.reply_to, std::move(each.what.decided.answer));
        }
    }
    for (auto& [target, answers] : held) {
        sink_.configured(target->live, [this, kept = std::move(answers)] {
            for (auto& [to, answer] : kept->all) sink_.answer(to, std::move(answer));
        });
    }
}

// The database is away: nothing of the batch counts, and what was decided on top of it doesn't either.
void engine::fail(bool is_uncertain) {
    const std::unique_ptr<commit_gate::sealed> failed = std::move(in_flight_);
    for (const commit_gate::entry& each : failed->commands) refuse(each.what, errc::database_unavailable, is_uncertain);
    for (owned_restaurant* target : failed->touched) mark_stale(*target);
    const std::vector<owned_restaurant*>* affected = journal_.available() ? &failed->touched : nullptr;
    for (const commit_gate::entry& each : gate_.remove(affected)) {
        refuse(each.what, errc::database_unavailable, false);
        mark_stale(*each.target);
    }
}

// The database refused the batch: memory and database differ. Read what was touched, then decide the same commands anew.
void engine::decide_again() {
    const std::unique_ptr<commit_gate::sealed> failed = std::move(in_flight_);
    for (owned_restaurant* target : failed->touched) target->undecided = 0;
    const auto put_back = [this](commit_gate::entry&& each) {
        if (each.what.attempts < limits::batch_attempts) {
            ++waiting_for_load_;
            each.target->waiting.push_back(std::move(each.what));
            return;
        }
        reply answer;
        answer.code = errc::database_unavailable;
        answer.receipt_exists = each.what.decided.answer.receipt_exists;
        sink_.answer(each.what.command.reply_to, std::move(answer));
    };
    for (commit_gate::entry& each : failed->commands) {
        ++each.what.attempts;
        put_back(std::move(each));
    }
    for (commit_gate::entry& each : gate_.remove(&failed->touched)) put_back(std::move(each));
    load(failed->touched);
}

void engine::mark_stale(owned_restaurant& target) {
    target.undecided = 0;
    if (target.now == owned_restaurant::state::ready) target.now = owned_restaurant::state::stale;
}

}  // namespace qtable
