#include <string>

#include "net/api/app_core.hpp"
#include "net/api/handlers.hpp"
#include "net/api/metrics_text.hpp"
#include "proto/api_documents.hpp"
#include "proto/json_writer.hpp"

namespace qtable::net {

void get_livez(call& in) {
    in.answer(200, content_type::json, R"({"status":"ok"})");
}

void get_readyz(call& in) {
    app_shared& shared = in.app.shared();
    const bool is_loaded = shared.is_ready.load(std::memory_order_acquire);
    const bool is_draining = shared.is_draining.load(std::memory_order_acquire);
    const bool has_database = !in.app.is_degraded();
    const bool is_ready =
        is_loaded && !is_draining && (has_database || !in.app.options().ready_needs_database);
    std::string body;
    proto::json_writer writer(body);
    const auto check = [&writer](std::string_view name, bool ok, std::string_view detail) {
        writer.key(name).begin_object().key("ok").boolean(ok).key("detail").text(detail).end_object();
    };
    const bool has_memory = !shared.memory.is_short();
    writer.begin_object().key("status").text(!is_ready                    ? "unavailable"
                                             : has_database && has_memory ? "ok"
                                                                          : "degraded");
    writer.key("checks").begin_object();
    check("migrations", true, "schema version " + std::to_string(shared.migrations));
    check("inventory", is_loaded, is_loaded ? "loaded" : "loading");
    check("database", has_database, has_database ? "reachable" : "away: reads are answered, writes are not");
    check("memory", has_memory, has_memory ? "enough" : "short: new WebSockets and long lists are refused");
    check("draining", !is_draining, is_draining ? "shutting down" : "no");
    writer.end_object().end_object();
    response answer = make_json(is_ready ? 200 : 503, std::move(body));
    if (!is_ready) answer.header("Retry-After", "1");
    in.send(answer);
}

void get_metrics(call& in) {
    in.begin(200, "text/plain; version=0.0.4; charset=utf-8");
    write_metrics(in.out.body_writer(), in.app);
    in.out.finish();
}

void get_version(call& in) {
    std::string body;
    proto::json_writer(body)
        .begin_object()
        .key("name")
        .text("qtable")
        .key("version")
        .text(in.app.options().version)
        .key("commit")
        .text(in.app.options().commit)
        .end_object();
    in.send(make_json(200, std::move(body)));
}

void get_openapi(call& in) {
    in.answer(200, content_type::json, proto::openapi_document());
}

void get_asyncapi(call& in) {
    in.answer(200, content_type::json, proto::asyncapi_document());
}

}  // namespace qtable::net
