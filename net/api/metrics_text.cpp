#include "net/api/metrics_text.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/api/app_core.hpp"
#include "net/api/router.hpp"
#include "net/rt/process_memory.hpp"

namespace qtable::net {

namespace {

class metrics_writer {
  public:
    metrics_writer(std::string& out, app_core& from) : out_(out), from_(from) {}

    void family(std::string_view name, std::string_view type, std::string_view help) {
        ((((out_ += "# HELP qtable_") += name) += ' ') += help) += '\n';
        ((((out_ += "# TYPE qtable_") += name) += ' ') += type) += '\n';
    }
    void sample(std::string_view name, std::string_view labels, std::uint64_t value) {
        (out_ += "qtable_") += name;
        if (!labels.empty()) ((out_ += '{') += labels) += '}';
        ((out_ += ' ') += std::to_string(value)) += '\n';
    }
    // One family with one sample a core.
    template <class Read>
    void per_core(std::string_view name, std::string_view type, std::string_view help, Read&& read) {
        family(name, type, help);
        for (std::uint32_t core = 0; core < from_.cores().size(); ++core) {
            sample(name, "core=\"" + std::to_string(core) + '"', read(from_.peer(core)).value());
        }
    }
    // The same, added up.
    template <class Read>
    std::uint64_t total(Read&& read) {
        std::uint64_t sum = 0;
        for (std::uint32_t core = 0; core < from_.cores().size(); ++core)
            sum += read(from_.peer(core)).value();
        return sum;
    }

    template <class Visit>
    void each_core(Visit&& visit) {
        for (std::uint32_t core = 0; core < from_.cores().size(); ++core) visit(from_.peer(core));
    }
    // The cores' histograms added up; nothing where nothing was recorded.
    void durations(std::string_view name, const std::string& labels,
                   const std::vector<const duration_counts*>& cores) {
        std::uint64_t count = 0, sum_us = 0;
        std::array<std::uint64_t, duration_counts::bounds_us.size() + 1> in_bucket{};
        for (const duration_counts* each : cores) {
            sum_us += each->sum_us();
            for (std::size_t i = 0; i < in_bucket.size(); ++i) in_bucket[i] += each->count_of(i);
        }
        for (const std::uint64_t each : in_bucket) count += each;
        if (count == 0) return;
        const std::string bucket = std::string(name) + "_bucket";
        const std::string before = labels.empty() ? labels : labels + ',';
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < duration_counts::bounds_us.size(); ++i) {
            below += in_bucket[i];
            sample(bucket, before + "le=\"" + std::string(duration_counts::bounds_s[i]) + '"', below);
        }
        sample(bucket, before + "le=\"+Inf\"", count);
        fraction(std::string(name) + "_sum", labels, sum_us);
        sample(std::string(name) + "_count", labels, count);
    }
    // The same of one histogram a core: `read(app_core&)` → it.
    template <class Read>
    void durations_of(std::string_view name, const std::string& labels, Read&& read) {
        std::vector<const duration_counts*> cores;
        each_core([&](app_core& at) { cores.push_back(&read(at)); });
        durations(name, labels, cores);
    }
    // Microseconds, told in seconds.
    void fraction(std::string_view name, std::string_view labels, std::uint64_t us) {
        (out_ += "qtable_") += name;
        if (!labels.empty()) ((out_ += '{') += labels) += '}';
        std::string digits = std::to_string(us % 1'000'000);
        digits.insert(0, 6 - digits.size(), '0');
        ((((out_ += ' ') += std::to_string(us / 1'000'000)) += '.') += digits) += '\n';
    }
    // Of counters of microseconds.
    template <class Read>
    void per_core_seconds(std::string_view name, std::string_view type, std::string_view help, Read&& read) {
        family(name, type, help);
        each_core([&](app_core& at) {
            fraction(name, "core=\"" + std::to_string(at.index()) + '"', read(at).value());
        });
    }

