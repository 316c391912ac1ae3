#include "loadtest/report/run_report.hpp"

#include <algorithm>
#include <map>

#include "loadtest/failure.hpp"

namespace qtable::loadtest {

namespace {

double percent_of(std::uint64_t part, std::uint64_t whole) noexcept {
    return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double kind_report::error_percent() const noexcept {
    return percent_of(errors, requests);
}
double kind_report::conflict_percent() const noexcept {
    return percent_of(conflicts, requests);
}

kind_report run_report::total() const {
    kind_report sum;
    sum.name = "all";
    std::map<std::string, std::uint64_t> codes;
    for (const kind_report& each : kinds) {
        sum.requests += each.requests;
        sum.ok += each.ok;
        sum.conflicts += each.conflicts;
        sum.errors += each.errors;
        sum.latency.merge(each.latency);
        for (const auto& [code, count] : each.codes) codes[code] += count;
    }
    sum.codes.assign(codes.begin(), codes.end());
    return sum;
}

const kind_report* run_report::find(std::string_view kind) const noexcept {
    for (const kind_report& each : kinds) {
        if (each.name == kind) return &each;
    }
    return nullptr;
}

const delay_report* run_report::find_delay(std::string_view name) const noexcept {
    for (const delay_report& each : delays) {
        if (each.name == name) return &each;
    }
    return nullptr;
}

std::optional<double> run_report::find_fact(std::string_view name) const noexcept {
    for (const fact& each : facts) {
        if (each.name == name) return each.value;
    }
    return std::nullopt;
}

int run_report::exit_code() const noexcept {
    const auto kept = [](const auto& each) { return each.is_kept; };
    if (!std::all_of(checks.begin(), checks.end(), kept)) return exit_check;
    if (!std::all_of(thresholds.begin(), thresholds.end(), kept)) return exit_threshold;
    return exit_ok;
}

}  // namespace qtable::loadtest
