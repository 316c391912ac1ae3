#include "net/ws/ws_service.hpp"

#include <utility>

#include "net/ws/ws_session.hpp"

namespace qtable::net {

// Waits inside of HTTP for its 101 to be sent, then becomes a session.
class ws_upgrade final : public next_protocol {
  public:
    ws_upgrade(ws_service& service, std::unique_ptr<ws_handler> handler, const ws_options& options)
        : service_(service), handler_(std::move(handler)), options_(options) {}

    void start(std::unique_ptr<transport> connection, std::string_view received) override {
        // It belongs to the table from here, until `forget`.
        (new ws_session(service_, std::move(handler_), options_, std::move(connection)))->start(received);
    }

  private:
    ws_service& service_;
    std::unique_ptr<ws_handler> handler_;
    const ws_options& options_;
};

ws_service::ws_service(core_thread& core) : core_(core), ping_(encode_frame(ws_opcode::ping, {})) {}

ws_service::~ws_service() {
    on_empty_ = nullptr;
    close_all();
}

std::unique_ptr<next_protocol> ws_service::make_session(std::unique_ptr<ws_handler> handler,
                                                        const ws_options& options) {
    return std::make_unique<ws_upgrade>(*this, std::move(handler), options);
}

ws_session* ws_service::find(const session_ref& ref) noexcept {
    return ref.core == core_.index() ? sessions_.find(ref.id) : nullptr;
}

void ws_service::send(const session_ref& to, const ws_frame& frame) {
    if (ws_session* const session = find(to)) session->send(frame);
}

void ws_service::close(const session_ref& to, std::uint16_t code, std::string_view reason) {
    if (ws_session* const session = find(to)) session->close(code, reason);
}

void ws_service::drain(std::int64_t jitter_ms, std::function<void()> on_empty) {
    drain_jitter_ms_ = jitter_ms;
    on_empty_ = std::move(on_empty);
    sessions_.for_each([](ws_session& each) { each.leave(); });
    tell_if_empty();
}

void ws_service::close_all() {
    sessions_.for_each([](ws_session& each) { each.finish(ws_close::abnormal, true); });
}

void ws_service::forget(ws_session& session) {
    sessions_.remove(session.ref().id);
    core_.delete_later(std::unique_ptr<deletable>(&session));
    if (drain_jitter_ms_ >= 0) tell_if_empty();
}

void ws_service::tell_if_empty() {
    if (sessions_.size() != 0 || !on_empty_) return;
    core_.post(new function_message(std::exchange(on_empty_, nullptr)));
}

}  // namespace qtable::net
