#include "loadtest/wire/http_client.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "loadtest/failure.hpp"
#include "loadtest/measure/clock.hpp"
#include "loadtest/wire/members.hpp"
#include "loadtest/wire/nap.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::int64_t answer_ns = 30 * ns_per_s;
constexpr int connect_ms = 5'000;
constexpr std::int64_t pause_min_ns = 20 * ns_per_ms;
constexpr std::int64_t pause_max_ns = 2 * ns_per_s;
constexpr std::size_t piece_bytes = 64 * 1024;

bool wait_for(int fd, short what, std::int64_t until_ns) {
    pollfd waiting{fd, what, 0};
    const std::int64_t rest_ms = (until_ns - now_ns()) / ns_per_ms;
    return rest_ms > 0 && ::poll(&waiting, 1, static_cast<int>(rest_ms)) == 1;
}

bool is_later(int status) noexcept {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

std::string answer::summary() const {
    const std::string_view code = find_member(body, "code");
    const std::string_view detail = find_member(body, "detail");
    std::string text = std::to_string(status);
    if (!code.empty()) text.append(" ").append(code);
    if (!detail.empty()) text.append(": ").append(detail);
    if (code.empty() && detail.empty() && !body.empty()) text.append(" ").append(body);
    return one_line(text, 200);
}

void http_client::close() noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

void http_client::open() {
    fd_ = start_connection(target_);
    int error = fd_ < 0 ? errno : 0;
    if (error == 0 && !wait_for(fd_, POLLOUT, now_ns() + connect_ms * ns_per_ms)) error = ETIMEDOUT;
    socklen_t bytes = sizeof error;
    if (error == 0) ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &bytes);
    if (error == 0) return;
    close();
    throw no_answer(target_.url + ": " + std::strerror(error));
}

bool http_client::send_all(std::string_view bytes) {
    const std::int64_t until_ns = now_ns() + answer_ns;
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        if (sent < 0 && errno != EAGAIN) return false;
        if (sent < 0 && !wait_for(fd_, POLLOUT, until_ns)) return false;
    }
    return true;
}

bool http_client::receive(std::int64_t until_ns) {
    std::array<char, piece_bytes> piece;
    for (;;) {
        if (!wait_for(fd_, POLLIN, until_ns)) return false;
        const ssize_t got = ::recv(fd_, piece.data(), piece.size(), 0);
        if (got < 0 && errno == EAGAIN) continue;
        if (got <= 0) return got == 0 && parser_.end() == response_parser::state::complete;
        const auto state = parser_.feed({piece.data(), static_cast<std::size_t>(got)});
        if (state == response_parser::state::malformed)
            throw no_answer(target_.url + " doesn't answer in HTTP");
        if (state == response_parser::state::complete) return true;
    }
}

answer http_client::ask(const request_parts& parts) {
    const std::string request = make_request(target_.host, parts);
    const bool was_open = fd_ >= 0;
    if (!was_open) open();
    parser_.begin(true);
    if (!send_all(request) || !receive(now_ns() + answer_ns)) {
        const bool is_silent = !parser_.has_begun();
        close();
        // A kept connection that ended before it saw the request.
        if (was_open && is_silent) return ask(parts);
        throw no_answer(target_.url + ": no answer to " + std::string(parts.method) + ' ' +
                        std::string(parts.path.substr(0, parts.path.find('?'))));
    }
    answer made{parser_.status(), parser_.retry_after_s(), std::string(parser_.body())};
    if (!parser_.keeps_alive() || !parser_.rest().empty()) close();
    return made;
}

answer http_client::get(const std::string& path, std::string_view token) {
    return ask({.method = "GET", .path = path, .token = token});
}

int http_client::ask_upgrade(const std::string& path) {
    close();
    open();
    parser_.begin(true);
    const bool is_answered = send_all(make_upgrade(target_.host, path, {})) && receive(now_ns() + answer_ns);
    close();
    return is_answered ? parser_.status() : 0;
}

answer http_client::ask_patiently(const request_parts& parts, std::int64_t patience_ns) {
    const std::int64_t until_ns = now_ns() + patience_ns;
    std::int64_t pause_ns = pause_min_ns;
    for (;;) {
        answer last;
        try {
            last = ask(parts);
            if (!is_later(last.status) || now_ns() >= until_ns) return last;
        } catch (const no_answer&) {
            if (now_ns() >= until_ns) throw;
        }
        const std::int64_t told_ns = std::max(0, last.retry_after_s) * ns_per_s;
        // What it is told, but a queue that is full for a moment is asked sooner than its whole seconds say.
        nap(last.status == 503 ? pause_ns : std::max(pause_ns, std::min(told_ns, until_ns - now_ns())));
        pause_ns = std::min(pause_ns * 2, pause_max_ns);
    }
}

void in_parallel(const target& to, std::size_t count, std::size_t clients,
                 const std::function<void(http_client&, std::size_t)>& each) {
    std::atomic<std::size_t> next{0};
    std::mutex lock;
    std::exception_ptr failure;
    const auto work = [&] {
        http_client client(to);
        for (std::size_t i = next++; i < count; i = next++) {
            try {
                each(client, i);
            } catch (...) {
                const std::lock_guard held(lock);
                if (!failure) failure = std::current_exception();
                next = count;
            }
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < std::min(clients, count); ++i) threads.emplace_back(work);
    for (std::thread& thread : threads) thread.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace qtable::loadtest
