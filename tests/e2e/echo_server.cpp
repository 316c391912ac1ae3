// The HTTP and WebSocket engine with nothing behind it but echoes: what framing.py drives, and what is
// measured against bench/floor. Routes: /_test/echo (inline), /_test/deferred (answered by way of the next
// core), /_test/plain (a fixed answer), /_test/get-only, /_test/throw, /_test/ws (echo, no limits),
// /_test/ws-strict (echo under the default limits), /_test/ws-push (more than one reads), /_test/ws-later
// (upgraded after a deferral). Prints `listening on PORT`; SIGTERM drains.
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "net/http/http_service.hpp"
#include "net/io/listener.hpp"
#include "net/io/tls_context.hpp"
#include "net/rt/cgroup.hpp"
#include "net/rt/runtime.hpp"
#include "net/ws/ws_service.hpp"
#include "net/ws/ws_session.hpp"

namespace {

using namespace qtable::net;

constexpr std::string_view plain_answer = R"({"items":[],"next_cursor":null})";

struct settings {
    std::uint16_t port = 0;
    std::uint32_t cores = 0;
    std::string address = "127.0.0.1", certificate, key;
    http_options http;
    ws_options open_ws{
        .message_bytes = 17 << 20, .outbox_bytes = 40 << 20, .messages_per_s = 0, .is_binary_allowed = true};
    ws_options strict_ws;
};

class echo_socket final : public ws_handler {
    void on_open(ws_session&) override {}
    void on_message(ws_session& session, std::string_view message, bool is_binary) override {
        session.send(encode_frame(is_binary ? ws_opcode::binary : ws_opcode::text, message));
    }
    void on_close(ws_session&, std::uint16_t) noexcept override {}
};

// Answers any message with 10,000 frames of 4 KiB, whether they are read or not: a slow reader's nightmare.
class pushing_socket final : public ws_handler {
    void on_open(ws_session&) override {}
    void on_message(ws_session& session, std::string_view, bool) override {
        const ws_frame frame = encode_text(std::string(4096, 'p'));
        for (int i = 0; i < 10'000 && !session.is_closing(); ++i) session.send(frame);
    }
    void on_close(ws_session&, std::uint16_t) noexcept override {}
};

class same_host_only final : public origin_policy {
    bool is_allowed(std::string_view origin) const override { return origin.starts_with("http://localhost"); }
};

// Everything of one core.
struct core_services;

class echo_handler final : public request_handler {
  public:
    echo_handler(core_services& services, const settings& with) : services_(services), settings_(with) {}
    void handle(const request& request, responder& responder) override;
    std::size_t body_limit(method, std::string_view path) override {
        return path == "/_test/echo" || path == "/_test/deferred" ? qtable::limits::max_body_bytes
                                                                  : qtable::limits::json_body_bytes;
    }

  private:
    void open_socket(const request& request, responder& responder);
    void answer_later(const request& request, responder& responder);

    core_services& services_;
    const settings& settings_;
};

struct core_services {
    core_services(runtime& with, core_thread& core, std::vector<std::unique_ptr<core_services>>& every,
                  const settings& configured, int listening, const tls_context* tls)
        : cores(with),
          all(every),
          handler(*this, configured),
          http(core, handler, problems, configured.http),
          ws(core),
          accepting(core, listening, tls,
                    [this](std::unique_ptr<transport> one) { http.accept(std::move(one)); }) {}

