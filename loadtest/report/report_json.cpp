// The JSON form of a run; REPORT.md describes it member by member.
#include <boost/json.hpp>
#include <cmath>
#include <fstream>
#include <iterator>

#include "loadtest/failure.hpp"
#include "loadtest/report/run_report.hpp"
#include "proto/json_writer.hpp"

namespace qtable::loadtest {

namespace {

namespace json = boost::json;
using proto::json_writer;

constexpr std::string_view schema = "qtable-load/1";

// ---- out

std::int64_t whole(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

void write_histogram(json_writer& out, const histogram& from) {
    out.begin_object();
    out.key("count").integer(whole(from.count())).key("min_ns").integer(from.min());
    out.key("mean_ns").number(from.mean());
    out.key("p50_ns").integer(from.percentile(50)).key("p90_ns").integer(from.percentile(90));
    out.key("p99_ns").integer(from.percentile(99)).key("p999_ns").integer(from.percentile(99.9));
    out.key("max_ns").integer(from.max()).key("buckets").begin_array();
    from.for_each([&out](std::int64_t value, std::uint64_t count) {
        out.begin_array().integer(value).integer(whole(count)).end_array();
    });
    out.end_array().end_object();
}

void write_kinds(json_writer& out, const run_report& from) {
    const auto write = [&out](const kind_report& each) {
        out.begin_object().key("name").text(each.name).key("requests").integer(whole(each.requests));
        out.key("ok").integer(whole(each.ok)).key("conflicts").integer(whole(each.conflicts));
        out.key("errors").integer(whole(each.errors)).key("codes").begin_object();
        for (const auto& [code, count] : each.codes) out.key(code).integer(whole(count));
        out.end_object().key("latency");
        write_histogram(out, each.latency);
        out.end_object();
    };
    out.key("total");
    write(from.total());
    out.key("kinds").begin_array();
    for (const kind_report& each : from.kinds) write(each);
    out.end_array();
}

void write_seconds(json_writer& out, const run_report& from) {
    out.key("seconds").begin_array();
    for (const second_report& each : from.seconds) {
        out.begin_object().key("second").integer(each.second).key("is_warmup").boolean(each.is_warmup);
        out.key("sent").integer(whole(each.sent)).key("answered").integer(whole(each.answered));
        out.key("conflicts").integer(whole(each.conflicts)).key("errors").integer(whole(each.errors));
        out.key("p50_ns").integer(each.p50_ns).key("p99_ns").integer(each.p99_ns);
        out.key("events").integer(whole(each.events)).key("event_p99_ns").integer(each.event_p99_ns);
        out.end_object();
    }
    out.end_array();
}

void write_client(json_writer& out, const client_report& from) {
    out.key("client").begin_object().key("threads").integer(from.threads);
    out.key("connections").integer(from.connections).key("cpu_share").number(from.cpu_share);
    out.key("waited_percent").number(from.waited_percent).key("reconnects").integer(whole(from.reconnects));
    out.key("longest_pause_ns").integer(from.longest_pause_ns);
    out.key("is_bottleneck").boolean(from.is_bottleneck).key("reasons").begin_array();
    for (const std::string& each : from.reasons) out.text(each);
    out.end_array().key("send_lag");
    write_histogram(out, from.send_lag);
    out.end_object();
}

template <class Verdicts>
void write_verdicts(json_writer& out, const char* name, const Verdicts& from, const char* title) {
    out.key(name).begin_array();
    for (const auto& each : from) {
        if constexpr (requires { each.text; }) {
            out.begin_object().key(title).text(each.text);
        } else {
            out.begin_object().key(title).text(each.name);
        }
        out.key("is_kept").boolean(each.is_kept).key("detail").text(each.detail).end_object();
    }
    out.end_array();
}

// ---- in

std::uint64_t count_in(const json::object& from, std::string_view name) {
    return from.at(name).to_number<std::uint64_t>();
}
std::int64_t integer_in(const json::object& from, std::string_view name) {
    return from.at(name).to_number<std::int64_t>();
}
double number_in(const json::object& from, std::string_view name) {
    return from.at(name).to_number<double>();
}
std::string text_in(const json::object& from, std::string_view name) {
    return std::string(from.at(name).as_string());
}

histogram read_histogram(const json::object& from) {
    histogram made;
    for (const json::value& each : from.at("buckets").as_array())
        made.record(each.at(0).to_number<std::int64_t>(), each.at(1).to_number<std::uint64_t>());
    made.restore(integer_in(from, "min_ns"), integer_in(from, "max_ns"),
                 number_in(from, "mean_ns") * static_cast<double>(made.count()));
    return made;
}

kind_report read_kind(const json::object& from) {
    kind_report made;
    made.name = text_in(from, "name");
    made.requests = count_in(from, "requests");
    made.ok = count_in(from, "ok");
    made.conflicts = count_in(from, "conflicts");
    made.errors = count_in(from, "errors");
    for (const auto& code : from.at("codes").as_object())
        made.codes.emplace_back(code.key(), code.value().to_number<std::uint64_t>());
    made.latency = read_histogram(from.at("latency").as_object());
    return made;
}

second_report read_second(const json::object& from) {
    second_report made;
    made.second = integer_in(from, "second");
    made.is_warmup = from.at("is_warmup").as_bool();
    made.sent = count_in(from, "sent");
    made.answered = count_in(from, "answered");
    made.conflicts = count_in(from, "conflicts");
    made.errors = count_in(from, "errors");
    made.p50_ns = integer_in(from, "p50_ns");
    made.p99_ns = integer_in(from, "p99_ns");
    made.events = count_in(from, "events");
    made.event_p99_ns = integer_in(from, "event_p99_ns");
    return made;
}

client_report read_client(const json::object& from) {
    client_report made;
    made.threads = from.at("threads").to_number<unsigned>();
    made.connections = from.at("connections").to_number<std::uint32_t>();
    made.cpu_share = number_in(from, "cpu_share");
    made.waited_percent = number_in(from, "waited_percent");
    made.reconnects = count_in(from, "reconnects");
    made.longest_pause_ns = integer_in(from, "longest_pause_ns");
    made.is_bottleneck = from.at("is_bottleneck").as_bool();
    for (const json::value& each : from.at("reasons").as_array()) made.reasons.emplace_back(each.as_string());
    made.send_lag = read_histogram(from.at("send_lag").as_object());
    return made;
}

void read_lists(const json::object& from, run_report& made) {
    for (const json::value& each : from.at("notes").as_array()) made.notes.emplace_back(each.as_string());
    for (const json::value& each : from.at("kinds").as_array())
        made.kinds.push_back(read_kind(each.as_object()));
    for (const json::value& each : from.at("seconds").as_array())
        made.seconds.push_back(read_second(each.as_object()));
    for (const json::value& each : from.at("delays").as_array()) {
        const json::object& one = each.as_object();
        made.delays.push_back({text_in(one, "name"), read_histogram(one.at("delay").as_object())});
    }
    for (const json::value& each : from.at("facts").as_array()) {
        const json::object& one = each.as_object();
        made.facts.push_back({text_in(one, "name"), number_in(one, "value"), text_in(one, "unit")});
    }
    for (const json::value& each : from.at("checks").as_array()) {
        const json::object& one = each.as_object();
        made.checks.push_back({text_in(one, "name"), one.at("is_kept").as_bool(), text_in(one, "detail")});
    }
    for (const json::value& each : from.at("thresholds").as_array()) {
        const json::object& one = each.as_object();
        made.thresholds.push_back(
            {text_in(one, "text"), one.at("is_kept").as_bool(), text_in(one, "detail")});
    }
}

}  // namespace

std::string to_json(const run_report& from) {
    std::string text;
    json_writer out(text);
    out.begin_object().key("schema").text(schema).key("scenario").text(from.scenario);
    out.key("target").text(from.target).key("started_at").text(from.started_at);
    out.key("loop").text(from.loop).key("arrivals").text(from.arrivals);
    out.key("rate_target").number(from.rate_target).key("rate_achieved").number(from.rate_achieved);
    out.key("duration_s").number(from.duration_s).key("warmup_s").number(from.warmup_s);
    out.key("seed").integer(whole(from.seed)).key("exit_code").integer(from.exit_code());
    out.key("notes").begin_array();
    for (const std::string& each : from.notes) out.text(each);
    out.end_array();
    write_kinds(out, from);
    write_seconds(out, from);
    out.key("delays").begin_array();
    for (const delay_report& each : from.delays) {
        out.begin_object().key("name").text(each.name).key("delay");
        write_histogram(out, each.delay);
        out.end_object();
    }
    out.end_array().key("facts").begin_array();
    for (const fact& each : from.facts) {
        out.begin_object().key("name").text(each.name).key("value").number(each.value);
        out.key("unit").text(each.unit).end_object();
    }
    out.end_array();
    write_client(out, from.client);
    write_verdicts(out, "checks", from.checks, "name");
    write_verdicts(out, "thresholds", from.thresholds, "text");
    out.end_object();
    text += '\n';
    return text;
}

run_report from_json(std::string_view text) {
    try {
        const json::value parsed = json::parse(json::string_view(text.data(), text.size()));
        const json::object& from = parsed.as_object();
        if (text_in(from, "schema") != schema) throw usage_error("is of another schema than qtable-load/1");
        run_report made;
        made.scenario = text_in(from, "scenario");
        made.target = text_in(from, "target");
        made.started_at = text_in(from, "started_at");
        made.loop = text_in(from, "loop");
        made.arrivals = text_in(from, "arrivals");
        made.rate_target = number_in(from, "rate_target");
        made.rate_achieved = number_in(from, "rate_achieved");
        made.duration_s = number_in(from, "duration_s");
        made.warmup_s = number_in(from, "warmup_s");
        made.seed = count_in(from, "seed");
        made.client = read_client(from.at("client").as_object());
        read_lists(from, made);
        return made;
    } catch (const usage_error&) {
        throw;
    } catch (const std::exception& wrong) {
        throw usage_error(std::string("isn't the JSON of a run: ") + wrong.what());
    }
}

run_report read_run_report(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw usage_error(path + ": can't be read");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    try {
        return from_json(text);
    } catch (const usage_error& wrong) {
        throw usage_error(path + ": " + wrong.what());
    }
}

void write_file(const std::string& path, std::string_view text, const char* flag) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) throw usage_error(std::string(flag) + ' ' + path + ": can't be written");
}

}  // namespace qtable::loadtest
