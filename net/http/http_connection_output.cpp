// Writing and deadlines of a connection: answers in order, one write for all that are ready, then what comes
// next.
#include <algorithm>
#include <exception>
#include <utility>

#include "core/base/assert.hpp"
#include "net/http/http_connection.hpp"
#include "net/http/http_scratch.hpp"
#include "net/http/websocket_handshake.hpp"

namespace qtable::net {
namespace {

// A burst of large answers shouldn't keep its memory.
constexpr std::size_t out_kept_bytes = 1024 * 1024;
constexpr std::int64_t body_check_ms = 1'000;

}  // namespace

std::unique_ptr<pending_answer> http_connection::make_pending(const request& request) {
    std::unique_ptr<pending_answer> place = scratch().take_spare();
    place->request = request.ticket.request;
    place->request_id_size = static_cast<std::uint8_t>(request.request_id.size());
    std::copy(request.request_id.begin(), request.request_id.end(), place->request_id_chars.begin());
    place->is_head = request.method == method::head;
    place->is_old = is_old_;
    return place;
}

pending_answer* http_connection::find_pending(std::uint64_t request) noexcept {
    for (const auto& each : pending_)
        if (each->request == request && !each->is_ready) return each.get();
    return nullptr;
}

void http_connection::defer(const request& request, bool is_close, bool is_websocket) {
    core().metrics().deferred_requests.add();
    std::unique_ptr<pending_answer> place = make_pending(request);
    place->is_close = is_close;
    place->is_upgrade = is_websocket;
    if (is_websocket) {
        place->accept_key = websocket_accept_key(request[field::sec_websocket_key]);
        is_upgrade_pending_ = true;
    } else if (is_close && phase_ == phase::open) {
        phase_ = phase::closing;
    }
    pending_.push_back(std::move(place));
}

void http_connection::complete(std::uint64_t request, response&& answer) {
    pending_answer* const place = find_pending(request);
    if (place == nullptr) return;
    place->answer = std::move(answer);
    place->is_ready = true;
    core().at_turn_end(*this);
}

void http_connection::complete_upgrade(std::uint64_t request, std::unique_ptr<next_protocol> next,
                                       std::string_view subprotocol) {
    pending_answer* const place = find_pending(request);
    if (place == nullptr) return;
    QTABLE_ASSERT(place->is_upgrade);
    place->next = std::move(next);
    place->subprotocol.assign(subprotocol);
    place->is_ready = true;
    core().at_turn_end(*this);
}

void http_connection::on_turn_end() {
    flush();
}

void http_connection::on_writable() {
    if (unsent_.empty() || phase_ == phase::gone) return;
    std::size_t sent = 0;
    while (sent < unsent_.size()) {
        const io_result written = transport_->write(unsent_.data() + sent, unsent_.size() - sent);
        if (written.state == io_state::would_block) break;
        if (written.state != io_state::ok) return end();
        sent += written.bytes;
    }
    has_write_progressed_ |= sent > 0;
    unsent_.erase_front(sent);
    if (unsent_.empty()) unsent_.release();
    flush();
}

void http_connection::write_out() {
    std::string& out = scratch().out;
    std::size_t sent = 0;
    while (unsent_.empty() && sent < out.size()) {
        const io_result written = transport_->write(out.data() + sent, out.size() - sent);
        if (written.state == io_state::would_block) break;
        if (written.state != io_state::ok) {
            out.clear();
            return end();
        }
        sent += written.bytes;
    }
    unsent_.append(out.data() + sent, out.size() - sent);
    out.clear();
    if (out.capacity() > out_kept_bytes) out.shrink_to_fit();
}

void http_connection::render(pending_answer& place) {
    std::string& out = scratch().out;
    if (place.is_written) {
        out.append(place.written);
        return;
    }
    if (place.next) {
        append_status_line(out, 101);
        out.append(date_line());
        out.append("X-Request-Id: ").append(place.request_id());
        out.append("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ");
        out.append(place.accept_key.data(), place.accept_key.size()).append("\r\n");
        if (!place.subprotocol.empty())
            out.append("Sec-WebSocket-Protocol: ").append(place.subprotocol).append("\r\n");
        out.append("\r\n");
        core().metrics().responses_by_class[1].add();
        next_ = std::move(place.next);
        return;
    }
    const response& answer = place.answer;
    // While draining, the last answer that is waited for is the connection's last one.
    const bool is_last = service_.is_draining_ && pending_.size() == 1;
    const bool is_close = place.is_close || place.is_upgrade || is_last;
    const bool is_old = std::exchange(is_old_, place.is_old);
    append_status_line(out, answer.status);
    out.append(date_line());
    out.append("X-Request-Id: ").append(place.request_id()).append("\r\n");
    out.append(answer.headers);
    append_connection(out, persistence_of(is_close));
    is_old_ = is_old;
    if (may_have_body(answer.status)) {
        out.append("Content-Length: ");
        append_number(out, answer.body.size());
        out.append("\r\n");
    }
    out.append("\r\n");
    if (!place.is_head && may_have_body(answer.status)) out.append(answer.body);
    on_answered(answer.status, is_close);
    if (place.is_upgrade) is_upgrade_pending_ = false;
}

// Moves what is ready, oldest first, into the output.
void http_connection::collect_answers() {
    std::size_t done = 0;
    while (done < pending_.size() && pending_[done]->is_ready && unsent_.size() < limits::pipelined_bytes) {
        render(*pending_[done]);
        ++done;
        if (scratch().out.size() >= limits::pipelined_bytes) write_out();
        if (phase_ == phase::gone) return;
    }
    for (std::size_t i = 0; i < done; ++i) scratch().give_back(std::move(pending_[i]));
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(done));
    if (pending_.empty() && std::exchange(is_continue_due_, false))
        scratch().out.append("HTTP/1.1 100 Continue\r\n\r\n");
}

