// The application on one core: everything that a handler may need, and where the engine's results go. It
// connects; it decides nothing. One per core, made on its core before it serves, destroyed after all cores
// have ended. Any core: `index`, `peer`, `owner_of`, `home_of`. Everything else: its core only.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/engine.hpp"
#include "core/timer/wheel.hpp"
#include "geo/search.hpp"
#include "net/api/admission.hpp"
#include "net/api/app_metrics.hpp"
#include "net/api/app_options.hpp"
#include "net/api/availability_pages.hpp"
#include "net/api/backend.hpp"
#include "net/api/booking_index.hpp"
#include "net/api/call.hpp"
#include "net/api/catalogue_builder.hpp"
#include "net/api/command_path.hpp"
#include "net/api/directory.hpp"
#include "net/api/hold_index.hpp"
#include "net/api/login_guard.hpp"
#include "net/api/request_log.hpp"
#include "net/api/router.hpp"
#include "net/api/streams.hpp"
#include "net/auth/password_pool.hpp"
#include "net/auth/revoked_set.hpp"
#include "net/auth/token.hpp"
#include "net/http/handler.hpp"
#include "net/http/http_service.hpp"
#include "net/limit/memory_limit.hpp"
#include "net/rt/runtime.hpp"
#include "net/ws/ws_service.hpp"

