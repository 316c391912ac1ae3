#include "net/api/metrics_text.hpp"

#include <array>
#include <string_view>

#include "net/api/app_core.hpp"
#include "net/api/router.hpp"

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

void write_http(metrics_writer& to) {
    to.family("http_requests_total", "counter", "Requests by route.");
    for_each_route([&to](std::size_t i, const route& each) {
        const std::string labels =
            "method=\"" + std::string(name_of(each.verb)) + "\",route=\"" + std::string(each.pattern) + '"';
        to.sample("http_requests_total", labels,
                  to.total([i](app_core& at) -> counter& { return at.metrics().requests_by_route[i]; }));
    });
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
    to.per_core("websocket_slow_consumers_total", "counter", "Sockets cut off because they read too slowly.",
                [](app_core& at) -> counter& { return at.core().metrics().slow_consumers; });
    to.family("websocket_closes_total", "counter", "Closed WebSockets by code.");
    for (std::size_t i = 0; i < close_names.size(); ++i) {
        to.sample("websocket_closes_total", "code=\"" + std::string(close_names[i]) + '"',
                  to.total([i](app_core& at) -> counter& { return at.core().metrics().ws_closed[i]; }));
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
    each("commit_conflicts_total", "Commits that the database refused.", &app_metrics::conflicts);
    each("commit_unknown_total", "Commits whose outcome had to be looked up.",
         &app_metrics::unknown_outcomes);
    each("commands_unavailable_total", "Commands refused because the database is away.",
         &app_metrics::unavailable);
    each("reloads_total", "Restaurants read again from the database.", &app_metrics::reloads);
    to.per_core("restaurants", "gauge", "Restaurants owned.",
                [](app_core& at) -> counter& { return at.metrics().restaurants; });
    to.per_core("commands_waiting", "gauge", "Commands waiting for their commit.",
                [](app_core& at) -> counter& { return at.metrics().waiting_commands; });
    to.per_core("database_up", "gauge", "Whether the core's journal reaches the database.",
                [](app_core& at) -> counter& { return at.metrics().is_database_up; });
}

}  // namespace

void write_metrics(std::string& out, app_core& from) {
    metrics_writer to(out, from);
    write_http(to);
    write_sockets(to);
    write_bookings(to);
    to.per_core("loop_turns_total", "counter", "Wake-ups of the core's loop.",
                [](app_core& at) -> counter& { return at.core().metrics().turns; });
    to.per_core("mailbox_messages_total", "counter", "Messages from other cores.",
                [](app_core& at) -> counter& { return at.core().metrics().mailbox_messages; });
    to.per_core("socket_reads_total", "counter", "Reads of plain sockets.",
                [](app_core& at) -> counter& { return at.core().metrics().reads; });
    to.per_core("socket_writes_total", "counter", "Writes to plain sockets.",
                [](app_core& at) -> counter& { return at.core().metrics().writes; });
    to.per_core("allocated_bytes_total", "counter",
                "Taken from the heap by the core's thread; told once a second.",
                [](app_core& at) -> counter& { return at.metrics().allocated_bytes; });
}

}  // namespace qtable::net