void http_connection::flush() {
    if (phase_ == phase::gone || phase_ == phase::lingering) return;
    for (;;) {
        collect_answers();
        if (phase_ == phase::gone) return;
        write_out();
        if (phase_ == phase::gone) return;
        if (!is_input_waiting_ || !can_read()) break;
        resume_reading();
        if (phase_ == phase::gone) return;
    }
    if (unsent_.empty() && pending_.empty()) {
        if (next_) return hand_over();
        if (is_peer_finished_) return end();
        if (phase_ == phase::closing) return begin_lingering();
    }
    update_deadline();
}

void http_connection::resume_reading() {
    is_input_waiting_ = false;
    reader_.begin(nullptr, 0);
    serve();
    if (phase_ == phase::gone) return;
    reader_.end();
    if (!is_input_waiting_) transport_->read_again_later();
}

void http_connection::hand_over() {
    phase_ = phase::gone;
    core().wheel().cancel(*this);
    std::unique_ptr<transport> connection = std::move(transport_);
    const std::unique_ptr<next_protocol> next = std::move(next_);
    service_.forget(*this);  // deleted at the end of the turn: what it kept is still there
    next->start(std::move(connection), reader_.kept());
}

// Half-closes, so that the peer sees the end, and reads a little on: closing with unread input would reset
// the connection and could take the answer with it.
void http_connection::begin_lingering() {
    reader_.drop();
    reader_.end();
    transport_->shut_down_write();
    phase_ = phase::lingering;
    received_in_stage_ = 0;
    stage_ = deadline_stage::linger;
    core().wheel().schedule(*this, core().now_ms() + timeout_of(stage_));
    transport_->read_again_later();
}

std::int64_t http_connection::timeout_of(deadline_stage stage) const noexcept {
    const http_options& options = service_.options_;
    switch (stage) {
        case deadline_stage::idle:
            return options.idle_timeout_ms;
        case deadline_stage::header:
            return options.header_timeout_ms;
        case deadline_stage::body:
            return std::min(options.body_grace_ms, options.body_timeout_ms);
        case deadline_stage::write:
            return options.write_stall_timeout_ms;
        case deadline_stage::linger:
            return options.lingering_timeout_ms;
        case deadline_stage::count_:
            break;
    }
    return 0;
}

void http_connection::update_deadline() {
    if (phase_ == phase::gone || phase_ == phase::lingering) return;
    deadline_stage stage = deadline_stage::idle;
    if (!unsent_.empty())
        stage = deadline_stage::write;
    else if (!can_read())
        stage = deadline_stage::count_;  // the application's turn; its deadlines are its own
    else if (reader_.is_in_body())
        stage = deadline_stage::body;
    else if (!reader_.kept().empty() || next_request_ == 1)
        stage = deadline_stage::header;
    else if (!pending_.empty())
        stage = deadline_stage::count_;
    const bool is_same = stage == stage_ && next_request_ == staged_request_;
    if (is_same && !(stage == deadline_stage::write && has_write_progressed_)) return;
    stage_ = stage;
    staged_request_ = next_request_;
    has_write_progressed_ = false;
    if (stage == deadline_stage::count_) return core().wheel().cancel(*this);
    if (stage == deadline_stage::idle && service_.is_draining_) return begin_lingering();
    core().wheel().schedule(*this, core().now_ms() + timeout_of(stage));
}

void http_connection::on_deadline(std::int64_t now_ms) {
    scratch().head.method = method::unknown;  // whatever is there was scanned for another connection
    if (stage_ == deadline_stage::body) return on_body_deadline(now_ms);
    core().metrics().timeouts[static_cast<std::size_t>(stage_)].add();
    if (stage_ == deadline_stage::header && !reader_.kept().empty()) {
        refuse({408, errc::request_timeout, "the header took too long"});
        return flush();
    }
    end(stage_ == deadline_stage::write);
}

void http_connection::on_body_deadline(std::int64_t now_ms) {
    const http_options& options = service_.options_;
    const std::int64_t elapsed_ms = now_ms - body_since_ms_;
    const bool is_too_slow = static_cast<std::int64_t>(received_in_stage_) * ms_per_second <
                             options.body_min_bytes_per_s * elapsed_ms;
    if (elapsed_ms < options.body_timeout_ms && !is_too_slow) {
        const std::int64_t next = std::min(now_ms + body_check_ms, body_since_ms_ + options.body_timeout_ms);
        core().wheel().schedule(*this, next);
        return;
    }
    core().metrics().timeouts[static_cast<std::size_t>(deadline_stage::body)].add();
    refuse({408, errc::request_timeout, "the body came too slowly"});
    flush();
}

}  // namespace qtable::net
