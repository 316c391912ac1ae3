// One WebSocket: frames in, messages to its handler, shared frames out. Reads through its core's buffer,
// joins what is to be sent in one write per turn, pings, and closes with the code that the situation calls
// for. Owner: its core, as the service's entry. Bounds: `ws_options` (message, outbox, rate); an idle one
// holds no buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/timer/wheel.hpp"
#include "net/io/transport.hpp"
#include "net/rt/core_thread.hpp"
#include "net/ws/ws_decoder.hpp"
#include "net/ws/ws_handler.hpp"
#include "net/ws/ws_service.hpp"

namespace qtable::net {

class ws_session final : public deletable, private transport_user, private timer_entry, private turn_task {
  public:
    ws_session(ws_service& service, std::unique_ptr<ws_handler> handler, const ws_options& options,
               std::unique_ptr<transport> connection);
    ~ws_session() override;

    session_ref ref() const noexcept { return {service_.core().index(), id_}; }
    const peer_address& remote() const noexcept { return transport_->peer(); }

    void send(const ws_frame& frame);
    // Whole frames in one piece, made once for many sessions. When nothing waits before them they are written
    // at once. The session doesn't end in here: a connection that is broken shows at the turn's end.
    void send_joined(const ws_frame& frames, std::size_t count);
    // The handler's `on_drained` once all that waits has left.
    void tell_when_drained() noexcept { was_blocked_ = true; }
    // Says goodbye with this code and reason (at most 123 bytes), waits for the peer's answer, at most
    // `close_timeout_ms`.
    void close(std::uint16_t code, std::string_view reason);
    bool is_closing() const noexcept { return state_ != state::open; }
    // Bytes that wait to be sent.
    std::size_t outbox_bytes() const noexcept { return outbox_bytes_; }

  private:
    friend class ws_service;
    friend class ws_upgrade;
    enum class state : std::uint8_t { open, closing, closed };

    void start(std::string_view received);
    void close_within(std::int64_t jitter_ms);
    // The service is being drained: a last word, and the end within its jitter.
    void leave();
    void on_readable() override;
    void on_writable() override;
    void on_deadline(std::int64_t now_ms) override;
    void on_turn_end() override;

    void consume(char* data, std::size_t size);
    bool count_frame();
    template <class Function>
    void guarded(Function function);
    bool is_backed_up() const noexcept;
    void on_peer_close(std::uint16_t code);
    void say_goodbye(std::uint16_t code, std::string_view reason);
    void fail(std::uint16_t code, std::string_view reason);
    void enqueue(const ws_frame& frame, std::size_t count = 1);
    void flush();
    bool write_some();
    void drop_outbox();
    void finish(std::uint16_t code, bool reset);
    void schedule_next(std::int64_t now_ms);

    ws_service& service_;
    std::unique_ptr<ws_handler> handler_;
    std::unique_ptr<transport> transport_;
    const ws_options& options_;
    std::uint64_t id_ = 0;
    ws_decoder decoder_;
    struct outgoing {
        ws_frame bytes;
        std::size_t frames = 1;
    };
    std::vector<outgoing> outbox_;
    std::size_t outbox_bytes_ = 0;
    std::size_t first_ = 0;       // of the outbox: the oldest frame not yet sent
    std::size_t first_sent_ = 0;  // bytes of it that are already sent
    std::int64_t next_ping_ms_ = 0;
    std::int64_t close_at_ms_ = 0;  // closing: give up; draining: begin to close; 0 = neither
    std::int64_t rate_second_ = 0;
    std::uint32_t rate_count_ = 0;
    std::uint16_t close_code_ = 0;
    std::uint8_t pings_unanswered_ = 0;
    state state_ = state::open;
    bool is_read_paused_ = false;
    bool was_blocked_ = false;  // the socket was full, or its handler asked: tell it when there is room again
    bool is_deaf_ = false;      // what comes is thrown away
    bool peer_has_closed_ = false;
};

}  // namespace qtable::net