namespace qtable::net {

// What all cores share: immutable, or thread-safe by itself.
struct app_shared {
    runtime& cores;
    const app_options& options;
    const renderer& render;
    std::string token_key;
    zone_lookup zones;
    rate_limits& rates;
    request_log& requests;
    password_pool* passwords = nullptr;
    catalogue_builder* catalogue = nullptr;
    std::vector<app_core*> peers;  // by index; complete before the first request
    int migrations = 0;
    std::uint64_t process_salt = 0;     // random: tells what this process numbers from what others do
    std::atomic<int> behind{0};         // restaurants that are to be read again, see released_sink::behind
    std::atomic<bool> is_ready{false};  // restaurants are loaded
    std::atomic<bool> is_draining{false};
    instant started_at;
    memory_limit memory{options.memory_soft_limit_bytes};
};

class app_core final : public request_handler,
                       private released_sink,
                       private wall_clock,
                       private timer_entry {
  public:
    app_core(app_shared& shared, core_thread& core, std::unique_ptr<core_backend> backend,
             const http_options& http_limits);
    ~app_core() override;

    std::uint32_t index() const noexcept { return core_.index(); }
    app_core& peer(std::uint32_t core) const noexcept { return *shared_.peers[core]; }
    std::uint32_t owner_of(const restaurant_id& id) const noexcept { return spread(id); }
    // Whether this node serves it, should it exist.
    bool holds(const restaurant_id& id) const noexcept { return shared_.options.part.holds(id); }
    std::uint32_t home_of(const uuid& person) const noexcept { return spread(person); }

    runtime& cores() noexcept { return shared_.cores; }
    core_thread& core() noexcept { return core_; }
    app_shared& shared() noexcept { return shared_; }
    const app_options& options() const noexcept { return shared_.options; }
    http_service& http() noexcept { return http_; }
    ws_service& ws() noexcept { return ws_; }
    const ws_options& socket_options() const noexcept { return socket_options_; }
    qtable::engine& engine() noexcept { return engine_; }
    journal& log() noexcept { return backend_->log(); }
    accounts& people() noexcept { return backend_->people(); }
    qtable::records& records() noexcept { return backend_->records(); }
    password_pool& passwords() noexcept { return *shared_.passwords; }
    directory& restaurants() noexcept { return directory_; }
    streams& listeners() noexcept { return streams_; }
    command_path& commands() noexcept { return commands_; }
    hold_index& holds() noexcept { return holds_; }
    booking_index& bookings() noexcept { return bookings_; }
    net::admission& admission() noexcept { return admission_; }
    login_guard& logins() noexcept { return logins_; }
    token_service& tokens() noexcept { return tokens_; }
    revoked_set& revoked() noexcept { return revoked_; }
    app_metrics& metrics() noexcept { return metrics_; }
    proto::json_scratch& scratch() noexcept { return scratch_; }

    const std::shared_ptr<const search_catalogue>& catalogue() const noexcept { return catalogue_; }
    void install_catalogue(std::shared_ptr<const search_catalogue> next) { catalogue_ = std::move(next); }
    geo::search_scratch& search_scratch() noexcept { return search_scratch_; }
    std::vector<geo::hit>& search_hits() noexcept { return search_hits_; }
    availability_pages& pages() noexcept { return pages_; }
    std::string& page_scratch() noexcept { return page_scratch_; }

    instant wall_now() const noexcept { return core_.wall_now(); }
    // What memory says may not be all that is stored: the database is away, or has just come back.
    bool is_degraded() noexcept {
        return !backend_->log().available() || shared_.behind.load(std::memory_order_relaxed) > 0;
    }
    // What of the CORS list this request's Origin is: the value to echo, nullptr for none.
    const std::string* allowed_origin(const request& in) const noexcept;

    // Begins to tick; the database connections start.
    void start();
    // Nothing more is to be answered; ends the database connections.
    void stop();
    live_restaurant* find_live(const restaurant_id& id);
    // At the start, before any core runs: tells their customers' home cores of the reservations that it owns.
    void hand_out_bookings(instant now);

    // A request is answered: counted, and logged where that is wanted.
    void note(const request_note& of, std::string_view request_id, const answer_note& answer);
    core_backend& backend() noexcept { return *backend_; }

    void handle(const request& in, responder& out) override;
    std::size_t body_limit(method verb, std::string_view path) override;

  private:
    std::uint32_t spread(const uuid& id) const noexcept {
        return static_cast<std::uint32_t>((id.hash() >> 32) % shared_.cores.size());
    }
    std::optional<availability_page> kept_page(const request& in, instant now) const noexcept;
    void answer_call(call& in);
    void dispatch(call& in, const route& to);
    void note_sync(call& in);
    void note_stages(const request_note& of, const stage_marks& marks, std::int64_t answered_ns);
    bool authorise(call& in, access who);
    bool authenticate(call& in, token_role role);
    void answer_options(call& in, const std::string& allow);

    // released_sink
    void answer(const reply_address& to, reply&& what) override;
    void event(const released_event& what, live_restaurant& live) override;
    void resync(live_restaurant& live) override;
    void notice(customer_notice&& what) override;
    void booked(const reservation& what) override;
    void behind(int change) override { shared_.behind.fetch_add(change, std::memory_order_relaxed); }
    void configured(live_restaurant& live, std::function<void()> confirmed) override;
    void retire(std::vector<std::shared_ptr<const void>>&& what) override;
    // wall_clock
    instant now() const noexcept override { return core_.wall_now(); }
    std::int64_t turn_ns() const noexcept override { return core_.now_ns(); }
    std::int64_t mark_ns() const noexcept override { return core_thread::read_monotonic_ns(); }
    // every second
    void watch_memory();
    void on_deadline(std::int64_t now_ms) override;

    app_shared& shared_;
    core_thread& core_;
    std::unique_ptr<core_backend> backend_;
    http_service http_;
    ws_service ws_;
    ws_options socket_options_;
    qtable::engine engine_;
    directory directory_;
    std::shared_ptr<const search_catalogue> catalogue_;
    geo::search_scratch search_scratch_;
    std::vector<geo::hit> search_hits_;
    availability_pages pages_;
    std::string page_scratch_;  // a page while it is made
    streams streams_;
    command_path commands_;
    hold_index holds_;
    booking_index bookings_;
    net::admission admission_;
    login_guard logins_;
    token_service tokens_;
    revoked_set revoked_;
    app_metrics metrics_;
    proto::json_scratch scratch_;
    std::int64_t ticks_ = 0;
};

}  // namespace qtable::net
