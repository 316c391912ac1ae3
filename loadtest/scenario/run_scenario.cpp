#include "loadtest/scenario/run_scenario.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/base/time.hpp"
#include "loadtest/check/verification.hpp"
#include "loadtest/report/page.hpp"
#include "loadtest/scenario/farm_report.hpp"
#include "loadtest/scenario/load.hpp"
#include "loadtest/scenario/set_up.hpp"

namespace qtable::loadtest {

namespace {

// Beyond these the figures say more about the client than about the target.
constexpr double cpu_share_bound = 0.9;
constexpr std::int64_t send_lag_bound_ns = 2 * ns_per_ms;
constexpr std::int64_t pause_bound_ns = 500 * ns_per_ms;
constexpr double worth_a_note_percent = 1;

constexpr std::string_view until_refused = "until a 429 or 503";

run_report head_of(const target& to, const run_options& options) {
    run_report made;
    made.scenario = options.what->name;
    made.target = to.url;
    made.started_at = rfc3339_utc_ms({wall_ns() / ns_per_ms}).substr(0, 19) + "Z";
    made.loop = options.is_closed ? "closed" : "open";
    made.arrivals = options.is_closed ? "" : name_of(options.arrivals);
    made.rate_target = options.is_closed ? 0 : options.rate;
    made.warmup_s = options.warmup_s;
    made.seed = options.seed;
    return made;
}

void add_requests(const load& from, run_report& to) {
    const auto totals = from.requests().totals();
    histogram refusals;
    for (std::size_t i = 0; i < kinds; ++i) {
        const kind_totals& of = totals[i];
        if (of.requests == 0) continue;
        kind_report made;
        made.name = kind_names[i];
        made.requests = of.requests;
        made.ok = of.ok;
        made.conflicts = of.conflicts;
        made.errors = of.errors;
        made.latency = of.latency;
        for (std::size_t code = 0; code < of.codes.size(); ++code) {
            if (of.codes[code] > 0)
                made.codes.emplace_back(outcome_name(static_cast<outcome_code>(code)), of.codes[code]);
        }
        to.kinds.push_back(std::move(made));
        refusals.merge(of.refusal);
    }
    if (!refusals.is_empty()) to.delays.push_back({std::string(until_refused), std::move(refusals)});
    to.duration_s = std::max(0.0, seconds(from.requests().ended_ns() - from.window().from_ns));
    if (to.duration_s > 0)
        to.rate_achieved = static_cast<double>(from.requests().answered_in_window()) / to.duration_s;
    to.seconds = from.seconds();
    const kind_report all = to.total();
    to.checks.push_back({"the target answered", all.ok + all.conflicts > 0,
                         count_text(static_cast<double>(all.ok + all.conflicts)) + " of " +
                             count_text(static_cast<double>(all.requests)) + " requests"});
}

void add_client(const load& from, const run_options& options, run_report& to) {
    const sending_totals sending = from.requests().sending();
    client_report& made = to.client;
    made.threads = options.threads;
    made.connections = options.connections;
    made.cpu_share = from.requests().busiest_cpu_share();
    made.send_lag = sending.lag;
    made.reconnects = from.requests().reconnects();
    if (sending.sent > 0)
        made.waited_percent = 100 * static_cast<double>(sending.waited) / static_cast<double>(sending.sent);
    if (made.cpu_share > cpu_share_bound)
        made.reasons.push_back("its busiest thread used " + percent_text(100 * made.cpu_share) +
                               " of a core: raise --threads, or take the figures as the client's");
    if (from.sockets() != nullptr && from.sockets()->totals().cpu_share > cpu_share_bound)
        made.reasons.push_back("the thread of the sockets used " +
                               percent_text(100 * from.sockets()->totals().cpu_share) +
                               " of a core: the delays of events are the client's");
    const std::int64_t lag_ns = sending.lag.percentile(99);
    if (lag_ns > send_lag_bound_ns)
        made.reasons.push_back(
            "one request of a hundred left " + duration_text(static_cast<double>(lag_ns)) +
            " or more after it could have (the wait is counted): this machine is too busy");
    made.longest_pause_ns = from.requests().longest_pause_ns();
    if (made.longest_pause_ns > pause_bound_ns)
        made.reasons.push_back("it stood still for " +
                               duration_text(static_cast<double>(made.longest_pause_ns)) +
                               ": this machine, or whoever may stop processes here, paused it");
    made.is_bottleneck = !made.reasons.empty();
    if (made.waited_percent > worth_a_note_percent)
        to.notes.push_back(percent_text(made.waited_percent) + " of the requests found all " +
                           std::to_string(options.connections) +
                           " connections busy and waited for one, which is counted (--connections)");
}

void add_outage(const load& from, run_report& to) {
    const blip_watch saw = from.outage();
    to.facts.push_back({"writes refused with 503", static_cast<double>(saw.refused), ""});
    to.facts.push_back({"writes without an answer", static_cast<double>(saw.unanswered), ""});
    if (saw.first_ns == 0) {
        to.notes.push_back("no write was refused: was the database interrupted?");
        return;
    }
    to.facts.push_back({"from the first refusal to the last", seconds(saw.last_ns - saw.first_ns), "s"});
    if (saw.first_success_ns != 0)
        to.facts.push_back({"from the first refusal to the next success",
                            seconds(saw.first_success_ns - saw.first_ns), "s"});
    to.facts.push_back({"reads answered meanwhile", static_cast<double>(saw.reads_ok), ""});
    to.facts.push_back({"reads refused meanwhile", static_cast<double>(saw.reads_failed), ""});
    to.checks.push_back({"writes go on after the interruption", saw.first_success_ns != 0, ""});
}

void add_bookings(const load& from, run_report& to) {
    std::uint64_t standing = 0, made = 0;
    for (const booking_log* log : from.logs()) {
        standing += log->standing();
        made += log->all().size() + log->not_kept();
    }
    if (made == 0) return;
    to.facts.push_back({"bookings confirmed", static_cast<double>(made), ""});
    to.facts.push_back({"of these not cancelled again", static_cast<double>(standing), ""});
}

template <class Item>
void append(std::vector<Item>& to, const std::vector<Item>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

run_report run_scenario(const run_options& options, live_line& live) {
    const target to = resolve_target(options.target_url, options.is_owned);
    run_report report = head_of(to, options);
    const world in = set_up(to, options, [&live](const std::string& step) { live.say(step); });
    for (const std::string& each : in.notes) live.say("note: " + each);
    report.notes = in.notes;

    load loading(to, in, options);
    live.say("load: " + std::string(options.what->name) + " at " + to.url + " for " +
             count_text(options.duration_s) + " s");
    loading.run(live);
    append(report.notes, loading.notes());
    add_requests(loading, report);
    add_client(loading, options, report);
    add_bookings(loading, report);
    if (loading.sockets() != nullptr)
        add_farm(loading.sockets()->totals(), *options.what, loading.logs(), loading.sockets()->size(),
                 report);
    if (options.what->what == drama::blip) add_outage(loading, report);
    if (options.what->books() && (options.what->is_verified || options.is_verified)) {
        live.say("looking up what was confirmed");
        const verification found = verify(to, in, loading.logs(), options.what->is_hot);
        append(report.checks, found.checks);
        append(report.facts, found.facts);
        append(report.notes, found.notes);
    }
    hide_own_places(to, in);
    judge(options.thresholds, report);
    return report;
}

}  // namespace qtable::loadtest