  private:
    std::string& out_;
    app_core& from_;
};

constexpr std::array<std::string_view, 6> status_classes = {"other", "1xx", "2xx", "3xx", "4xx", "5xx"};
constexpr std::array<std::string_view, static_cast<std::size_t>(deadline_stage::count_)> stage_names = {
    "idle", "header", "body", "write", "linger"};
constexpr std::array<std::string_view, 4> shed_names = {"list", "search", "availability", "booking"};
constexpr std::array<std::string_view, static_cast<std::size_t>(ws_close_kind::count_)> close_names = {
    "1000", "1001", "1002", "1003", "1006", "1007", "1008", "1009", "1012", "4401", "4408", "other"};

// By conflict_kind.
constexpr std::array<std::string_view, conflict_kinds> conflict_names = {
    "other", "receipt_exists", "label_taken", "review_exists", "seq_taken"};

std::string labels_of(const route& of) {
    return "method=\"" + std::string(name_of(of.verb)) + "\",route=\"" + std::string(of.pattern) + '"';
}

// Every route's requests; how they ended and how long they took, of those that were asked for.
void write_routes(metrics_writer& to) {
    const auto of = [&to](std::size_t i, auto&& read) {
        return to.total(
            [i, &read](app_core& at) -> const counter& { return read(at.metrics().by_route[i]); });
    };
    to.family("http_requests_total", "counter", "Requests by route and class of the answer's status.");
    for_each_route([&](std::size_t i, const route& each) {
        bool is_asked = false;
        for (std::size_t status = 1; status < app_metrics::status_classes; ++status) {
            const std::uint64_t count =
                of(i, [status](const auto& route) -> const counter& { return route.answers[status]; });
            if (count == 0) continue;
            is_asked = true;
            to.sample("http_requests_total",
                      labels_of(each) + ",code=\"" + std::string(status_classes[status]) + '"', count);
        }
        if (!is_asked) to.sample("http_requests_total", labels_of(each) + ",code=\"2xx\"", 0);
    });
    to.family("http_request_duration_seconds", "histogram",
              "From the turn that got the request to its answer, by route.");
    for_each_route([&](std::size_t i, const route& each) {
        to.durations_of(
            "http_request_duration_seconds", labels_of(each),
            [i](app_core& at) -> const duration_counts& { return at.metrics().by_route[i].took; });
    });
}

void write_http(metrics_writer& to) {
    write_routes(to);
    to.family("http_responses_total", "counter", "Answers by class of status.");
    for (std::size_t i = 1; i < status_classes.size(); ++i) {
        to.sample(
            "http_responses_total", "code=\"" + std::string(status_classes[i]) + '"',
            to.total([i](app_core& at) -> counter& { return at.core().metrics().responses_by_class[i]; }));
    }
    to.family("http_timeouts_total", "counter", "Connections that missed the deadline of a stage.");
    for (std::size_t i = 0; i < stage_names.size(); ++i) {
        to.sample("http_timeouts_total", "stage=\"" + std::string(stage_names[i]) + '"',
                  to.total([i](app_core& at) -> counter& { return at.core().metrics().timeouts[i]; }));
    }
    to.per_core("connections_open", "gauge", "Open connections, sockets included.",
                [](app_core& at) -> counter& { return at.core().metrics().open_connections; });
    to.per_core("connections_accepted_total", "counter", "Connections accepted.",
                [](app_core& at) -> counter& { return at.core().metrics().accepted; });
    to.per_core("accept_errors_total", "counter", "Failed accepts.",
                [](app_core& at) -> counter& { return at.core().metrics().accept_errors; });
    to.per_core("http_parse_errors_total", "counter", "Requests that were not HTTP as we take it.",
                [](app_core& at) -> counter& { return at.core().metrics().parse_errors; });
    to.per_core("handler_exceptions_total", "counter", "Exceptions that ended a request or a socket.",
                [](app_core& at) -> counter& { return at.core().metrics().handler_exceptions; });
    to.per_core("rate_limited_total", "counter", "Requests refused by a rate limit.",
                [](app_core& at) -> counter& { return at.metrics().rate_limited; });
    to.family("http_shed_total", "counter", "Requests refused because the server was overloaded, by kind.");
    for (std::size_t i = 0; i < shed_names.size(); ++i) {
        to.sample("http_shed_total", "class=\"" + std::string(shed_names[i]) + '"',
                  to.total([i](app_core& at) -> counter& { return at.metrics().shed[i]; }));
    }
}

void write_sockets(metrics_writer& to) {
    to.per_core("websocket_connections", "gauge", "Open WebSockets.",
                [](app_core& at) -> counter& { return at.core().metrics().ws_open; });
    to.per_core("websocket_frames_sent_total", "counter", "Frames sent.",
                [](app_core& at) -> counter& { return at.core().metrics().ws_frames_out; });
    to.per_core("websocket_messages_received_total", "counter", "Messages from clients.",
                [](app_core& at) -> counter& { return at.core().metrics().ws_messages_in; });
    to.family("websocket_delivery_seconds", "histogram",
              "From the commit of an event to its write to a socket, each event and socket.");
    to.durations_of("websocket_delivery_seconds", {},
                    [](app_core& at) -> const duration_counts& { return at.core().metrics().delivery; });
    to.per_core("websocket_streams_waiting", "gauge", "Streams with events that aren't delivered yet.",
                [](app_core& at) -> counter& { return at.core().metrics().channels_waiting; });
    to.per_core("websocket_slow_consumers_total", "counter", "Sockets cut off because they read too slowly.",
                [](app_core& at) -> counter& { return at.core().metrics().slow_consumers; });
    to.family("websocket_closes_total", "counter", "Closed WebSockets by code.");
    for (std::size_t i = 0; i < close_names.size(); ++i) {
        to.sample("websocket_closes_total", "code=\"" + std::string(close_names[i]) + '"',
                  to.total([i](app_core& at) -> counter& { return at.core().metrics().ws_closed[i]; }));
    }
}

// Where a booking's time goes.
void write_stages(metrics_writer& to) {
    to.family("booking_stage_seconds", "histogram",
              "Customers' new reservations: queue until the decision begins, decide, commit, answer.");
    const auto stage = [&to](std::string_view name, duration_counts app_metrics::of_booking::*what) {
        to.durations_of(
            "booking_stage_seconds", "stage=\"" + std::string(name) + '"',
            [what](app_core& at) -> const duration_counts& { return at.metrics().booking.*what; });
    };
    using of_booking = app_metrics::of_booking;
    stage("queue", &of_booking::queue);
    stage("decide", &of_booking::decide);
    stage("commit", &of_booking::commit);
    stage("answer", &of_booking::answer);
}

// Each kind of connection, all cores together.
void write_database(metrics_writer& to, app_core& from) {
    const std::span<const counted_connection> kinds = from.backend().connections();
    const auto total = [&](std::string_view name, std::string_view help, auto&& read) {
        to.family(name, "counter", help);
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            std::uint64_t sum = 0;
            to.each_core([&](app_core& at) { sum += read(*at.backend().connections()[i].counts); });
            to.sample(name, "connection=\"" + std::string(kinds[i].name) + '"', sum);
        }
    };
    total("database_queries_total", "Statements that were given to the database.",
          [](const database_counts& of) { return of.queries.value(); });
    total("database_failures_total", "Units of statements that took no effect, or of which that isn't known.",
          [](const database_counts& of) { return of.failures.value(); });
    total("database_reconnects_total", "Sessions that came up after the first one.",
          [](const database_counts& of) { return std::max<std::uint64_t>(of.sessions.value(), 1) - 1; });
    to.family("database_query_duration_seconds", "histogram",
              "A unit of statements, from when it was given to its connection to its answer.");
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        to.durations_of("database_query_duration_seconds", "connection=\"" + std::string(kinds[i].name) + '"',
                        [i](app_core& at) -> const duration_counts& {
                            return at.backend().connections()[i].counts->took;
                        });
    }
}

