// Where a handler puts its answer, in exactly one of four ways: written straight into the connection's output
// (`begin` … `finish`), as a value (`send`), later (`defer`, then `http_service::complete`), or by a change
// of protocol
// (`accept_websocket`, then `upgrade` or `defer`). Lives during `handle` only; the connection's core.
// Pipelined answers keep their order whichever way is taken. An answer left unfinished becomes a 500.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/assert.hpp"
#include "net/http/request.hpp"
#include "net/http/response.hpp"
#include "net/io/next_protocol.hpp"

namespace qtable::net {

class http_connection;

// Decides whether a browser page of that origin may open a WebSocket here.
class origin_policy {
  public:
    virtual ~origin_policy() = default;
    virtual bool is_allowed(std::string_view origin) const = 0;
};

class responder {
  public:
    responder(const responder&) = delete;
    responder& operator=(const responder&) = delete;

    // Written in this order; nothing is sent before `finish`. Date, X-Request-Id, Connection and
    // Content-Length are added here. `value` holds no line break (asserted).
    responder& begin(int status);
    // 200 with a JSON body: the same with its Content-Type.
    responder& begin_json();
    responder& header(std::string_view name, std::string_view value);
    // `write(std::string&)` appends complete lines of ours.
    template <class Write>
    responder& header_lines(Write&& write) {
        QTABLE_ASSERT(state_ == state::headers);
        write(out_);
        return *this;
    }
    // Appends to the body. For HEAD, 204 and 304 the body is measured but not sent (204 and 304: not
    // measured).
    responder& body(std::string_view bytes);
    // The body so far is at the end of this string: append only. Ends the headers.
    std::string& body_writer();
    void finish();
    // Instead of both, where the whole body is known.
    void finish(std::string_view body);

    // Shorthands: everything in one call.
    void respond(int status, std::string_view content_type, std::string_view bytes);
    void respond(int status);  // no body
    void problem(int status, std::string_view code, std::string_view detail);
    void send(const response& answer);

    // Takes back what was written since `begin`, to answer something else instead.
    void discard() noexcept;

    // The answer comes later, on this core, through `http_service::complete(ticket, …)`, exactly once.
    ticket defer();

    // Checks that the request is a WebSocket handshake: when it isn't, answers 400, 426 or 403 itself and
    // returns false. An absent Origin is allowed (not a browser). When true: `upgrade`, `defer` or an
    // ordinary answer may follow.
    bool accept_websocket(const origin_policy& origins);
    // Answers 101 and hands the connection over. `subprotocol` is the selected one, or empty.
    void upgrade(std::unique_ptr<next_protocol> to, std::string_view subprotocol);

    // The connection is closed after this answer. To be said before `body` or `finish`.
    void close_after() noexcept { is_close_wanted_ = true; }

    bool is_answered() const noexcept { return state_ == state::done; }

  private:
    friend class http_connection;
    enum class state : std::uint8_t { idle, headers, body, done };

    responder(http_connection& connection, const request& request, std::string& out,
              bool is_close_wanted) noexcept
        : connection_(connection),
          request_(request),
          out_(out),
          start_(out.size()),
          is_close_wanted_(is_close_wanted) {}
    void end_headers();

    http_connection& connection_;
    const request& request_;
    std::string& out_;
    std::size_t start_;           // of this answer in `out_`
    std::size_t body_start_ = 0;  // the blanks for the length and the empty line end here
    int status_ = 0;
    state state_ = state::idle;
    bool is_close_wanted_;
    bool is_deferred_ = false;
    bool is_websocket_ = false;
};

}  // namespace qtable::net
