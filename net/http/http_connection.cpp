// Reading: from bytes to handled requests. Writing and deadlines are in http_connection_output.cpp.
#include "net/http/http_connection.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "core/base/assert.hpp"
#include "net/http/beast_check.hpp"
#include "net/http/http_scratch.hpp"
#include "net/http/uri.hpp"
#include "net/http/websocket_handshake.hpp"

namespace qtable::net {
namespace {

constexpr int reads_per_turn = 4;
constexpr std::string_view allowed_methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

}  // namespace

http_connection::http_connection(http_service& service, std::unique_ptr<transport> connection)
    : service_(service), transport_(std::move(connection)) {
    id_ = service_.connections_.add(this);
}

void http_connection::start() {
    if (!transport_->attach(*this)) return end();
    update_deadline();
}

bool http_connection::can_read() const noexcept {
    return phase_ == phase::open && !is_upgrade_pending_ && pending_.size() < limits::pipelined_requests &&
           unsent_.size() < limits::pipelined_bytes;
}

void http_connection::on_readable() {
    for (int i = 0; i < reads_per_turn; ++i) {
        if (phase_ == phase::gone) return;
        if (phase_ != phase::lingering && !can_read()) {
            is_input_waiting_ = true;
            return;
        }
        const io_result got = transport_->read(core().read_buffer(), core_thread::read_buffer_bytes);
        switch (got.state) {
            case io_state::would_block:
                return;
            case io_state::failed:
                return end();
            case io_state::closed:
                return on_peer_finished();
            case io_state::ok:
                receive(core().read_buffer(), got.bytes);
        }
        if (phase_ == phase::gone || !transport_->may_have_more()) return;
    }
    transport_->read_again_later();
}

bool http_connection::is_tls_hello(char first) const noexcept {
    return first == 0x16 && !transport_->is_tls();
}

void http_connection::receive(char* data, std::size_t size) {
    received_in_stage_ += size;
    if (phase_ == phase::lingering) {
        if (received_in_stage_ > limits::lingering_bytes) end();
        return;
    }
    if (!std::exchange(is_first_byte_seen_, true) && is_tls_hello(*data)) {
        core().metrics().tls_on_plain_port.add();
        core().report("a TLS hello came on a plain port: closed");
        return end();
    }
    reader_.begin(data, size);
    serve();
    if (phase_ == phase::gone) return;
    reader_.end();
    flush();
}

void http_connection::serve() {
    http_scratch& shared = scratch();
    is_prepared_ = false;
    shared.head.method = method::unknown;  // nothing is scanned yet: what lies there is another connection's
    for (;;) {
        if (!can_read()) {
            is_input_waiting_ = true;
            return;
        }
        switch (reader_.next(shared.head, shared.fields, &shared.heads)) {
            case request_reader::outcome::need_more:
                return;
            case request_reader::outcome::refused:
                return refuse(reader_.why());
            case request_reader::outcome::head: {
                if (!prepare_request()) return;
                const std::size_t limit = service_.handler_.body_limit(shared.head.method, shared.path);
                if (!reader_.begin_body(shared.head, limit)) return refuse(reader_.why());
                is_continue_due_ = shared.head.expects_continue && shared.head.has_body();
                body_since_ms_ = core().now_ms();
                received_in_stage_ = 0;
                break;
            }
            case request_reader::outcome::request:
                if (!is_prepared_ && !prepare_request()) return;
                dispatch();
                reader_.consume();
                is_prepared_ = false;
                shared.head.method = method::unknown;
                if (shared.out.size() >= limits::pipelined_bytes) write_out();
                if (phase_ == phase::gone) return;
        }
    }
}

// What the head scan leaves open: the other parser's opinion, and the decoding of the path and the query.
bool http_connection::prepare_request() {
    http_scratch& shared = scratch();
    is_continue_due_ = false;
    if (!decode_path(shared.head.raw_path, shared.decoded_path, shared.path) ||
        !is_valid_query(shared.head.raw_query)) {
        refuse({400, errc::malformed_request, "the target has a bad escape or isn't UTF-8"});
        return false;
    }
    if (!reader_.is_in_body() && !shared.head.is_known) {
        if (!beast_agrees(reader_.head_text(), shared.head)) {
            refuse({400, errc::malformed_request, "the head is doubtful"});
            return false;
        }
        reader_.remember_head(shared.head, shared.fields, shared.heads);
    }
    is_prepared_ = true;
    return true;
}

void http_connection::dispatch() {
    http_scratch& shared = scratch();
    const request_head& head = shared.head;
    core().metrics().requests.add();
    is_continue_due_ = false;
    is_old_ = head.minor_version == 0;
    request request;
    request.method = head.method;
    request.target = head.target;
    request.path = shared.path;
    request.raw_query = head.raw_query;
    request.fields = &shared.fields;
    request.body = reader_.body();
    request.request_id = shared.choose_request_id(shared.fields[field::x_request_id]);
    request.remote = transport_->peer();
    request.is_tls = transport_->is_tls();
    request.ticket = {{core().index(), id_}, next_request_++};
    if (pending_.empty()) {
        handle(request, shared.out);
        return;
    }
    // An earlier request isn't answered yet: what is written now waits behind it.
    std::unique_ptr<pending_answer> place = make_pending(request);
    const std::size_t before = pending_.size();
    handle(request, place->written);
    if (pending_.size() != before) {
        shared.give_back(std::move(place));  // deferred as well: it has a place of its own
        return;
    }
    place->is_ready = place->is_written = true;
    pending_.push_back(std::move(place));
}

void http_connection::handle(const request& request, std::string& out) {
    const bool is_close = !scratch().head.is_keep_alive || service_.is_draining_;
    responder answer(*this, request, out, is_close);
    if (request.path == "*") {
        answer.begin(204).header("Allow", allowed_methods).finish();
        return;
    }
    try {
        service_.handler_.handle(request, answer);
        if (answer.is_answered()) return;
    } catch (const std::exception& error) {
        core().metrics().handler_exceptions.add();
        core().report(error.what());
        if (answer.is_answered()) {
            if (pending_answer* const place = find_pending(request.ticket.request)) {
                response failed;
                failed.status = 500;
                failed.content(
                    content_type::problem,
                    std::string(render_problem(500, wire_code(errc::internal), "", place->request_id())));
                complete(request.ticket.request, std::move(failed));
            }
            phase_ = phase::closing;
            return;
        }
    }
    answer.discard();
    answer.close_after();
    answer.problem(500, wire_code(errc::internal), "this request could not be answered");
}

void http_connection::refuse(const refusal& why) {
    http_scratch& shared = scratch();
    core().metrics().parse_errors.add();
    request request;
    request.method = shared.head.method == method::head ? method::head : method::get;
    if (shared.head.method == method::unknown) shared.fields.clear();
    request.fields = &shared.fields;
    request.request_id = shared.choose_request_id(request[field::x_request_id]);
    request.ticket.request = next_request_++;
    std::unique_ptr<pending_answer> place = pending_.empty() ? nullptr : make_pending(request);
    std::string& out = place ? place->written : shared.out;
    responder answer(*this, request, out, true);
    const std::string_view body =
        render_problem(why.status, wire_code(why.code), why.detail, request.request_id);
    answer.begin(why.status).header("Content-Type", content_type::problem);
    if (why.status == 405) answer.header("Allow", allowed_methods);
    answer.body(body).finish();
    if (place) {
        place->is_ready = place->is_written = true;
        pending_.push_back(std::move(place));
    }
    is_continue_due_ = false;
    phase_ = phase::closing;
    reader_.drop();
}

void http_connection::on_peer_finished() {
    is_peer_finished_ = true;
    // A request cut short will never be whole; whole ones are still answered: the peer may have closed only
    // its side.
    if (phase_ == phase::lingering || (pending_.empty() && unsent_.empty())) return end();
    phase_ = phase::closing;
    reader_.drop();
    reader_.end();
}

void http_connection::drain() {
    if (is_idle()) begin_lingering();
}

bool http_connection::is_idle() const noexcept {
    return phase_ == phase::open && pending_.empty() && unsent_.empty() && !reader_.is_in_body() &&
           reader_.kept().empty();
}

void http_connection::end(bool reset) {
    if (phase_ == phase::gone) return;
    phase_ = phase::gone;
    if (transport_) transport_->close(reset);
    core().wheel().cancel(*this);
    service_.forget(*this);
}

std::string_view http_connection::date_line() {
    return scratch().date(core().wall_now());
}

std::string_view http_connection::ok_head(bool is_json) {
    return scratch().ok(core().wall_now(), is_json);
}

persistence http_connection::persistence_of(bool is_close) const noexcept {
    if (is_close) return persistence::close;
    return is_old_ ? persistence::keep_alive : persistence::implied;
}

std::string_view http_connection::render_problem(int status, std::string_view code, std::string_view detail,
                                                 std::string_view request_id) {
    std::string& out = scratch().problem;
    out.clear();
    service_.problems_.write_problem(status, code, detail, request_id, out);
    return out;
}

void http_connection::on_answered(int status, bool is_close) noexcept {
    core().metrics().responses_by_class[static_cast<std::size_t>(status / 100)].add();
    if (is_close && phase_ == phase::open) phase_ = phase::closing;
}

}  // namespace qtable::net