void write_bookings(metrics_writer& to) {
    to.family("reservations_total", "counter", "Customers' reservation requests by outcome.");
    const auto outcome = [&to](std::string_view name, auto read) {
        to.sample("reservations_total", "outcome=\"" + std::string(name) + '"', to.total(read));
    };
    outcome("created", [](app_core& at) -> counter& { return at.metrics().reservations_created; });
    outcome("refused", [](app_core& at) -> counter& { return at.metrics().reservations_refused; });
    outcome("change_requested", [](app_core& at) -> counter& { return at.metrics().reservations_changed; });
    outcome("cancel_requested", [](app_core& at) -> counter& { return at.metrics().reservations_cancelled; });
    const auto each = [&to](std::string_view name, std::string_view help, counter app_metrics::*what) {
        to.per_core(name, "counter", help, [what](app_core& at) -> counter& { return at.metrics().*what; });
    };
    each("idempotent_replays_total", "Answers given again for a known key.", &app_metrics::replays);
    each("searches_total", "Searches.", &app_metrics::searches);
    each("availability_answers_total", "Availability answers.", &app_metrics::availability_answers);
    each("login_failures_total", "Logins with a wrong password or account.", &app_metrics::login_failures);
    each("commands_total", "Commands decided by owners.", &app_metrics::commands);
    each("commands_refused_total", "Commands that were not possible.", &app_metrics::refused);
    each("batches_total", "Commits.", &app_metrics::batches);
    each("batched_commands_total", "Commands in these commits.", &app_metrics::batched_commands);
    to.family("commit_conflicts_total", "counter",
              "Commits that the database refused, by what stood against.");
    for (std::size_t i = 0; i < conflict_kinds; ++i) {
        to.sample("commit_conflicts_total", "conflict=\"" + std::string(conflict_names[i]) + '"',
                  to.total([i](app_core& at) -> counter& { return at.metrics().conflicts_of[i]; }));
    }
    each("commit_parts_kept_total",
         "Refused commits that were sent again without the one restaurant that was refused.",
         &app_metrics::parted);
    each("commands_given_up_total", "Commands answered 503 after three refused commits in a row.",
         &app_metrics::given_up);
    each("commit_unknown_total", "Commits whose outcome had to be looked up.",
         &app_metrics::unknown_outcomes);
    each("commands_unavailable_total", "Commands refused because the database is away.",
         &app_metrics::unavailable);
    each("reloads_total", "Restaurants read again from the database.", &app_metrics::reloads);
    each("followed_total", "Times that what other nodes logged of a restaurant was all that had to be read.",
         &app_metrics::followed);
    to.per_core("restaurants", "gauge", "Restaurants owned.",
                [](app_core& at) -> counter& { return at.metrics().restaurants; });
    to.per_core("commands_waiting", "gauge", "Commands waiting for their commit.",
                [](app_core& at) -> counter& { return at.metrics().waiting_commands; });
    to.per_core("database_up", "gauge", "Whether the core's journal reaches the database.",
                [](app_core& at) -> counter& { return at.metrics().is_database_up; });
}

