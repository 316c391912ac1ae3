// A connected socket, plain or TLS: non-blocking reads and writes straight on the descriptor, readiness from
// the core's poller. It owns the descriptor; the session that owns the transport is told about readiness.
// Owner: its core. Holds no buffer of its own (OpenSSL's are released while idle). Deleted only at the end of
// a turn.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "net/io/peer_address.hpp"
#include "net/rt/core_thread.hpp"
#include "net/rt/poller.hpp"

struct ssl_st;

namespace qtable::net {

class tls_context;

enum class io_state : std::uint8_t { ok, would_block, closed, failed };

struct io_result {
    io_state state = io_state::ok;
    std::size_t bytes = 0;
};

// What is on the other side of a transport: the session that reads and writes it.
class transport_user {
  public:
    virtual void on_readable() = 0;
    virtual void on_writable() = 0;

  protected:
    virtual ~transport_user() = default;
};

class transport final : public deletable, private poll_target {
  public:
    // Takes over the descriptor, already non-blocking. `tls` may be null.
    transport(core_thread& core, int descriptor, const peer_address& peer, const tls_context* tls);
    ~transport() override;

    // Begins to tell `user`; moves the telling to another one when called again. False when the poller
    // refuses.
    [[nodiscard]] bool attach(transport_user& user);

    io_result read(char* into, std::size_t size) noexcept;
    io_result write(const char* from, std::size_t size) noexcept;
    // One system call on a plain socket; over TLS one record per piece. `pieces` is not changed.
    io_result write(std::span<const iovec> pieces) noexcept;

    // After a read: false when the socket is known to be empty, so that reading on would be a wasted call.
    bool may_have_more() const noexcept { return may_have_more_; }
    // Calls the user's `on_readable` in the next turn: for reading that was left off for fairness or
    // back-pressure.
    void read_again_later() noexcept;

    // Says that nothing more will be written; reading goes on.
    void shut_down_write() noexcept;
    // Closes at once and for good; with `reset`, what the peer hasn't read yet is dropped.
    void close(bool reset = false) noexcept;

    bool is_open() const noexcept { return descriptor_ >= 0; }
    bool is_tls() const noexcept { return ssl_ != nullptr; }
    const peer_address& peer() const noexcept { return peer_; }
    core_thread& core() noexcept { return core_; }

  private:
    void on_ready(readiness ready) override;
    io_result tls_outcome(int returned, bool reading) noexcept;

    core_thread& core_;
    transport_user* user_ = nullptr;
    ssl_st* ssl_ = nullptr;
    int descriptor_;
    peer_address peer_;
    bool is_attached_ = false;
    bool is_write_blocked_ = false;
    bool is_read_again_ = false;
    bool is_hung_up_ = false;
    bool may_have_more_ = true;
    bool read_wants_write_ = false;  // TLS only: a handshake may turn the directions round
    bool write_wants_read_ = false;
};

}  // namespace qtable::net
