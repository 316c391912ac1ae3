// Accepting connections: every core has its own listening socket on the same port (SO_REUSEPORT), so the
// kernel spreads connections and cores share nothing. `listening_sockets` binds them all at start-up; a
// `listener` serves one on its core. Accept errors never end the listener nor spin it: out of descriptors, it
// sheds one connection by its reserve descriptor and waits `limits::accept_retry_ms`.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "net/io/transport.hpp"
#include "net/rt/core_thread.hpp"

namespace qtable::net {

// Start-up, main thread. Owns the descriptors until they are taken.
class listening_sockets {
  public:
    listening_sockets() = default;
    ~listening_sockets();
    listening_sockets(listening_sockets&& other) noexcept;
    listening_sockets(const listening_sockets&) = delete;

    // `address` is numeric (0.0.0.0, ::, 127.0.0.1, …); `::` takes IPv4 too. Port 0: the first binds, the
    // others join it.
    static result<listening_sockets> open(const std::string& address, std::uint16_t port,
                                          std::uint32_t count);

    std::uint16_t port() const noexcept { return port_; }
    int take(std::uint32_t index) noexcept;

  private:
    std::vector<int> descriptors_;
    std::uint16_t port_ = 0;
};

// One core's listener. Owner: its core.
class listener final : private poll_target {
  public:
    using on_accept = std::function<void(std::unique_ptr<transport>)>;

    // `tls` may be null and must outlive the connections.
    listener(core_thread& core, int descriptor, const tls_context* tls, on_accept accept);
    ~listener() override;

    void start();
    // Hands over what already waits in the queue, then closes.
    void stop_accepting();

  private:
    void on_ready(readiness ready) override;
    void accept_some(int most);
    void shed_one() noexcept;
    void retry_later();

    core_thread& core_;
    int descriptor_;
    int reserve_;
    const tls_context* tls_;
    on_accept accept_;
    boost::asio::steady_timer retry_;
};

}  // namespace qtable::net
