#include "loadtest/report/comparison.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include "loadtest/measure/threshold.hpp"
#include "loadtest/report/page.hpp"
#include "loadtest/report/text_table.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::array<std::pair<const char*, double>, 4> compared_percentiles = {
    {{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}}};

std::string text_of(double value, compared::unit in) {
    switch (in) {
        case compared::unit::duration_ns:
            return duration_text(value);
        case compared::unit::per_second:
            return count_text(value) + "/s";
        case compared::unit::percent:
            return percent_text(value);
    }
    return {};
}

void add_latencies(std::vector<compared>& to, const std::string& name, const histogram& a,
                   const histogram& b) {
    if (a.is_empty() || b.is_empty()) return;
    for (const auto& [word, percent] : compared_percentiles) {
        to.push_back({name + ' ' + word, static_cast<double>(a.percentile(percent)),
                      static_cast<double>(b.percentile(percent))});
    }
}

}  // namespace

std::optional<double> compared::ratio() const noexcept {
    if (a > 0) return b / a;
    return std::nullopt;
}

std::string compared::a_text() const {
    return text_of(a, in);
}
std::string compared::b_text() const {
    return text_of(b, in);
}

std::string compared::ratio_text() const {
    const auto value = ratio();
    if (!value) return b > 0 ? "new" : "=";
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "× %.2f", *value);
    return {text.data(), static_cast<std::size_t>(size)};
}

std::vector<compared> compare_runs(const run_report& a, const run_report& b) {
    std::vector<compared> made;
    const kind_report all_a = a.total(), all_b = b.total();
    made.push_back({"answers", a.rate_achieved, b.rate_achieved, compared::unit::per_second, false});
    made.push_back({"errors", all_a.error_percent(), all_b.error_percent(), compared::unit::percent});
    made.push_back(
        {"conflicts", all_a.conflict_percent(), all_b.conflict_percent(), compared::unit::percent});
    add_latencies(made, "all", all_a.latency, all_b.latency);
    if (a.kinds.size() > 1 || b.kinds.size() > 1) {
        for (const kind_report& each : a.kinds) {
            const kind_report* const other = b.find(each.name);
            if (other != nullptr) add_latencies(made, each.name, each.latency, other->latency);
        }
    }
    for (const delay_report& each : a.delays) {
        const delay_report* const other = b.find_delay(each.name);
        if (other != nullptr) add_latencies(made, each.name, each.delay, other->delay);
    }
    return made;
}

std::vector<std::string> differences(const run_report& a, const run_report& b) {
    std::vector<std::string> found;
    const auto differ = [&found](const std::string& what, const std::string& of_a, const std::string& of_b) {
        if (of_a != of_b) found.push_back(what + ": " + of_a + " and " + of_b);
    };
    differ("scenario", a.scenario, b.scenario);
    differ("loop", a.loop, b.loop);
    differ("target rate", count_text(a.rate_target), count_text(b.rate_target));
    differ("connections", std::to_string(a.client.connections), std::to_string(b.client.connections));
    differ("measured seconds", count_text(a.duration_s), count_text(b.duration_s));
    for (const auto& [run, name] : {std::pair{&a, "first"}, std::pair{&b, "second"}}) {
        if (run->client.is_bottleneck)
            found.push_back(std::string("in the ") + name + " run the client held the load back");
    }
    return found;
}

std::string comparison_text(const run_report& a, const run_report& b, const std::string& a_name,
                            const std::string& b_name) {
    std::string out = "A " + a_name + ": " + a.scenario + " at " + a.target + ", " + a.started_at + "\nB " +
                      b_name + ": " + b.scenario + " at " + b.target + ", " + b.started_at + "\n\n";
    text_table table({"", "A", "B", "B / A"});
    for (const compared& each : compare_runs(a, b))
        table.add({each.name, each.a_text(), each.b_text(), each.ratio_text()});
    out += table.text();
    for (const std::string& each : differences(a, b)) out += "note: not like with like, " + each + '\n';
    return out;
}

}  // namespace qtable::loadtest
