#include "storage/pg/pipeline.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/assert.hpp"

namespace qtable::storage {

bool pipeline::takes(const unit& work) const {
    if (units_.size() >= depth_) return false;
    if (!prepare_) return true;
    return std::none_of(work.steps().begin(), work.steps().end(), [&](const unit::step& step) {
        return prepared_.of(step.what.name) == prepared_set::state::asked;
    });
}

bool pipeline::send(open_unit& work) {
    QTABLE_ASSERT(takes(work.work));
    // What libpq still answers to a part of a unit is nobody's.
    const std::size_t due_before = operations_.size();
    const auto give_up = [&] {
        operations_.resize(due_before);
        return false;
    };
    int index = 0;
    for (const unit::step& step : work.work.steps()) {
        if (!send_step(step, index++)) return give_up();
    }
    if (!wire_.send_sync()) return give_up();
    operations_.push_back({operation_kind::sync, -1, {}});
    work.result.results.resize(work.work.steps().size());
    units_.push_back(std::move(work));
    return true;
}

bool pipeline::send_step(const unit::step& step, int index) {
    if (!prepare_ || step.what.name.empty()) {
        if (!wire_.send_unprepared(step.what, step.with)) return false;
    } else {
        if (prepared_.of(step.what.name) == prepared_set::state::absent) {
            if (!wire_.send_prepare(step.what, step.with)) return false;
            prepared_.asked(step.what, step.with);
            operations_.push_back({operation_kind::prepare, index, step.what.name});
        }
        prepared_.check_use(step.what, step.with);
        if (!wire_.send_prepared(step.what, step.with)) return false;
    }
    operations_.push_back({operation_kind::execute, index, {}});
    return true;
}

void pipeline::take_answers(std::vector<open_unit>& finished) {
    // libpq marks the end of one statement's answers with one `none`; two in a row mean that nothing more is
    // there.
    for (int ends = 0; ends < 2 && !operations_.empty() && !wire_.busy();) {
        pg_wire::answer answer = wire_.next_answer();
        ends = answer.kind == pg_wire::answer_kind::none ? ends + 1 : 0;
        take(answer, finished);
    }
}

void pipeline::take(pg_wire::answer& answer, std::vector<open_unit>& finished) {
    using kind = pg_wire::answer_kind;
    if (answer.kind == kind::none) return statement_over();
    if (answer.kind == kind::sync) return unit_over(finished);

    operation& due = operations_.front();
    open_unit& of = units_.front();
    answered_ = true;
    if (due.kind == operation_kind::prepare && !due.name.empty()) {
        prepared_.answered(due.name, answer.kind == kind::ok);
        due.name = {};
    }
    if (answer.kind == kind::ok && due.kind == operation_kind::execute) {
        of.result.results[static_cast<std::size_t>(due.step)] = std::move(answer.result);
    }
    if (answer.kind == kind::error && !failed_) {
        failed_ = true;
        of.result.failure = std::move(answer.failure);
        of.result.failure.statement = due.step;
    }
}

// The end mark of an error that came at commit belongs to no statement: the SYNC is still due.
void pipeline::statement_over() {
    if (!answered_) return;
    answered_ = false;
    if (operations_.front().kind != operation_kind::sync) drop_operation();
}

void pipeline::unit_over(std::vector<open_unit>& finished) {
    while (operations_.front().kind != operation_kind::sync) {
        failed_ = true;  // a statement without an answer can't count as done
        drop_operation();
    }
    drop_operation();
    open_unit of = std::move(units_.front());
    units_.pop_front();
    of.result.outcome = failed_ ? unit_outcome::failed : unit_outcome::committed;
    if (failed_) of.result.results.clear();
    answered_ = failed_ = false;
    finished.push_back(std::move(of));
}

void pipeline::drop_operation() {
    const operation& due = operations_.front();
    if (due.kind == operation_kind::prepare && !due.name.empty()) prepared_.answered(due.name, false);
    operations_.pop_front();
}

void pipeline::abandon(const std::string& why, std::vector<open_unit>& finished) {
    for (open_unit& of : units_) {
        of.result.outcome = unit_outcome::outcome_unknown;
        of.result.results.clear();
        of.result.failure = {sqlstate("08006"), -1, {}, why};
        finished.push_back(std::move(of));
    }
    units_.clear();
    operations_.clear();
    prepared_.clear();
    answered_ = failed_ = false;
}

std::int64_t pipeline::earliest_deadline_ms() const noexcept {
    std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
    for (const open_unit& of : units_) earliest = std::min(earliest, of.deadline_ms);
    return earliest;
}

}  // namespace qtable::storage
