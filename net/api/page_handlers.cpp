#include <string>

#include "net/api/app_core.hpp"
#include "net/api/handlers.hpp"
#include "proto/built_in_files.hpp"
#include "proto/json_writer.hpp"
#include "proto/problem_page.hpp"

namespace qtable::net {

namespace {

// Asks nobody else for anything, runs nothing that isn't ours, stands in nobody's frame.
constexpr std::string_view file_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";
constexpr std::string_view problem_policy =
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

void begin_page(call& in, std::string_view type, std::string_view policy) {
    in.begin(200, type);
    in.out.header("Content-Security-Policy", policy)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .header("Cache-Control", "no-cache");
}

// What was built in changes only with the program: the tag is asked for each time, the bytes once.
// Compressed is what browsers alone ask for, and all of them take gzip; who says nothing takes anything.
void send_file(call& in, const proto::built_in_file& file) {
    if (in.is_not_modified(file.etag)) return;
    begin_page(in, file.content_type, file_policy);
    in.out.header("ETag", file.etag);
    if (file.is_gzip) in.out.header("Content-Encoding", "gzip");
    in.out.body_writer() += file.bytes;
    in.out.finish();
}

// What the page has to know of this server before it asks anything.
void send_settings(call& in) {
    std::string body;
    proto::json_writer(body)
        .begin_object()
        .key("version")
        .text(in.app.options().version)
        .key("is_dev")
        .boolean(static_cast<bool>(in.app.options().dev_answer))
        .end_object();
    in.send(make_json(200, std::move(body)));
}

bool is_of_this_machine(const peer_address& from) {
    const std::string text = from.text();
    return text.starts_with("127.") || text == "::1";
}

// A name that a foreign page has let point at this machine isn't one of these.
bool is_named_local(std::string_view host) noexcept {
    if (host.starts_with("[::1]")) return true;
    host = host.substr(0, host.find(':'));
    return host == "localhost" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

void get_console(call& in) {
    if (!in.app.options().has_console) return in.fail(errc::not_found);
    send_file(in, *proto::find_console_file("page.html"));
}

void get_console_file(call& in) {
    if (!in.app.options().has_console) return in.fail(errc::not_found);
    if (in.params[0] == "settings.json") return send_settings(in);
    const proto::built_in_file* const file = proto::find_console_file(in.params[0]);
    if (file == nullptr) return in.fail(errc::not_found);
    send_file(in, *file);
}

// Swagger UI where the program has it, else our own page.
void get_docs(call& in) {
    const proto::built_in_file* const file = proto::find_docs_file("swagger.html");
    send_file(in, file != nullptr ? *file : *proto::find_docs_file("page.html"));
}

void get_events_page(call& in) {
    send_file(in, *proto::find_docs_file("events.html"));
}

void get_docs_file(call& in) {
    const proto::built_in_file* const file = proto::find_docs_file(in.params[0]);
    if (file == nullptr) return in.fail(errc::not_found);
    send_file(in, *file);
}

void list_problems(call& in) {
    begin_page(in, content_type::html, problem_policy);
    proto::write_problem_index(in.out.body_writer());
    in.out.finish();
}

void get_problem_page(call& in) {
    const errc code = proto::find_problem_code(in.params[0]);
    if (code == errc::ok) return in.fail(errc::not_found);
    begin_page(in, content_type::html, problem_policy);
    proto::write_problem_page(in.out.body_writer(), code);
    in.out.finish();
}

// Letters hold tokens: for who sits at this machine.
void answer_dev(call& in) {
    constexpr std::string_view prefix = "/_dev/";
    if (in.in.method != method::get || !is_of_this_machine(in.in.remote) ||
        !is_named_local(in.in[field::host]))
        return in.fail(errc::not_found);
    std::string body = in.app.options().dev_answer(in.in.path.substr(prefix.size()));
    if (body.empty()) return in.fail(errc::not_found);
    response answer = make_json(200, std::move(body));
    answer.header("Cache-Control", "no-store").header("X-Content-Type-Options", "nosniff");
    in.send(answer);
}

}  // namespace qtable::net
