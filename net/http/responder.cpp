#include "net/http/responder.hpp"

#include <charconv>
#include <utility>

#include "core/base/assert.hpp"
#include "net/http/answer_head.hpp"
#include "net/http/http_connection.hpp"
#include "net/http/websocket_handshake.hpp"

namespace qtable::net {
namespace {

// Room for the length of a body that is still being written; what isn't needed of it is closed up at the end.
constexpr std::string_view length_line = "Content-Length:           \r\n\r\n";
constexpr std::size_t length_digits = 10;

}  // namespace

responder& responder::begin(int status) {
    QTABLE_ASSERT(state_ == state::idle && !is_deferred_);
    status_ = status;
    state_ = state::headers;
    if (status == 200) {
        out_.append(connection_.ok_head(false));
    } else {
        append_status_line(out_, status);
        out_.append(connection_.date_line()).append("X-Request-Id: ");
    }
    out_.append(request_.request_id).append("\r\n");
    return *this;
}

responder& responder::begin_json() {
    QTABLE_ASSERT(state_ == state::idle && !is_deferred_);
    status_ = 200;
    state_ = state::headers;
    out_.append(connection_.ok_head(true)).append(request_.request_id).append("\r\n");
    return *this;
}

responder& responder::header(std::string_view name, std::string_view value) {
    QTABLE_ASSERT(state_ == state::headers && !has_line_break(value));
    out_.append(name).append(": ").append(value).append("\r\n");
    return *this;
}

void responder::end_headers() {
    append_connection(out_, connection_.persistence_of(is_close_wanted_));
    if (may_have_body(status_))
        out_.append(length_line);
    else
        out_.append("\r\n");
    body_start_ = out_.size();
    state_ = state::body;
}

std::string& responder::body_writer() {
    QTABLE_ASSERT(state_ == state::headers || state_ == state::body);
    if (state_ == state::headers) end_headers();
    return out_;
}

responder& responder::body(std::string_view bytes) {
    body_writer().append(bytes);
    return *this;
}

void responder::finish() {
    body_writer();
    if (may_have_body(status_)) {
        std::array<char, length_digits> digits;
        const auto [end, error] =
            std::to_chars(digits.data(), digits.data() + digits.size(), out_.size() - body_start_);
        QTABLE_ASSERT(error == std::errc());
        const auto count = static_cast<std::size_t>(end - digits.data());
        const std::size_t room_at = body_start_ - 4 - length_digits;
        out_.replace(room_at, length_digits, digits.data(), count);
        body_start_ -= length_digits - count;
    }
    if (request_.method == method::head || !may_have_body(status_)) out_.resize(body_start_);
    state_ = state::done;
    connection_.on_answered(status_, is_close_wanted_);
}

void responder::finish(std::string_view body) {
    QTABLE_ASSERT(state_ == state::headers);
    append_connection(out_, connection_.persistence_of(is_close_wanted_));
    if (may_have_body(status_)) {
        out_.append("Content-Length: ");
        append_number(out_, body.size());
        out_.append("\r\n");
    }
    out_.append("\r\n");
    if (request_.method != method::head && may_have_body(status_)) out_.append(body);
    state_ = state::done;
    connection_.on_answered(status_, is_close_wanted_);
}

void responder::respond(int status, std::string_view type, std::string_view bytes) {
    begin(status).header("Content-Type", type).finish(bytes);
}

void responder::respond(int status) {
    begin(status).finish();
}

void responder::problem(int status, std::string_view code, std::string_view detail) {
    respond(status, content_type::problem,
            connection_.render_problem(status, code, detail, request_.request_id));
}

void responder::send(const response& answer) {
    begin(answer.status);
    out_.append(answer.headers);
    body(answer.body).finish();
}

void responder::discard() noexcept {
    if (state_ == state::done || is_deferred_) return;
    out_.resize(start_);
    state_ = state::idle;
}

ticket responder::defer() {
    QTABLE_ASSERT(state_ == state::idle && !is_deferred_);
    is_deferred_ = true;
    state_ = state::done;
    connection_.defer(request_, is_close_wanted_, is_websocket_);
    return request_.ticket;
}

bool responder::accept_websocket(const origin_policy& origins) {
    std::optional<refusal> bad = check_websocket_handshake(request_);
    if (!bad && request_.fields->has(field::origin) && !origins.is_allowed(request_[field::origin]))
        bad = refusal{403, errc::forbidden, "this origin may not open a WebSocket here"};
    // What follows a refused handshake was meant for another protocol: it is not read as HTTP.
    is_close_wanted_ = true;
    if (!bad) {
        is_websocket_ = true;
        return true;
    }
    const std::string_view body =
        connection_.render_problem(bad->status, wire_code(bad->code), bad->detail, request_.request_id);
    begin(bad->status);
    if (bad->status == 426) header("Upgrade", "websocket").header("Sec-WebSocket-Version", "13");
    header("Content-Type", content_type::problem).body(body).finish();
    return false;
}

void responder::upgrade(std::unique_ptr<next_protocol> to, std::string_view subprotocol) {
    QTABLE_ASSERT(is_websocket_);
    const ticket mine = defer();
    connection_.complete_upgrade(mine.request, std::move(to), subprotocol);
}

}  // namespace qtable::net
