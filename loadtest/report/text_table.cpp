#include "loadtest/report/text_table.hpp"

#include <algorithm>

#include "loadtest/measure/threshold.hpp"
#include "loadtest/report/chart.hpp"
#include "loadtest/report/page.hpp"

namespace qtable::loadtest {

namespace {

// Characters, not bytes: "µs" and "×" are one column each.
std::size_t columns(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string count_of(std::uint64_t value) {
    return count_text(static_cast<double>(value));
}

void add_kind(text_table& to, const kind_report& of, double duration_s) {
    std::vector<std::string> row = {
        of.name, count_of(of.requests),
        count_text(duration_s > 0 ? static_cast<double>(of.requests) / duration_s : 0)};
    for (const double percent : {50.0, 90.0, 99.0, 99.9, 100.0})
        row.push_back(ns_text(of.latency.percentile(percent)));
    row.push_back(count_of(of.conflicts));
    row.push_back(count_of(of.errors));
    to.add(std::move(row));
}

}  // namespace

std::string text_table::text() const {
    std::vector<std::size_t> widths(rows_.front().size());
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
    }
    std::string out;
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string fill(widths[i] - columns(row[i]), ' ');
            if (i > 0) out += "  ";
            out += i == 0 ? row[i] + fill : fill + row[i];
        }
        while (out.ends_with(' ')) out.pop_back();
        out += '\n';
    }
    return out;
}

std::string summary_text(const run_report& run) {
    std::string out;
    text_table requests(
        {"", "requests", "a second", "p50", "p90", "p99", "p99.9", "longest", "409s", "errors"});
    for (const kind_report& each : run.kinds) add_kind(requests, each, run.duration_s);
    const kind_report all = run.total();
    if (run.kinds.size() > 1) add_kind(requests, all, run.duration_s);
    out += requests.text();
    out += "answers: " + count_text(run.rate_achieved) + "/s";
    if (run.rate_target > 0) out += " of " + count_text(run.rate_target) + "/s wanted";
    out += ", client CPU " + percent_text(100 * run.client.cpu_share) + " of a thread\n";
    for (const auto& [code, count] : all.codes) {
        if (!code.starts_with('2')) out += "  " + code + ": " + count_of(count) + '\n';
    }
    if (!run.delays.empty()) {
        text_table delays({"delay", "events", "p50", "p90", "p99", "longest"});
        for (const delay_report& each : run.delays) {
            delays.add({each.name, count_of(each.delay.count()), ns_text(each.delay.percentile(50)),
                        ns_text(each.delay.percentile(90)), ns_text(each.delay.percentile(99)),
                        ns_text(each.delay.max())});
        }
        out += '\n' + delays.text();
    }
    if (!run.facts.empty()) out += '\n';
    for (const fact& each : run.facts) {
        out += each.name + ": " +
               (each.unit.empty() ? count_text(each.value) : tick_text(each.value, value_kind::number)) +
               (each.unit.empty() ? "" : " " + each.unit) + '\n';
    }
    return out;
}

std::string verdict_text(const run_report& run) {
    std::string out;
    const auto add = [&out](bool is_kept, const std::string& what, const std::string& detail) {
        out += std::string(is_kept ? "✓ " : "✗ ") + what + (detail.empty() ? "" : " (" + detail + ")") + '\n';
    };
    for (const check_report& each : run.checks) add(each.is_kept, each.name, each.detail);
    for (const threshold_report& each : run.thresholds) add(each.is_kept, each.text, each.detail);
    for (const std::string& each : run.client.reasons)
        out += "! the client held the load back: " + each + '\n';
    return out;
}

}  // namespace qtable::loadtest
