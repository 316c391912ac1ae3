#include <algorithm>

#include "loadtest/report/chart.hpp"
#include "loadtest/report/comparison.hpp"
#include "loadtest/report/page.hpp"

namespace qtable::loadtest {

namespace {

struct pair_of_runs {
    const run_report& a;
    const run_report& b;
};

constexpr double worth_showing = 0.05;  // of a ratio, in colour

std::string table_of(const pair_of_runs& runs) {
    std::string out =
        "<div class=\"scroll\"><table class=\"plain\"><caption>Figure by figure</caption><thead><tr>"
        "<th></th><th>A</th><th>B</th><th>B / A</th></tr></thead><tbody>";
    for (const compared& each : compare_runs(runs.a, runs.b)) {
        const double ratio = each.ratio().value_or(1);
        const bool is_worse = each.is_less_better ? ratio > 1 + worth_showing : ratio < 1 - worth_showing;
        const bool is_better = each.is_less_better ? ratio < 1 - worth_showing : ratio > 1 + worth_showing;
        const char* const shade = is_worse ? " class=\"worse\"" : is_better ? " class=\"better\"" : "";
        out += "<tr><td>" + escaped(each.name) + "</td><td>" + escaped(each.a_text()) + "</td><td>" +
               escaped(each.b_text()) + "</td><td" + shade + ">" + escaped(each.ratio_text()) + "</td></tr>";
    }
    return out + "</tbody></table></div>";
}

std::string curves(const std::string& title, const histogram& a, const histogram& b) {
    return render({title,
                   "Each nine takes the same room.",
                   {axis_kind::percentile, value_kind::number, "percentile"},
                   {axis_kind::log, value_kind::duration_ns, ""},
                   {{"A", 0, false, percentile_curve(a)}, {"B", 1, false, percentile_curve(b)}}});
}

std::string latency_over_time(const pair_of_runs& runs) {
    chart made{
        "Latency over time",
        "By the second of the answer.",
        {axis_kind::linear, value_kind::second, "seconds since the start"},
        {axis_kind::log, value_kind::duration_ns, ""},
        {{"A p50", 0, true, {}}, {"A p99", 0, false, {}}, {"B p50", 1, true, {}}, {"B p99", 1, false, {}}}};
    std::size_t line = 0;
    for (const run_report* run : {&runs.a, &runs.b}) {
        for (const second_report& each : run->seconds) {
            if (each.p50_ns > 0) made.lines[line].points.emplace_back(each.second, each.p50_ns);
            if (each.p99_ns > 0) made.lines[line + 1].points.emplace_back(each.second, each.p99_ns);
        }
        line += 2;
    }
    return render(made);
}

std::string rates(const pair_of_runs& runs) {
    chart made{"Rate",
               "Answers a second.",
               {axis_kind::linear, value_kind::second, "seconds since the start"},
               {axis_kind::linear, value_kind::number, ""},
               {{"A", 0, false, {}}, {"B", 1, false, {}}}};
    std::size_t line = 0;
    for (const run_report* run : {&runs.a, &runs.b}) {
        for (const second_report& each : run->seconds)
            made.lines[line].points.emplace_back(each.second, each.answered);
        ++line;
    }
    return render(made);
}

std::string bars_of(const pair_of_runs& runs) {
    std::vector<bar> bars;
    int colour = 0;
    for (const run_report* run : {&runs.a, &runs.b}) {
        for (const auto& [code, count] : run->total().codes) {
            const std::string name = std::string(colour == 0 ? "A " : "B ") + code;
            if (!code.starts_with('2'))
                bars.push_back(
                    {name, static_cast<double>(count), count_text(static_cast<double>(count)), colour});
        }
        ++colour;
    }
    return render_bars("Errors by code", "409 is a conflict: somebody else has the table.", bars,
                       "Every request of both was answered with success.");
}

}  // namespace

std::string compare_page(const run_report& a, const run_report& b, const std::string& a_name,
                         const std::string& b_name) {
    const pair_of_runs runs{a, b};
    const std::string head =
        "<p>A " + escaped(a_name + ": " + a.scenario + " at " + a.target + ", " + a.started_at) +
        "</p><p>B " + escaped(b_name + ": " + b.scenario + " at " + b.target + ", " + b.started_at) + "</p>";
    std::string body;
    const auto unlike = differences(a, b);
    if (!unlike.empty()) body += "<ul class=\"verdicts\">";
    for (const std::string& each : unlike)
        body += "<li class=\"said\">not like with like, " + escaped(each) + "</li>";
    if (!unlike.empty()) body += "</ul>";
    body += "<div class=\"charts\">";
    body += curves("Latency by percentile, all requests", a.total().latency, b.total().latency);
    body += latency_over_time(runs) + rates(runs) + "</div>" + table_of(runs) + "<div class=\"charts\">" +
            bars_of(runs);
    for (const kind_report& each : a.kinds) {
        const kind_report* const other = b.find(each.name);
        if (a.kinds.size() > 1 && other != nullptr)
            body += curves("Latency: " + each.name, each.latency, other->latency);
    }
    for (const delay_report& each : a.delays) {
        const delay_report* const other = b.find_delay(each.name);
        if (other != nullptr) body += curves("Delay: " + each.name, each.delay, other->delay);
    }
    return whole_page(
        {"Two load tests: " + a.scenario + (a.scenario == b.scenario ? "" : " and " + b.scenario), head,
         body + "</div>"});
}

}  // namespace qtable::loadtest
