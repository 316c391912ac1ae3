#include "tools/qtable/node_feed.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/node_follower.hpp"
#include "net/limit/shared_counts.hpp"
#include "storage/store/journal.hpp"
#include "storage/store/log_positions.hpp"

namespace qtable::tools {

namespace {

constexpr const char* nodes_channel = "qtable_nodes";
constexpr const char* counts_channel = "qtable_counts";
// Sessions are found by when they ended, on clocks that may differ between nodes.
constexpr std::int64_t clock_skew_ms = 40'000;

}  // namespace

// Kept alive by the callbacks that wait for the database.
class node_feed::impl : public std::enable_shared_from_this<impl> {
  public:
    impl(node_feed& feed, net::core_thread& core, storage::pg_connection& bell, storage::pg_connection& asks,
         std::string node, const partition& part)
        : feed_(feed),
          core_(core),
          bell_(bell),
          asks_(asks),
          node_(std::move(node)),
          part_(part),
          follower_(node_),
          timer_(core.context()) {}

    void start(net::server& server, instant read_since) {
        server_ = &server;
        revoked_since_ = read_since;
        bell_.listen(
            storage::pg_journal::doorbell_channel,
            [self = shared_from_this()](std::string_view payload) { self->hear(payload); },
            // What was rung before is lost.
            [self = shared_from_this()] { self->sweep(self->follower_.sweep_all()); });
        bell_.listen(
            nodes_channel,
            [self = shared_from_this()](std::string_view node) {
                self->act(self->follower_.on_heard_of(node, self->core_.now_ms()));
            },
            [self = shared_from_this()] { self->say_we_are_here(); });
        bell_.listen(
            counts_channel,
            [self = shared_from_this()](std::string_view payload) { self->hear_counts(payload); }, [] {});
        wait();
    }
    void stop() {
        is_stopped_ = true;
        timer_.cancel();
    }

  private:
    void wait() {
        timer_.expires_after(std::chrono::milliseconds(node_follower::tick_ms));
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
            if (cancelled || self->is_stopped_) return;
            const net::turn_scope turn(self->core_);
            self->act(self->follower_.on_tick(self->core_.now_ms()));
            self->tell_counts();
            self->wait();
        });
    }
    void act(const node_follower::steps& next) {
        feed_.has_peers_.store(follower_.has_peers(), std::memory_order_relaxed);
        feed_.had_peers_.store(follower_.had_peers(), std::memory_order_relaxed);
        if (next.says_here) say_we_are_here();
        if (next.reads_ended) read_revoked();
        sweep(next.sweeps_after);
    }
    void say_we_are_here() {
        asks_.submit(storage::notification(nodes_channel, node_), [](const storage::unit_result&) {});
    }

    // ---- limits over all nodes: what each counted

    void tell_counts() {
        server_->take_counts([self = shared_from_this()](net::shared_counts&& counted) {
            if (self->is_stopped_ || !self->follower_.has_peers()) return;
            for (const std::string& payload : net::format_counts(self->node_, counted))
                self->asks_.submit(storage::notification(counts_channel, payload),
                                   [](const storage::unit_result&) {});
        });
    }
    void hear_counts(std::string_view payload) {
        const auto told = net::parse_counts(payload);
        if (told && told->node != node_) server_->charge(told->what);
    }

    // ---- what they did

    void hear(std::string_view payload) {
        const storage::doorbell rung = storage::parse_doorbell(payload);
        if (follower_.is_ours(rung.writer)) return;
        if (rung.everything) return sweep(follower_.sweep_all());
        server_->follow(rung.restaurants);
    }
    void sweep(const std::optional<restaurant_id>& after) {
        if (!after) return;
        asks_.submit(storage::positions_after(*after, static_cast<int>(follower_.portion()), part_),
                     [self = shared_from_this()](const storage::unit_result& got) { self->swept(got); });
    }
    void swept(const storage::unit_result& got) {
        if (is_stopped_) return;
        if (!got.committed()) return sweep(follower_.on_swept(std::nullopt));
        std::vector<log_position> found;
        for (const storage::row& each : got.results[0]) {
            found.push_back({each.get<restaurant_id>(0), each.get<std::int64_t>(1), each.get<bool>(2)});
        }
        if (!found.empty()) server_->catch_up(found);
        sweep(follower_.on_swept(found));
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
    partition part_;
    node_follower follower_;
    boost::asio::steady_timer timer_;
    net::server* server_ = nullptr;
    instant revoked_since_;
    bool is_stopped_ = false;
};

node_feed::node_feed(net::core_thread& core, storage::pg_connection& bell, storage::pg_connection& asks,
                     std::string node, const partition& part)
    : impl_(std::make_shared<impl>(*this, core, bell, asks, std::move(node), part)) {}

void node_feed::start(net::server& server, instant read_since) {
    impl_->start(server, read_since);
}

void node_feed::stop() {
    impl_->stop();
}

}  // namespace qtable::tools
