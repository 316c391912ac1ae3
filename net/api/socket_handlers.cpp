#include <algorithm>
#include <memory>

#include "net/api/app_core.hpp"
#include "net/api/event_frames.hpp"
#include "net/api/handlers.hpp"
#include "net/api/listed_origins.hpp"
#include "net/api/query_reader.hpp"
#include "net/ws/ws_session.hpp"
#include "proto/render_event.hpp"

namespace qtable::net {

namespace {

// One socket's subscription. What clients say means nothing here: the URL is the subscription.
class subscriber final : public ws_handler {
  public:
    subscriber(app_core& app, const stream_key& key, std::optional<resume_point> from,
               const socket_owner& owner)
        : app_(app), key_(key), from_(from), owner_(owner) {}

    void on_open(ws_session& session) override {
        app_.listeners().join(key_, place_, session, from_, owner_);
    }
    void on_message(ws_session&, std::string_view, bool) override {}
    void on_drained(ws_session&) override { app_.listeners().go_on(key_, place_); }
    void on_leaving(ws_session& session, std::int64_t within_ms) override {
        if (place_.is_greeted())
            session.send(going_away_frame(within_ms));  // a hello comes first, or nothing
    }
    void on_close(ws_session&, std::uint16_t) noexcept override { app_.listeners().leave(key_, place_); }

  private:
    app_core& app_;
    stream_key key_;
    std::optional<resume_point> from_;
    socket_owner owner_;
    subscription place_;
};

void open_socket(call& in, const stream_key& key) {
    query_reader query(in);
    const auto epoch_text = query.text("epoch", 16);
    const auto since_seq = query.integer("since_seq", 0, std::int64_t{1} << 53);
    if (query.has("epoch")) query.require("since_seq");
    if (query.has("since_seq")) query.require("epoch");
    const auto epoch = epoch_text ? proto::parse_epoch(*epoch_text) : std::nullopt;
    if (epoch_text && !epoch) query.error("epoch", "is not one that this server gave");
    if (!query.finish()) return;
    // Each core takes its part: the kernel spreads connections evenly.
    const auto most = static_cast<std::size_t>(in.app.options().sockets_per_stream) / in.app.cores().size();
    if (in.app.shared().memory.is_short() ||
        in.app.listeners().sockets_of(key) >= std::max<std::size_t>(most, 1))
        return in.fail(errc::overloaded);
    if (!in.out.accept_websocket(listed_origins(in))) return;

    std::optional<resume_point> from;
    if (epoch && since_seq) from = resume_point{*epoch, *since_seq};
    std::string_view subprotocol;
    in.in.fields->for_each_token(field::sec_websocket_protocol, [&subprotocol](std::string_view each) {
        if (each == "qtable.v1") subprotocol = "qtable.v1";
    });
    const socket_owner owner{in.who.id, in.session, in.token_expires_at};
    in.status = 101;
    in.out.upgrade(in.app.ws().make_session(std::make_unique<subscriber>(in.app, key, from, owner),
                                            in.app.socket_options()),
                   subprotocol);
}

}  // namespace

void open_staff_socket(call& in) {
    open_socket(in, {stream_kind::staff, in.live->id});
}

void open_customer_socket(call& in) {
    open_socket(in, {stream_kind::customer, in.who.id});
}

void open_public_socket(call& in) {
    open_socket(in, {stream_kind::open, in.live->id});
}

}  // namespace qtable::net