    runtime& cores;
    std::vector<std::unique_ptr<core_services>>& all;
    simple_problem_writer problems;
    echo_handler handler;
    http_service http;
    ws_service ws;
    listener accepting;
};

void echo_handler::answer_later(const request& request, responder& responder) {
    response answer;
    answer.content(content_type::bytes, std::string(request.body));
    const ticket to = responder.defer();
    runtime& cores = services_.cores;
    auto& all = services_.all;
    const std::uint32_t other = (to.session.core + 1) % cores.size();
    cores.post(other, [&cores, &all, to, answer = std::move(answer)]() mutable {
        cores.post(to.session.core, [&all, to, answer = std::move(answer)]() mutable {
            all[to.session.core]->http.complete(to, std::move(answer));
        });
    });
}

void echo_handler::open_socket(const request& request, responder& responder) {
    if (!responder.accept_websocket(same_host_only())) return;
    std::unique_ptr<ws_handler> socket = std::make_unique<echo_socket>();
    if (request.path == "/_test/ws-push") socket = std::make_unique<pushing_socket>();
    const ws_options& options = request.path == "/_test/ws" ? settings_.open_ws : settings_.strict_ws;
    std::unique_ptr<next_protocol> next = services_.ws.make_session(std::move(socket), options);
    std::string_view subprotocol;
    if (request.fields->has_token(field::sec_websocket_protocol, "qtable.v1")) subprotocol = "qtable.v1";
    if (request.path != "/_test/ws-later") return responder.upgrade(std::move(next), subprotocol);
    // As when the token has to be looked up elsewhere first.
    const ticket to = responder.defer();
    services_.cores.post(to.session.core, [this, to, subprotocol = std::string(subprotocol),
                                           next = std::move(next)]() mutable {
        services_.http.complete_upgrade(to, std::move(next), subprotocol);
    });
}

void echo_handler::handle(const request& request, responder& responder) {
    if (request.path == "/_test/plain") return responder.respond(200, content_type::json, plain_answer);
    if (request.path == "/_test/echo") {
        responder.begin(200).header("Content-Type", content_type::bytes).body(request.body).finish();
        return;
    }
    if (request.path == "/_test/deferred") return answer_later(request, responder);
    if (request.path == "/_test/throw") throw std::runtime_error("asked to throw");
    if (request.path == "/_test/get-only") {
        if (request.method == method::get) return responder.respond(200, content_type::text, "got");
        responder.begin(405).header("Allow", "GET").finish();
        return;
    }
    if (request.path.starts_with("/_test/ws")) return open_socket(request, responder);
    responder.problem(404, "not_found", "no such route");
}

settings parse_settings(int argc, char** argv) {
    settings with;
    const std::map<std::string_view, std::int64_t*> times{
        {"--header-timeout-ms", &with.http.header_timeout_ms},
        {"--body-timeout-ms", &with.http.body_timeout_ms},
        {"--body-grace-ms", &with.http.body_grace_ms},
        {"--idle-timeout-ms", &with.http.idle_timeout_ms},
        {"--write-stall-timeout-ms", &with.http.write_stall_timeout_ms},
        {"--lingering-timeout-ms", &with.http.lingering_timeout_ms},
        {"--close-timeout-ms", &with.strict_ws.close_timeout_ms},
        {"--ping-interval-ms", &with.strict_ws.ping_interval_ms}};
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i], value = argv[i + 1];
        std::int64_t number = 0;
        std::from_chars(value.data(), value.data() + value.size(), number);
        if (const auto found = times.find(name); found != times.end())
            *found->second = number;
        else if (name == "--port")
            with.port = static_cast<std::uint16_t>(number);
        else if (name == "--cores")
            with.cores = static_cast<std::uint32_t>(number);
        else if (name == "--address")
            with.address = value;
        else if (name == "--tls-certificate")
            with.certificate = value;
        else if (name == "--tls-key")
            with.key = value;
        else {
            std::fprintf(stderr, "unknown option %s\n", argv[i]);
            std::exit(2);
        }
    }
    if (with.cores == 0) with.cores = usable_cores();
    return with;
}

// After SIGTERM: every core stops accepting and drains; the last one to be empty ends the waiting of main.
void drain(runtime& cores, std::vector<std::unique_ptr<core_services>>& all,
           const std::function<void()>& on_core_empty) {
    for (std::uint32_t i = 0; i < cores.size(); ++i) {
        cores.post(i, [&services = *all[i], on_core_empty] {
            services.accepting.stop_accepting();
            services.http.drain([&services, on_core_empty] { services.ws.drain(300, on_core_empty); });
        });
    }
}

}  // namespace

int main(int argc, char** argv) {
    const settings with = parse_settings(argc, argv);
    std::unique_ptr<tls_context> tls;
    if (!with.certificate.empty()) {
        std::string why;
        auto loaded = tls_context::load(with.certificate, with.key, why);
        if (!loaded) {
            std::fprintf(stderr, "%s\n", why.c_str());
            return 2;
        }
        tls = std::move(*loaded);
    }
    auto sockets = listening_sockets::open(with.address, with.port, with.cores);
    if (!sockets) {
        std::fprintf(stderr, "cannot listen: %s\n", sockets.error().message().c_str());
        return 2;
    }
    runtime cores(with.cores);
    std::vector<std::unique_ptr<core_services>> all;
    for (std::uint32_t i = 0; i < with.cores; ++i)
        all.push_back(
            std::make_unique<core_services>(cores, cores.core(i), all, with, sockets->take(i), tls.get()));

    boost::asio::io_context signals(1);
    boost::asio::signal_set stop(signals, SIGTERM, SIGINT);
    stop.async_wait([&](boost::system::error_code, int) {
        auto left = std::make_shared<std::atomic<std::uint32_t>>(cores.size());
        drain(cores, all, [&signals, left] {
            if (left->fetch_sub(1) == 1) signals.stop();
        });
    });
    const auto keep_running = boost::asio::make_work_guard(signals);
    cores.start([&](core_thread& core) { all[core.index()]->accepting.start(); });
    std::printf("listening on %u\n", static_cast<unsigned>(sockets->port()));
    std::fflush(stdout);
    signals.run();
    cores.stop();
    return 0;
}
