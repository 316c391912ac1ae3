// The seam to the application: what the engine asks of it. One object may serve a core or all of them, as it
// likes; the engine calls it on the connection's core.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/limits.hpp"
#include "net/http/method.hpp"
#include "net/http/request.hpp"
#include "net/http/responder.hpp"

namespace qtable::net {

class request_handler {
  public:
    virtual ~request_handler() = default;

    // Answers, or defers. An exception becomes a 500 and ends the connection, nothing else.
    virtual void handle(const request& request, responder& responder) = 0;

    // The longest body that this route takes; asked when the head is complete, before any of the body is
    // waited for.
    virtual std::size_t body_limit(method, std::string_view path) {
        (void)path;
        return limits::json_body_bytes;
    }
};

// Renders the errors that the engine answers by itself (framing, limits, timeouts).
class problem_writer {
  public:
    virtual ~problem_writer() = default;
    // Appends an application/problem+json body to `out`. `code` is a name of core/base/error.hpp's list.
    virtual void write_problem(int status, std::string_view code, std::string_view detail,
                               std::string_view request_id, std::string& out) const = 0;
};

// A plain one: {"status", "code", "detail", "request_id"}.
class simple_problem_writer final : public problem_writer {
  public:
    void write_problem(int status, std::string_view code, std::string_view detail,
                       std::string_view request_id, std::string& out) const override;
};

}  // namespace qtable::net
