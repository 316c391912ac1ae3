#include "tools/qtable/node_feed.hpp"

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "storage/store/journal.hpp"
#include "storage/store/log_positions.hpp"

namespace qtable::tools {

namespace {

constexpr const char* nodes_channel = "qtable_nodes";
constexpr std::int64_t tick_ms = 1'000;
// Sessions are found by when they ended, on clocks that may differ between nodes.
constexpr std::int64_t clock_skew_ms = 40'000;

}  // namespace

// Kept alive by the callbacks that wait for the database.
class node_feed::impl : public std::enable_shared_from_this<impl> {
  public:
    impl(node_feed& feed, net::core_thread& core, storage::pg_connection& bell, storage::pg_connection& asks,
         std::string node)
        : feed_(feed),
          core_(core),
          bell_(bell),
          asks_(asks),
          node_(std::move(node)),
          timer_(core.context()) {}

    void start(net::server& server, instant read_since) {
        server_ = &server;
        revoked_since_ = read_since;
        bell_.listen(
            storage::pg_journal::doorbell_channel,
            [self = shared_from_this()](std::string_view payload) { self->hear(payload); },
            // What was rung before is lost.
            [self = shared_from_this()] { self->sweep_all(); });
        bell_.listen(
            nodes_channel, [self = shared_from_this()](std::string_view node) { self->hear_of(node); },
            [self = shared_from_this()] { self->say_we_are_here(); });
        wait();
    }
    void stop() {
        is_stopped_ = true;
        timer_.cancel();
    }

  private:
    void wait() {
        timer_.expires_after(std::chrono::milliseconds(tick_ms));
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
            if (cancelled || self->is_stopped_) return;
            const net::turn_scope turn(self->core_);
            self->tick();
            self->wait();
        });
    }
    void tick() {
        ++ticks_;
        const std::int64_t now_ms = core_.now_ms();
        std::erase_if(peers_, [now_ms](const auto& each) { return each.second <= now_ms; });
        feed_.has_peers_.store(!peers_.empty(), std::memory_order_relaxed);
        if (ticks_ == ticks_to_know && !was_anybody_there_)
            feed_.had_peers_.store(false, std::memory_order_relaxed);
        if (ticks_ % 2 == 0) {
            say_we_are_here();
            if (feed_.has_peers()) read_revoked();
        }
        if (feed_.has_peers() || ticks_ % ticks_alone == 0) sweep();
    }

    // ---- who else is there

    void say_we_are_here() {
        asks_.submit(storage::notification(nodes_channel, node_), [](const storage::unit_result&) {});
    }
    void hear_of(std::string_view node) {
        if (node == node_) return;
        const auto [known, is_new] = peers_.try_emplace(std::string(node));
        known->second = core_.now_ms() + peer_forgotten_ms;
        was_anybody_there_ = true;
        feed_.has_peers_.store(true, std::memory_order_relaxed);
        feed_.had_peers_.store(true, std::memory_order_relaxed);
        // It wrote before we listened to it, or before we rang for it.
        if (is_new) {
            say_we_are_here();
            sweep_all();
        }
    }

    // ---- what they did

    void hear(std::string_view payload) {
        const storage::doorbell rung = storage::parse_doorbell(payload);
        if (is_ours(rung.writer)) return;
        if (rung.everything) return sweep_all();
        server_->reload(rung.restaurants);
    }
    bool is_ours(std::string_view writer) const {
        return writer.size() > node_.size() && writer.starts_with(node_) && writer[node_.size()] == '-';
    }
    void sweep_all() {
        is_whole_wanted_ = true;
        if (!is_sweeping_) {
            after_ = restaurant_id{};
            is_whole_ = true;
            is_whole_wanted_ = false;
            sweep();
        }
    }
    // The next portion of all restaurants; when everything is wanted, one portion after the other.
    void sweep() {
        if (std::exchange(is_sweeping_, true)) return;
        asks_.submit(storage::positions_after(after_, restaurants_a_second),
                     [self = shared_from_this()](const storage::unit_result& got) { self->swept(got); });
    }
    void swept(const storage::unit_result& got) {
        is_sweeping_ = false;
        if (!got.committed() || is_stopped_) return;
        std::vector<net::server::log_position> found;
        for (const storage::row& each : got.results[0]) {
            found.push_back({each.get<restaurant_id>(0), each.get<std::int64_t>(1), each.get<bool>(2)});
        }
        const bool is_end = found.size() < static_cast<std::size_t>(restaurants_a_second);
        after_ = is_end ? restaurant_id{} : found.back().restaurant;
        if (!found.empty()) server_->catch_up(found);
        if (is_end) is_whole_ = false;
        if (is_whole_wanted_) return sweep_all();
        if (is_whole_) sweep();
    }
    void read_revoked() {
        const instant since = revoked_since_;
        revoked_since_ = core_.wall_now();
        asks_.submit(storage::revoked_since(since.plus_ms(-clock_skew_ms)),
                     [self = shared_from_this(), since](const storage::unit_result& got) {
                         if (!got.committed()) {
                             self->revoked_since_ = since;
                             return;
                         }
                         std::vector<uuid> ended;
                         for (const storage::row& each : got.results[0]) ended.push_back(each.get<uuid>(0));
                         if (!ended.empty() && !self->is_stopped_) self->server_->revoke(std::move(ended));
                     });
    }

    node_feed& feed_;
    net::core_thread& core_;
    storage::pg_connection &bell_, &asks_;
    std::string node_;
    boost::asio::steady_timer timer_;
    net::server* server_ = nullptr;
    std::map<std::string, std::int64_t> peers_;  // until when each counts as there
    bool was_anybody_there_ = false;
    std::uint64_t ticks_ = 0;
    restaurant_id after_;
    instant revoked_since_;
    bool is_sweeping_ = false, is_whole_ = false, is_whole_wanted_ = false, is_stopped_ = false;
};

node_feed::node_feed(net::core_thread& core, storage::pg_connection& bell, storage::pg_connection& asks,
                     std::string node)
    : impl_(std::make_shared<impl>(*this, core, bell, asks, std::move(node))) {}

void node_feed::start(net::server& server, instant read_since) {
    impl_->start(server, read_since);
}

void node_feed::stop() {
    impl_->stop();
}

}  // namespace qtable::tools
