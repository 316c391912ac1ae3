// A line for each request that is to be logged, on stdout, as JSON or text (net/rt/log.hpp): when, which, by
// whom as an id, how long, how it ended. Never an e-mail address, name, text, token or body: what isn't in
// `request_note` can't get here. Cores put their lines into one buffer behind a lock that is held for a copy;
// a thread of its own writes. One for the process; `write` and `wants`: any core. Bounds: `buffer_bytes`;
// what doesn't fit is counted and the count is told.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "core/base/time.hpp"
#include "net/api/call.hpp"

namespace qtable::net {

enum class logged_requests : std::uint8_t {
    none,
    errors,
    all
};  // errors: 5xx, and what took a second or more

// How a request ended.
struct answer_note {
    int status = 0;
    errc code = errc::ok;
    stage_marks marks{};  // of the command that it was
};

struct logged_request {
    std::uint32_t core = 0;
    instant at;
    std::string_view request_id;
    const request_note& what;
    const answer_note& answer;
    std::int64_t took_us = 0;
};

class request_log {
  public:
    static constexpr std::size_t buffer_bytes = 1024 * 1024;
    static constexpr std::int64_t slow_us = 1'000'000;

    explicit request_log(logged_requests which);
    ~request_log();
    request_log(const request_log&) = delete;
    request_log& operator=(const request_log&) = delete;

    bool is_on() const noexcept { return which_ != logged_requests::none; }
    bool wants(int status, std::int64_t took_us) const noexcept {
        return which_ == logged_requests::all ||
               (which_ == logged_requests::errors && (status >= 500 || took_us >= slow_us));
    }
    void write(const logged_request& what);

  private:
    void run();

    logged_requests which_;
    bool is_json_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::string lines_;
    std::uint64_t dropped_ = 0;
    bool is_stopping_ = false;
    std::thread writer_;
};

// The trace id of a `traceparent` (W3C Trace Context); empty when it is none.
std::string trace_of(std::string_view traceparent);

}  // namespace qtable::net
