#include "net/api/request_log.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "net/api/router.hpp"
#include "proto/json_writer.hpp"

namespace qtable::net {

namespace {

// Lines wait so long for others, so that a burst is one write.
constexpr std::chrono::milliseconds gathering{20};

void write_all(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written <= 0) return;  // nobody reads: the server goes on
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string_view word(actor::kind who) {
    return who == actor::kind::customer ? "customer" : "staff";
}

void append_line(std::string& out, const logged_request& what) {
    proto::json_writer json(out);
    json.begin_object().key("ts").utc(what.at);
    json.key("level").text(what.status >= 500 ? "error" : "info").key("msg").text("request");
    json.key("core").integer(what.core).key("request_id").text(what.request_id);
    if (!what.what.trace.empty()) json.key("trace_id").text(what.what.trace);
    const route& of = route_at(what.what.route);
    json.key("method").text(name_of(what.what.verb)).key("route").text(of.pattern);
    json.key("status").integer(what.status).key("dur_us").integer(what.took_us);
    if (!what.what.who.id.is_nil())
        json.key("actor").text(word(what.what.who.what)).key("actor_id").id(what.what.who.id);
    if (!what.what.restaurant.is_nil()) json.key("restaurant_id").id(what.what.restaurant);
    json.end_object();
    out += '\n';
}

}  // namespace

request_log::request_log(logged_requests which) : which_(which) {
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
    append_line(line, what);
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
            taken +=
                R"({"level":"warning","msg":"log lines dropped","count":)" + std::to_string(dropped) + "}\n";
        }
        write_all(taken);
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
