// What one thread of load saw of an outage of the database: which writes were refused, when it was over, and
// whether reads went on meanwhile. Owner: its thread, then whoever reports. Constant size.
#pragma once

#include <cstdint>

#include "loadtest/measure/kinds.hpp"

namespace qtable::loadtest {

struct blip_watch {
    std::uint64_t refused = 0;     // writes answered with 503
    std::uint64_t unanswered = 0;  // writes whose fate nobody told
    std::int64_t first_ns = 0, last_ns = 0;
    std::int64_t first_success_ns = 0;             // of a write, after the last refusal
    std::uint64_t reads_ok = 0, reads_failed = 0;  // between the first refusal and the last

    void saw(kind which, outcome_code code, std::int64_t at_ns) noexcept {
        if (which == kind::book || which == kind::cancel) {
            saw_write(code, at_ns);
        } else if (first_ns != 0) {
            ++(is_error(code) ? reads_failed_since_ : reads_ok_since_);
        }
    }

    // Of several threads.
    void merge(const blip_watch& other) noexcept {
        refused += other.refused;
        unanswered += other.unanswered;
        reads_ok += other.reads_ok;
        reads_failed += other.reads_failed;
        if (other.first_ns != 0 && (first_ns == 0 || other.first_ns < first_ns)) first_ns = other.first_ns;
        if (other.last_ns > last_ns) last_ns = other.last_ns;
        if (first_success_ns < last_ns) first_success_ns = 0;
        const bool is_sooner = first_success_ns == 0 || other.first_success_ns < first_success_ns;
        if (other.first_success_ns > last_ns && is_sooner) first_success_ns = other.first_success_ns;
    }

  private:
    void saw_write(outcome_code code, std::int64_t at_ns) noexcept {
        if (code != 503 && is_answer(code)) {
            if (is_success(code) && last_ns != 0 && first_success_ns == 0) first_success_ns = at_ns;
            return;
        }
        ++(code == 503 ? refused : unanswered);
        if (first_ns == 0) first_ns = at_ns;
        last_ns = at_ns;
        first_success_ns = 0;
        reads_ok = reads_ok_since_;
        reads_failed = reads_failed_since_;
    }

    std::uint64_t reads_ok_since_ = 0, reads_failed_since_ = 0;
};

}  // namespace qtable::loadtest
