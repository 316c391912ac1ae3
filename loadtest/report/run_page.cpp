#include <algorithm>

#include "loadtest/measure/threshold.hpp"
#include "loadtest/report/chart.hpp"
#include "loadtest/report/page.hpp"

namespace qtable::loadtest {

namespace {

std::string tile(const std::string& value, const std::string& name) {
    return "<div class=\"tile\"><b>" + escaped(value) + "</b><span>" + escaped(name) + "</span></div>";
}

std::string tiles(const run_report& run, const kind_report& all) {
    std::string out = "<div class=\"tiles\">";
    const std::string target = run.rate_target > 0 ? " of " + count_text(run.rate_target) : "";
    out += tile(count_text(run.rate_achieved) + "/s", "answers" + target);
    out += tile(ns_text(all.latency.percentile(50)), "p50");
    out += tile(ns_text(all.latency.percentile(99)), "p99");
    out += tile(ns_text(all.latency.percentile(99.9)), "p99.9");
    out += tile(ns_text(all.latency.max()), "longest");
    out += tile(percent_text(all.error_percent()),
                "errors (" + count_text(static_cast<double>(all.errors)) + ")");
    out += tile(count_text(static_cast<double>(all.conflicts)), "conflicts (409)");
    for (const delay_report& each : run.delays) {
        // Where it is known how long after its 201 an event came, that is what people ask for.
        const std::string of = each.name.substr(each.name.find(':') + 1);
        const bool is_second_best = each.name.starts_with("after the event's time") &&
                                    run.find_delay("after the 201:" + of) != nullptr;
        if (is_second_best) continue;
        out += tile(ns_text(each.delay.percentile(99)), each.name + ", p99");
    }
    return out + "</div>";
}

std::string verdict(const std::string& name, bool is_kept, const std::string& detail) {
    return "<li class=\"" + std::string(is_kept ? "good" : "bad") + "\">" + escaped(name) + " <small>" +
           escaped(detail) + "</small></li>";
}

std::string verdicts(const run_report& run) {
    std::string out = "<ul class=\"verdicts\">";
    for (const check_report& each : run.checks) out += verdict(each.name, each.is_kept, each.detail);
    for (const threshold_report& each : run.thresholds) out += verdict(each.text, each.is_kept, each.detail);
    for (const std::string& each : run.client.reasons)
        out += verdict("the client held the load back", false, each);
    for (const std::string& each : run.notes) out += "<li class=\"said\">" + escaped(each) + "</li>";
    return out + "</ul>";
}

std::string kind_row(const kind_report& of, double duration_s) {
    std::string out = "<tr><td>" + escaped(of.name) + "</td>";
    const auto cell = [&out](const std::string& text) { out += "<td>" + escaped(text) + "</td>"; };
    cell(count_text(static_cast<double>(of.requests)));
    cell(count_text(duration_s > 0 ? static_cast<double>(of.requests) / duration_s : 0));
    for (const double percent : {50.0, 90.0, 99.0, 99.9, 100.0})
        cell(ns_text(of.latency.percentile(percent)));
    cell(count_text(static_cast<double>(of.conflicts)));
    cell(count_text(static_cast<double>(of.errors)));
    return out + "</tr>";
}

std::string kinds_table(const run_report& run, const kind_report& all) {
    std::string out = "<div class=\"scroll\"><table><caption>Requests</caption><thead><tr><th>kind</th>";
    for (const char* const each :
         {"requests", "a second", "p50", "p90", "p99", "p99.9", "longest", "conflicts", "errors"})
        out += "<th>" + std::string(each) + "</th>";
    out += "</tr></thead><tbody>";
    for (const kind_report& each : run.kinds) out += kind_row(each, run.duration_s);
    return out + kind_row(all, run.duration_s) + "</tbody></table></div>";
}

std::string facts_table(const run_report& run) {
    if (run.facts.empty()) return {};
    std::string out =
        "<div class=\"scroll\"><table class=\"plain\"><caption>What else was counted</caption><tbody>";
    for (const fact& each : run.facts) {
        const bool is_whole = each.unit.empty();
        out += "<tr><td>" + escaped(each.name) + "</td><td>" +
               (is_whole ? count_text(each.value) : escaped(tick_text(each.value, value_kind::number))) +
               (is_whole ? "" : " " + escaped(each.unit)) + "</td></tr>";
    }
    return out + "</tbody></table></div>";
}

chart percentiles_chart(const run_report& run, const kind_report& all) {
    chart made{"Latency by percentile",
               "Each nine takes the same room. From when a request was due to its answer.",
               {axis_kind::percentile, value_kind::number, "percentile"},
               {axis_kind::log, value_kind::duration_ns, ""},
               {}};
    if (run.loop == "closed")
        made.note = "Each nine takes the same room. From sending a request to its answer.";
    if (run.kinds.size() > 1) made.lines.push_back({"all", 7, true, percentile_curve(all.latency)});
    int colour = 0;
    for (const kind_report& each : run.kinds)
        made.lines.push_back({each.name, colour++ % 7, false, percentile_curve(each.latency)});
    return made;
}

chart over_time(const run_report& run) {
    chart made{"Latency over time",
               "By the second of the answer; grey: warming up.",
               {axis_kind::linear, value_kind::second, "seconds since the start"},
               {axis_kind::log, value_kind::duration_ns, ""},
               {{"p50", 0, false, {}}, {"p99", 1, false, {}}}};
    made.shaded_to = run.warmup_s;
    for (const second_report& each : run.seconds) {
        if (each.p50_ns > 0) made.lines[0].points.emplace_back(each.second, each.p50_ns);
        if (each.p99_ns > 0) made.lines[1].points.emplace_back(each.second, each.p99_ns);
    }
    return made;
}

chart rates_chart(const run_report& run) {
    chart made{"Rate",
               "Answers a second, against what was to be sent; grey: warming up.",
               {axis_kind::linear, value_kind::second, "seconds since the start"},
               {axis_kind::linear, value_kind::number, ""},
               {{"answered", 0, false, {}}, {"errors", 6, false, {}}, {"target", 7, true, {}}}};
    made.shaded_to = run.warmup_s;
    if (run.rate_target <= 0) made.note = "Answers a second; grey: warming up.";
    for (const second_report& each : run.seconds) {
        made.lines[0].points.emplace_back(each.second, each.answered);
        if (each.errors > 0 || !made.lines[1].points.empty())
            made.lines[1].points.emplace_back(each.second, each.errors);
        if (run.rate_target > 0) made.lines[2].points.emplace_back(each.second, run.rate_target);
    }
    return made;
}

chart event_delays_chart(const run_report& run) {
    chart made{"Delay of events",
               "From the 201, or from the event's own time, to the socket.",
               {axis_kind::percentile, value_kind::number, "percentile"},
               {axis_kind::log, value_kind::duration_ns, ""},
               {}};
    int colour = 0;
    for (const delay_report& each : run.delays)
        made.lines.push_back({each.name, colour++ % 7, false, percentile_curve(each.delay)});
    return made;
}

chart events_over_time(const run_report& run) {
    chart made{"Delay of events over time",
               "p99 of each second, from the event's own time.",
               {axis_kind::linear, value_kind::second, "seconds since the start"},
               {axis_kind::log, value_kind::duration_ns, ""},
               {{"p99", 1, false, {}}}};
    for (const second_report& each : run.seconds) {
        if (each.event_p99_ns > 0) made.lines[0].points.emplace_back(each.second, each.event_p99_ns);
    }
    return made;
}

std::string answers_by_code(const kind_report& all) {
    std::vector<bar> bars;
    for (const auto& [code, count] : all.codes) {
        const bool is_success = code.starts_with('2');
        if (is_success) continue;
        bars.push_back({code, static_cast<double>(count), count_text(static_cast<double>(count)),
                        code == "409" ? 4 : 6});
    }
    std::sort(bars.begin(), bars.end(), [](const bar& a, const bar& b) { return a.value > b.value; });
    return render_bars("Errors by code", "409 is a conflict: somebody else has the table.", bars,
                       "Every request was answered with success.");
}

std::string headline(const run_report& run) {
    std::string out = run.target + ", " + run.started_at + ", " +
                      tick_text(run.duration_s, value_kind::number) + " s after " +
                      tick_text(run.warmup_s, value_kind::number) + " s of warming up";
    std::string loop = run.loop == "closed" ? "closed loop" : "open loop, " + run.arrivals + " arrivals";
    loop += ", " + std::to_string(run.client.connections) + " connections on " +
            std::to_string(run.client.threads) + (run.client.threads == 1 ? " thread" : " threads") +
            ", seed " + std::to_string(run.seed) + "; the client used " +
            percent_text(100 * run.client.cpu_share) + " of its busiest thread";
    return "<p>" + escaped(out) + "</p><p>" + escaped(loop) + "</p>";
}

}  // namespace

std::string run_page(const run_report& run) {
    const kind_report all = run.total();
    std::string body = tiles(run, all) + verdicts(run) + kinds_table(run, all) + "<div class=\"charts\">";
    body += render(percentiles_chart(run, all)) + render(over_time(run)) + render(rates_chart(run)) +
            answers_by_code(all);
    if (!run.delays.empty()) body += render(event_delays_chart(run)) + render(events_over_time(run));
    body += "</div>" + facts_table(run);
    return whole_page({"Load test: " + run.scenario, headline(run), body});
}

}  // namespace qtable::loadtest
