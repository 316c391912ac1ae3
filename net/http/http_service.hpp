// All HTTP connections of one core: takes accepted sockets, finds connections by id for answers that come
// later, drains. Owner: its core; made before the core starts, destroyed after it has ended.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/http/handler.hpp"
#include "net/http/http_options.hpp"
#include "net/http/response.hpp"
#include "net/io/next_protocol.hpp"
#include "net/io/transport.hpp"
#include "net/rt/core_thread.hpp"
#include "net/rt/session_table.hpp"

namespace qtable::net {

class http_connection;
struct http_scratch;

class http_service {
  public:
    http_service(core_thread& core, request_handler& handler, const problem_writer& problems,
                 http_options options = {});
    ~http_service();
    http_service(const http_service&) = delete;
    http_service& operator=(const http_service&) = delete;

    void accept(std::unique_ptr<transport> connection);

    // Answers a deferred request. Nothing happens when the connection is gone. Written at the end of the
    // turn.
    void complete(const ticket& to, response&& answer);
    // The same with a 101, for a request that `accept_websocket` had accepted. When the connection is gone,
    // `next` is destroyed without having started.
    void complete_upgrade(const ticket& to, std::unique_ptr<next_protocol> next,
                          std::string_view subprotocol);

    // From now on every answer says `Connection: close`, and idle connections are closed. `on_empty` is
    // called once, in a turn of this core, when no connection is left (from here, when there is none).
    void drain(std::function<void()> on_empty);
    // Ends what is left, unanswered.
    void close_all();
    bool is_draining() const noexcept { return is_draining_; }
    std::size_t open() const noexcept { return connections_.size(); }

    core_thread& core() noexcept { return core_; }

  private:
    friend class http_connection;
    void forget(http_connection& connection);
    void tell_if_empty();

    core_thread& core_;
    request_handler& handler_;
    const problem_writer& problems_;
    http_options options_;
    session_table<http_connection> connections_;
    std::unique_ptr<http_scratch> scratch_;  // buffers shared by the connections of the core
    std::function<void()> on_empty_;
    bool is_draining_ = false;
};

}  // namespace qtable::net
