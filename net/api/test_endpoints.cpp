#include "net/api/test_endpoints.hpp"

#include <memory>
#include <stdexcept>

#include "net/api/app_core.hpp"
#include "net/api/listed_origins.hpp"
#include "net/ws/ws_session.hpp"

namespace qtable::net {

namespace {

class echo_socket final : public ws_handler {
  public:
    void on_open(ws_session&) override {}
    void on_message(ws_session& session, std::string_view message, bool is_binary) override {
        session.send(encode_frame(is_binary ? ws_opcode::binary : ws_opcode::text, message));
    }
    void on_close(ws_session&, std::uint16_t) noexcept override {}
};

// An exception of a handler must end its own session alone.
class failing_socket final : public ws_handler {
  public:
    void on_open(ws_session&) override {}
    void on_message(ws_session&, std::string_view, bool) override {
        throw std::runtime_error("asked for by a test");
    }
    void on_close(ws_session&, std::uint16_t) noexcept override {}
};

constexpr std::size_t echo_message_bytes = 17 * 1024 * 1024;
constexpr ws_options echo_options{.message_bytes = echo_message_bytes,
                                  .outbox_bytes = 2 * echo_message_bytes,
                                  .messages_per_s = 0,
                                  .is_binary_allowed = true};

}  // namespace

void answer_test(call& in) {
    if (in.in.path == "/_test/echo") return in.out.respond(200, content_type::bytes, in.in.body);
    if (in.in.path == "/_test/throw") throw std::runtime_error("asked for by a test");
    if (in.in.path == "/_test/ws/throw") {
        if (!in.out.accept_websocket(listed_origins(in))) return;
        return in.out.upgrade(in.app.ws().make_session(std::make_unique<failing_socket>(), echo_options), {});
    }
    if (in.in.path != "/_test/ws") return in.fail(errc::not_found);
    if (!in.out.accept_websocket(listed_origins(in))) return;
    in.out.upgrade(in.app.ws().make_session(std::make_unique<echo_socket>(), echo_options), {});
}

}  // namespace qtable::net