// What the allocator holds, where it says.
void write_heap(metrics_writer& to, const app_options& options) {
    if (!options.heap) return;
    const heap_figures heap = options.heap();
    const auto gauge = [&to](std::string_view name, std::string_view help, std::uint64_t bytes) {
        to.family(name, "gauge", help);
        to.sample(name, {}, bytes);
    };
    gauge("jemalloc_allocated_bytes", "Handed out to the program.", heap.allocated);
    gauge("jemalloc_active_bytes", "In pages with something handed out.", heap.active);
    gauge("jemalloc_resident_bytes", "Of the machine's memory, kept by the allocator.", heap.resident);
    gauge("jemalloc_mapped_bytes", "Of the address space, kept by the allocator.", heap.mapped);
}

// Of the whole process, as the kernel counts it; under the names that every exporter uses.
void write_process(metrics_writer& to, const memory_limit& memory) {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto us = [](const timeval& time) {
        return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(time.tv_usec);
    };
    to.family("process_cpu_seconds_total", "counter", "User and system time of all threads.");
    to.fraction("process_cpu_seconds_total", {}, us(used.ru_utime) + us(used.ru_stime));
    to.family("process_resident_memory_bytes", "gauge", "Memory in use.");
    to.sample("process_resident_memory_bytes", {}, resident_bytes());
    to.family("memory_soft_limit_bytes", "gauge",
              "Beyond it new WebSockets and long lists are refused; 0 = none.");
    to.sample("memory_soft_limit_bytes", {}, memory.soft_bytes());
    to.family("memory_is_short", "gauge", "1 while the process is beyond its soft limit.");
    to.sample("memory_is_short", {}, memory.is_short() ? 1U : 0U);
}

}  // namespace

void write_metrics(std::string& out, app_core& from) {
    metrics_writer to(out, from);
    write_http(to);
    write_sockets(to);
    write_bookings(to);
    write_stages(to);
    write_database(to, from);
    to.per_core("http_requests_in_flight", "gauge", "Requests that are answered later and aren't yet.",
                [](app_core& at) -> counter& { return at.metrics().in_flight; });
    to.per_core("persisted_commands_total", "counter", "Commands that changed something and are committed.",
                [](app_core& at) -> counter& { return at.metrics().persisted; });
    to.per_core_seconds("persist_seconds_total", "counter",
                        "From a command's submission to its commit, added up; by the count above: the lag.",
                        [](app_core& at) -> counter& { return at.metrics().persist_us; });
    to.per_core_seconds("loop_wait_seconds", "gauge", "What a ready socket waited last for its turn.",
                        [](app_core& at) -> counter& { return at.metrics().loop_wait_us; });
    to.per_core_seconds("core_cpu_seconds_total", "counter",
                        "What the core's thread computed: its busy ratio by rate().",
                        [](app_core& at) -> counter& { return at.metrics().cpu_us; });
    write_process(to, from.shared().memory);
    write_heap(to, from.options());
    to.per_core("loop_turns_total", "counter", "Wake-ups of the core's loop.",
                [](app_core& at) -> counter& { return at.core().metrics().turns; });
    to.per_core("mailbox_messages_total", "counter", "Messages from other cores.",
                [](app_core& at) -> counter& { return at.core().metrics().mailbox_messages; });
    to.per_core("mailbox_depth", "gauge", "Messages that were waiting when the mailbox was emptied last.",
                [](app_core& at) -> counter& { return at.core().metrics().mailbox_depth; });
    to.per_core("socket_reads_total", "counter", "Reads of plain sockets.",
                [](app_core& at) -> counter& { return at.core().metrics().reads; });
    to.per_core("socket_writes_total", "counter", "Writes to plain sockets.",
                [](app_core& at) -> counter& { return at.core().metrics().writes; });
    to.per_core("allocated_bytes_total", "counter",
                "Taken from the heap by the core's thread; told once a second.",
                [](app_core& at) -> counter& { return at.metrics().allocated_bytes; });
}

}  // namespace qtable::net
