#include "net/api/request_log.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/router.hpp"
#include "net/rt/log.hpp"
#include "proto/json_writer.hpp"

namespace qtable::net {

namespace {

// Lines wait so long for others, so that a burst is one write.
constexpr std::chrono::milliseconds gathering{20};

std::string_view word(actor::kind who) {
    return who == actor::kind::customer ? "customer" : "staff";
}

std::string_view level_of(const logged_request& what) {
    return to_string(what.answer.status >= 500 ? log_level::error : log_level::info);
}

void append_json(std::string& out, const logged_request& what) {
    const stage_marks& marks = what.answer.marks;
    proto::json_writer json(out);
    json.begin_object().key("ts").utc(what.at);
    json.key("level").text(level_of(what)).key("msg").text("request");
    json.key("core").integer(what.core).key("request_id").text(what.request_id);
    if (!what.what.trace.empty()) json.key("trace_id").text(what.what.trace);
    const route& of = route_at(what.what.route);
    json.key("method").text(name_of(what.what.verb)).key("route").text(of.pattern);
    json.key("status").integer(what.answer.status).key("dur_us").integer(what.took_us);
    if (marks.committed_ns != 0) {
        json.key("queue_us").integer((marks.taken_ns - what.what.since_ns) / 1000);
        json.key("db_us").integer((marks.committed_ns - marks.decided_ns) / 1000);
    }
    if (!what.what.who.id.is_nil())
        json.key("actor").text(word(what.what.who.what)).key("actor_id").id(what.what.who.id);
    if (!what.what.restaurant.is_nil()) json.key("restaurant_id").id(what.what.restaurant);
    if (what.answer.code != errc::ok) json.key("err").text(wire_code(what.answer.code));
    json.end_object();
    out += '\n';
}

// For a terminal: what one looks for first, in columns.
void append_text(std::string& out, const logged_request& what) {
    std::array<char, 160> line{};
    const std::string_view verb = name_of(what.what.verb), pattern = route_at(what.what.route).pattern;
    const int size = std::snprintf(line.data(), line.size(), "%3d %7.1f ms  %.*s %.*s", what.answer.status,
                                   static_cast<double>(what.took_us) / 1000, static_cast<int>(verb.size()),
                                   verb.data(), static_cast<int>(pattern.size()), pattern.data());
    out.append(line.data(), std::min(static_cast<std::size_t>(size), line.size() - 1));
    if (what.answer.code != errc::ok) (out += "  ") += wire_code(what.answer.code);
    ((out += "  ") += what.request_id) += '\n';
}

}  // namespace

request_log::request_log(logged_requests which)
    : which_(which), is_json_(chosen_log_format() == log_format::json) {
    if (is_on()) writer_ = std::thread([this] { run(); });
}

request_log::~request_log() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_one();
    if (writer_.joinable()) writer_.join();
}

void request_log::write(const logged_request& what) {
    std::string line;
    is_json_ ? append_json(line, what) : append_text(line, what);
    bool is_first = false;
    {
        const std::lock_guard lock(mutex_);
        is_first = lines_.empty();
        if (lines_.size() + line.size() > buffer_bytes) {
            ++dropped_;
        } else {
            lines_ += line;
        }
    }
    if (is_first) wake_.notify_one();
}

void request_log::run() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_ || !lines_.empty()) {
        wake_.wait(lock, [this] { return is_stopping_ || !lines_.empty(); });
        if (!is_stopping_) wake_.wait_for(lock, gathering, [this] { return is_stopping_; });
        std::string taken;
        taken.swap(lines_);
        const std::uint64_t dropped = std::exchange(dropped_, 0);
        lock.unlock();
        if (dropped > 0) {
            const std::string said = std::to_string(dropped) + " requests were not logged: too many lines";
            write_log(log_level::warning, said);
        }
        write_lines(STDOUT_FILENO, taken);
        lock.lock();
    }
}

std::string trace_of(std::string_view traceparent) {
    constexpr std::size_t whole = 55, id_at = 3, id_chars = 32;
    if (traceparent.size() < whole || traceparent[2] != '-' || traceparent[35] != '-') return {};
    const std::string_view id = traceparent.substr(id_at, id_chars);
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    const bool is_id = std::all_of(id.begin(), id.end(), is_hex) && id.find_first_not_of('0') != id.npos;
    return is_id ? std::string(id) : std::string();
}

}  // namespace qtable::net
