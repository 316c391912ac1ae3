// The server as a whole: cores, listeners, applications and what they share, in their order of start and
// stop. Owner: main, which calls everything here on its own thread; `reload`, `follow` and `post` from any.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/engine/node_follower.hpp"
#include "net/api/app_core.hpp"
#include "net/api/app_options.hpp"
#include "net/api/backend.hpp"
#include "net/api/request_log.hpp"
#include "net/auth/password_pool.hpp"
#include "net/http/http_options.hpp"
#include "net/io/listener.hpp"
#include "net/io/tls_context.hpp"
#include "net/limit/shared_counts.hpp"
#include "net/rt/runtime.hpp"
#include "net/server/memory_check.hpp"

namespace qtable::net {

struct server_options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;
    std::uint32_t threads = 1;
    std::string certificate_file, key_file;  // both or none
    std::string token_key;
    int migrations = 0;
    std::int64_t journal_wait_ms = 10'000;  // at start, for the cores' database connections
    std::int64_t drain_grace_ms = 0;
    std::int64_t drain_timeout_ms = 20'000;
    std::int64_t socket_close_jitter_ms = 3'000;
    app_options app;
    http_options http;
};

class server {
  public:
    // Throws std::runtime_error with one clear line: certificate, token key.
    server(server_options options, const renderer& render, zone_lookup zones,
           const backend_factory& make_backend);
    ~server();
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    // ---- before start
    // A session that ended, or an account that is gone: access tokens of it are refused.
    void remember_revoked(const uuid& what, instant at);
    std::uint32_t owner_of(const restaurant_id& id) const noexcept { return apps_.front()->owner_of(id); }
    // Both from any thread, as long as one thread at a time does it for the restaurants of one owner.
    // Text: why this restaurant can't be served; `show` is for the others.
    std::optional<std::string> adopt(restaurant_image&& image);
    void show(const restaurant_id& id);
    void remember_key(const uuid& actor_id, std::string_view route, std::string_view key,
                      const body_hash& body, instant at);

    // All restaurants are adopted: makes them findable.
    void install_catalogue();
    // Binds, starts the cores, waits for their database connections, then answers requests. Returns the port.
    // Throws std::runtime_error when the port can't be had.
    std::uint16_t start();
    // Any thread, after start: the database has something new about them. Those of other nodes' parts are
    // left out; so below.
    void reload(std::span<const restaurant_id> which);
    // Another node wrote to their logs.
    void follow(std::span<const restaurant_id> which);
    // Any thread, after start: where the logs stand in the database. What an owner doesn't have yet it reads,
    // and what the database doesn't have any more it forgets.
    void catch_up(std::span<const log_position> positions);
    // Any thread: what was counted here since the last time, for the other nodes; `done` on core 0.
    void take_counts(std::function<void(shared_counts&&)> done);
    // On core 0: what another node counted.
    void charge(const shared_counts& what);
    // Sessions and accounts that ended elsewhere.
    void revoke(std::vector<uuid> what);
    // Any thread, after start: whether memory is what the database has. `done` on some core.
    void compare_memory(std::function<void(memory_comparison&&)> done) {
        net::compare_memory(shared_.peers, std::move(done));
    }
    // Main thread: takes the certificate's files again. Text: what is wrong with them; the old one stays
    // then. Nothing when there is no TLS.
    std::optional<std::string> reload_certificate();
    bool has_tls() const noexcept { return tls_ != nullptr; }
    // Not ready from now on; still serves.
    void announce_end() noexcept { shared_.is_draining.store(true, std::memory_order_release); }
    // Not ready any more; after the grace no new connections; what is open is finished; then everything ends.
    void drain_and_stop();

    runtime& cores() noexcept { return cores_; }
    app_core& app(std::uint32_t core) noexcept { return *apps_[core]; }

  private:
    void tell_owners(std::span<const restaurant_id> which,
                     void (engine::*what)(std::span<const restaurant_id>));
    bool wait_until(std::int64_t timeout_ms, const std::function<bool(app_core&)>& is_done);

    server_options options_;
    runtime cores_;
    std::vector<positions_ahead> ahead_;  // by core: only that one touches it
    rate_limits rates_;
    request_log requests_;
    app_shared shared_;
    password_pool passwords_;
    catalogue_builder catalogue_;
    std::unique_ptr<tls_context> tls_;
    std::vector<std::unique_ptr<app_core>> apps_;
    std::vector<std::unique_ptr<listener>> listeners_;
    std::vector<std::vector<live_restaurant*>> adopted_;  // by owner
    bool is_running_ = false;
};

}  // namespace qtable::net
