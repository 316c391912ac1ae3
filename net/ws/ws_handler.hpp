// The application's side of one WebSocket. The engine owns the handler and calls it on the session's core:
// `on_open` once, then messages, then `on_close` once, also when the peer just vanished; never after that.
#pragma once

#include <cstdint>
#include <string_view>

namespace qtable::net {

class ws_session;

class ws_handler {
  public:
    virtual ~ws_handler() = default;
    // The session may be sent to from here on; its `ref()` is what other cores are told.
    virtual void on_open(ws_session& session) = 0;
    // A whole message, valid UTF-8 unless `is_binary`; the view is valid during the call.
    virtual void on_message(ws_session& session, std::string_view message, bool is_binary) = 0;
    // The socket was full and everything has left since: the place to go on with a long backlog (a resume),
    // so that it never overflows the outbox.
    virtual void on_drained(ws_session& session) { (void)session; }
    // The server is about to stop: the session is closed with 1012 within that time. A last word may be sent.
    virtual void on_leaving(ws_session& session, std::int64_t within_ms) { (void)session, (void)within_ms; }
    // `code` is the peer's, ours, or 1006. The session can't be sent to any more.
    virtual void on_close(ws_session& session, std::uint16_t code) noexcept = 0;
};

}  // namespace qtable::net
