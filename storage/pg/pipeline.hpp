// The units that one live connection has sent and not finished: which answer belongs to which statement, and
// what each unit came to. A unit is committed when its SYNC came without an error before it, and not earlier:
// a statement that was already answered is rolled back by a later error of its segment. Owner:
// connection_fsm. Bounds: `depth` units. No I/O but through pg_wire.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "storage/pg/prepared_set.hpp"
#include "storage/pg/wire.hpp"

namespace qtable::storage {

// A unit on its way, with the monotonic times by which it must be answered.
struct open_unit {
    unit work;
    unit_callback callback;
    std::int64_t deadline_ms = 0;
    std::int64_t begun_us = 0;     // when it was submitted, for measuring
    std::int64_t ready_by_ms = 0;  // while there is no connection, it waits no longer than that
    unit_result result;
};

class pipeline {
  public:
    pipeline(pg_wire& wire, bool prepare, std::size_t depth)
        : wire_(wire), prepare_(prepare), depth_(depth) {}

    // Not while `depth` units are in flight, nor when it uses a statement whose preparation isn't answered
    // yet: that may fail, and preparing it a second time would fail as well.
    bool takes(const unit& work) const;
    // False when the connection broke before the unit was complete: then it can't take effect, and `work` is
    // untouched.
    bool send(open_unit& work);
    // Takes every answer that is there; finished units are appended to `finished`.
    void take_answers(std::vector<open_unit>& finished);
    // Ends everything in flight as outcome_unknown and forgets the session.
    void abandon(const std::string& why, std::vector<open_unit>& finished);

    std::size_t in_flight() const noexcept { return units_.size(); }
    // The error of the first unit in flight, when it has had one: what the server said before it hung up.
    const unit_failure* pending_failure() const noexcept {
        return failed_ ? &units_.front().result.failure : nullptr;
    }
    std::int64_t earliest_deadline_ms() const noexcept;

  private:
    enum class operation_kind : std::uint8_t { prepare, execute, sync };
    struct operation {
        operation_kind kind = operation_kind::sync;
        int step = -1;
        std::string_view name;  // of the statement to prepare
    };

    bool send_step(const unit::step& step, int index);
    void take(pg_wire::answer& answer, std::vector<open_unit>& finished);
    void statement_over();
    void unit_over(std::vector<open_unit>& finished);
    void drop_operation();

    pg_wire& wire_;
    bool prepare_;
    std::size_t depth_;
    prepared_set prepared_;
    std::deque<open_unit> units_;
    std::deque<operation> operations_;  // what answers are due, in order
    bool answered_ = false;             // the first of them had its answer, its end mark is due
    bool failed_ = false;               // the first unit had an error
};

}  // namespace qtable::storage
