// All WebSocket sessions of one core: makes them, finds them by id, sends to them, drains them.
// Owner: its core; made before the core starts, destroyed after it has ended. From another core, post to this
// one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "net/io/next_protocol.hpp"
#include "net/rt/core_thread.hpp"
#include "net/rt/session_table.hpp"
#include "net/ws/ws_frame.hpp"
#include "net/ws/ws_handler.hpp"
#include "net/ws/ws_options.hpp"

namespace qtable::net {

class ws_session;

class ws_service {
  public:
    explicit ws_service(core_thread& core);
    ~ws_service();
    ws_service(const ws_service&) = delete;
    ws_service& operator=(const ws_service&) = delete;

    // What `responder::upgrade` and `http_service::complete_upgrade` take: the session begins when the 101 is
    // sent. The options are shared by many sessions and must outlive them.
    std::unique_ptr<next_protocol> make_session(std::unique_ptr<ws_handler> handler,
                                                const ws_options& options);

    // Nothing happens when the session is gone or closing. Frames of one turn leave in one write.
    void send(const session_ref& to, const ws_frame& frame);
    void close(const session_ref& to, std::uint16_t code, std::string_view reason);
    ws_session* find(const session_ref& ref) noexcept;

    // Closes every session with 1012, each at a random moment within `jitter_ms`, new ones too. `on_empty` is
    // called once, in a turn of this core, when none is left.
    void drain(std::int64_t jitter_ms, std::function<void()> on_empty);
    // Ends what is left without a word.
    void close_all();
    std::size_t open() const noexcept { return sessions_.size(); }

    core_thread& core() noexcept { return core_; }

  private:
    friend class ws_session;
    void forget(ws_session& session);
    void tell_if_empty();

    core_thread& core_;
    ws_frame ping_;
    session_table<ws_session> sessions_;
    std::function<void()> on_empty_;
    std::int64_t drain_jitter_ms_ = -1;  // < 0: not draining
};

}  // namespace qtable::net
