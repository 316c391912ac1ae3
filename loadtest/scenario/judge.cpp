#include "loadtest/measure/threshold.hpp"
#include "loadtest/report/page.hpp"
#include "loadtest/scenario/farm_report.hpp"
#include "loadtest/scenario/run_scenario.hpp"

namespace qtable::loadtest {

namespace {

// The delays that thresholds on events mean: after the 201 where any could be told, else after the event's
// time.
histogram event_delays(const run_report& report) {
    histogram sum;
    for (const std::string_view prefix : {after_201, after_at}) {
        for (const delay_report& each : report.delays) {
            if (each.name.starts_with(prefix)) sum.merge(each.delay);
        }
        if (!sum.is_empty()) break;
    }
    return sum;
}

threshold_report judge_one(const threshold& wanted, const run_report& report) {
    threshold_report made{wanted.text, false, ""};
    kind_report of = report.total();
    if (wanted.which) {
        const kind_report* const found = report.find(name_of(*wanted.which));
        if (found == nullptr) {
            made.detail = "no such request was made";
            return made;
        }
        of = *found;
    }
    double value = 0;
    histogram delays;
    switch (wanted.what) {
        case measure::percentile:
        case measure::event_percentile:
            delays = wanted.what == measure::percentile ? of.latency : event_delays(report);
            if (delays.is_empty()) {
                made.detail = "nothing was measured";
                return made;
            }
            value = static_cast<double>(delays.percentile(wanted.percent));
            made.detail = "is " + duration_text(value);
            break;
        case measure::errors:
            value = of.error_percent();
            made.detail = "are " + percent_text(value);
            break;
        case measure::conflicts:
            value = of.conflict_percent();
            made.detail = "are " + percent_text(value);
            break;
        case measure::rate:
            value = report.rate_achieved;
            if (wanted.which && report.duration_s > 0)
                value = static_cast<double>(of.ok + of.conflicts) / report.duration_s;
            made.detail = "is " + count_text(value) + "/s";
            break;
    }
    made.is_kept = wanted.holds(value);
    return made;
}

}  // namespace

void judge(const std::vector<threshold>& thresholds, run_report& report) {
    for (const threshold& each : thresholds) report.thresholds.push_back(judge_one(each, report));
}

}  // namespace qtable::loadtest
