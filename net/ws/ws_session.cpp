#include "net/ws/ws_session.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <limits>
#include <utility>

namespace qtable::net {
namespace {

constexpr int reads_per_turn = 4;
constexpr std::size_t frames_per_write = 64;
constexpr std::size_t outbox_kept_frames = 16;
constexpr std::uint8_t pings_unanswered_max = 2;

ws_close_kind kind_of(std::uint16_t code) noexcept {
    switch (code) {
        case ws_close::normal:
        case ws_close::no_status:
            return ws_close_kind::normal;
        case ws_close::going_away:
            return ws_close_kind::going_away;
        case ws_close::protocol_error:
            return ws_close_kind::protocol_error;
        case ws_close::unsupported:
            return ws_close_kind::unsupported;
        case ws_close::abnormal:
            return ws_close_kind::abnormal;
        case ws_close::invalid_utf8:
            return ws_close_kind::invalid_utf8;
        case ws_close::policy:
            return ws_close_kind::policy;
        case ws_close::too_big:
            return ws_close_kind::too_big;
        case ws_close::restart:
            return ws_close_kind::restart;
        case ws_close::token_expired:
            return ws_close_kind::token_expired;
        case ws_close::slow_consumer:
            return ws_close_kind::slow_consumer;
        default:
            return ws_close_kind::other;
    }
}

}  // namespace

ws_session::ws_session(ws_service& service, std::unique_ptr<ws_handler> handler, const ws_options& options,
                       std::unique_ptr<transport> connection)
    : service_(service),
      handler_(std::move(handler)),
      transport_(std::move(connection)),
      options_(options),
      decoder_(options.message_bytes, options.is_binary_allowed) {
    id_ = service_.sessions_.add(this);
    core_metrics& metrics = service_.core_.metrics();
    metrics.ws_opened.add();
    metrics.ws_open.add();
}

ws_session::~ws_session() = default;

void ws_session::start(std::string_view received) {
    const std::int64_t now_ms = service_.core_.now_ms();
    next_ping_ms_ = now_ms + options_.ping_interval_ms;
    schedule_next(now_ms);
    if (!transport_->attach(*this)) return finish(ws_close::abnormal, true);
    guarded([&] { handler_->on_open(*this); });
    if (service_.drain_jitter_ms_ >= 0) close_within(service_.drain_jitter_ms_);
    // What came with the handshake: unmasking changes it, so it goes through the core's buffer like
    // everything else.
    while (!received.empty() && state_ != state::closed) {
        const std::size_t size = std::min(received.size(), core_thread::read_buffer_bytes);
        std::memcpy(service_.core_.read_buffer(), received.data(), size);
        received.remove_prefix(size);
        consume(service_.core_.read_buffer(), size);
    }
}

// An exception of the handler ends its own session and nothing else.
template <class Function>
void ws_session::guarded(Function function) {
    try {
        function();
    } catch (const std::exception& error) {
        service_.core_.metrics().handler_exceptions.add();
        service_.core_.report(error.what());
        fail(ws_close::internal, "internal error");
    }
}

void ws_session::on_readable() {
    for (int i = 0; i < reads_per_turn; ++i) {
        if (state_ == state::closed) return;
        if (is_backed_up()) {
            is_read_paused_ = true;
            return;
        }
        char* const buffer = service_.core_.read_buffer();
        const io_result got = transport_->read(buffer, core_thread::read_buffer_bytes);
        if (got.state == io_state::would_block) return;
        if (got.state != io_state::ok)
            return finish(close_code_ != 0 ? close_code_ : ws_close::abnormal, false);
        consume(buffer, got.bytes);
        if (state_ == state::closed || !transport_->may_have_more()) return;
    }
    transport_->read_again_later();
}

// A peer that sends faster than it reads what it asked for isn't read from, so that it can't fill its own
// outbox.
bool ws_session::is_backed_up() const noexcept {
    return state_ == state::open && outbox_bytes_ > options_.outbox_bytes / 2;
}

void ws_session::consume(char* data, std::size_t size) {
    pings_unanswered_ = 0;  // whatever it says, it is alive
    char* const end = data + size;
    while (state_ != state::closed && !is_deaf_) {
        const ws_decoder::event what = decoder_.next(data, end);
        if (what == ws_decoder::event::need_more) return;
        if (what == ws_decoder::event::error) return fail(decoder_.code(), "");
        if (what == ws_decoder::event::close) return on_peer_close(decoder_.code());
        if (state_ != state::open) continue;  // we have said goodbye: only the peer's close counts
        if (!count_frame()) return fail(ws_close::policy, "too many messages");
        if (what == ws_decoder::event::ping) enqueue(encode_frame(ws_opcode::pong, decoder_.payload()));
        if (what == ws_decoder::event::message) {
            service_.core_.metrics().ws_messages_in.add();
            guarded([&] { handler_->on_message(*this, decoder_.payload(), decoder_.is_binary()); });
        }
    }
}

bool ws_session::count_frame() {
    if (options_.messages_per_s == 0) return true;
    const std::int64_t second = service_.core_.now_ms() / ms_per_second;
    if (second != rate_second_) {
        rate_second_ = second;
        rate_count_ = 0;
    }
    return ++rate_count_ <= options_.messages_per_s;
}

void ws_session::on_peer_close(std::uint16_t code) {
    peer_has_closed_ = true;
    is_deaf_ = true;
    if (state_ == state::open) {
        close_code_ = code;
        say_goodbye(code, "");
    } else {
        service_.core_.at_turn_end(*this);
    }
}

// The peer broke the rules: nothing it sends from here on is looked at.
void ws_session::fail(std::uint16_t code, std::string_view reason) {
    is_deaf_ = true;
    if (state_ == state::open) close(code, reason);
}

void ws_session::close(std::uint16_t code, std::string_view reason) {
    if (state_ != state::open) return;
    close_code_ = code;
    say_goodbye(code, reason);
}

void ws_session::say_goodbye(std::uint16_t code, std::string_view reason) {
    state_ = state::closing;
    outbox_.push_back({encode_close(code, reason)});
    outbox_bytes_ += outbox_.back().bytes->size();
    const std::int64_t now_ms = service_.core_.now_ms();
    close_at_ms_ = now_ms + options_.close_timeout_ms;
    schedule_next(now_ms);
    service_.core_.at_turn_end(*this);
}

void ws_session::close_within(std::int64_t jitter_ms) {
    if (state_ != state::open) return;
    const auto range = static_cast<std::uint64_t>(std::max<std::int64_t>(jitter_ms, 1));
    const std::int64_t now_ms = service_.core_.now_ms();
    close_at_ms_ = now_ms + static_cast<std::int64_t>(service_.core_.next_random() % range);
    schedule_next(now_ms);
}

void ws_session::leave() {
    if (state_ != state::open) return;
    guarded([&] { handler_->on_leaving(*this, service_.drain_jitter_ms_); });
    close_within(service_.drain_jitter_ms_);
}

void ws_session::send(const ws_frame& frame) {
    if (state_ == state::open) enqueue(frame);
}

void ws_session::send_joined(const ws_frame& frames, std::size_t count) {
    if (state_ != state::open) return;
    if (!outbox_.empty()) return enqueue(frames, count);
    const io_result written = transport_->write(frames->data(), frames->size());
    if (written.state == io_state::ok && written.bytes == frames->size()) {
        service_.core_.metrics().ws_frames_out.add(count);
        return;
    }
    outbox_.push_back({frames, count});
    first_sent_ = written.bytes;
    outbox_bytes_ = frames->size() - first_sent_;
    was_blocked_ = true;
    if (written.state != io_state::ok && written.state != io_state::would_block)
        service_.core_.at_turn_end(*this);
}

void ws_session::enqueue(const ws_frame& frame, std::size_t count) {
    // A burst within one turn isn't the peer's fault: what the socket takes at once doesn't count as waiting.
    if (outbox_bytes_ + frame->size() > options_.outbox_bytes) flush();
    if (state_ != state::open) return;
    // A frame that is larger than that by itself is nobody's slowness.
    if (outbox_bytes_ != 0 && outbox_bytes_ + frame->size() > options_.outbox_bytes) {
        // Too slow: what waits is dropped, so that the close comes next.
        service_.core_.metrics().slow_consumers.add();
        drop_outbox();
        return close(ws_close::slow_consumer, "too slow: resume from the last seq");
    }
    outbox_.push_back({frame, count});
    outbox_bytes_ += frame->size();
    service_.core_.at_turn_end(*this);
}

// All but a frame that is already partly on its way.
void ws_session::drop_outbox() {
    const bool is_cut = first_ < outbox_.size() && first_sent_ > 0;
    outbox_.resize(first_ + (is_cut ? 1 : 0));
    outbox_bytes_ = is_cut ? outbox_[first_].bytes->size() - first_sent_ : 0;
}

void ws_session::on_turn_end() {
    flush();
}
void ws_session::on_writable() {
    flush();
}

bool ws_session::write_some() {
    std::array<iovec, frames_per_write> pieces;
    std::size_t count = 0, wanted = 0;
    for (std::size_t i = first_; i < outbox_.size() && count < pieces.size(); ++i, ++count) {
        const std::size_t skip = i == first_ ? first_sent_ : 0;
        const std::string& bytes = *outbox_[i].bytes;
        pieces[count] = {const_cast<char*>(bytes.data()) + skip, bytes.size() - skip};
        wanted += pieces[count].iov_len;
    }
    const io_result written = transport_->write(std::span<const iovec>(pieces.data(), count));
    if (written.state != io_state::ok && written.state != io_state::would_block) {
        finish(close_code_ != 0 ? close_code_ : ws_close::abnormal, true);
        return false;
    }
    outbox_bytes_ -= written.bytes;
    std::size_t sent = written.bytes + first_sent_;
    for (; first_ < outbox_.size() && sent >= outbox_[first_].bytes->size(); ++first_) {
        sent -= outbox_[first_].bytes->size();
        service_.core_.metrics().ws_frames_out.add(outbox_[first_].frames);
        outbox_[first_].bytes.reset();
    }
    first_sent_ = sent;
    return written.bytes == wanted || (written.bytes > 0 && transport_->is_tls());
}

void ws_session::flush() {
    if (state_ == state::closed) return;
    while (first_ < outbox_.size()) {
        if (!write_some()) break;
    }
    if (state_ == state::closed) return;
    if (is_read_paused_ && !is_backed_up()) {
        is_read_paused_ = false;
        transport_->read_again_later();
    }
    if (first_ < outbox_.size()) {
        was_blocked_ = true;
        // What was sent must not make the queue grow without end.
        if (first_ >= outbox_kept_frames) {
            outbox_.erase(outbox_.begin(), outbox_.begin() + static_cast<std::ptrdiff_t>(first_));
            first_ = 0;
        }
        return;
    }
    outbox_.clear();
    first_ = first_sent_ = 0;
    if (outbox_.capacity() > outbox_kept_frames) outbox_.shrink_to_fit();
    if (state_ == state::open && std::exchange(was_blocked_, false))
        guarded([&] { handler_->on_drained(*this); });
    if (state_ != state::closing) return;
    if (!outbox_.empty()) return;  // a close that `on_drained` asked for: its own turn's end is to come
    if (peer_has_closed_) return finish(close_code_, false);
    // After a violation the close is all it gets: the end of the stream tells it so at once.
    if (is_deaf_) transport_->shut_down_write();
}

void ws_session::finish(std::uint16_t code, bool reset) {
    if (state_ == state::closed) return;
    state_ = state::closed;
    transport_->close(reset);
    service_.core_.wheel().cancel(*this);
    core_metrics& metrics = service_.core_.metrics();
    metrics.ws_open.subtract();
    metrics.ws_closed[static_cast<std::size_t>(kind_of(code))].add();
    handler_->on_close(*this, code);
    service_.forget(*this);
}

void ws_session::schedule_next(std::int64_t now_ms) {
    std::int64_t next_ms = state_ == state::open ? next_ping_ms_ : std::numeric_limits<std::int64_t>::max();
    if (close_at_ms_ != 0) next_ms = std::min(next_ms, close_at_ms_);
    service_.core_.wheel().schedule(*this, std::max(next_ms, now_ms));
}

void ws_session::on_deadline(std::int64_t now_ms) {
    if (state_ == state::closing) return finish(close_code_, true);
    if (close_at_ms_ != 0 && now_ms >= close_at_ms_) return close(ws_close::restart, "the server restarts");
    if (now_ms >= next_ping_ms_) {
        if (pings_unanswered_ >= pings_unanswered_max) return finish(ws_close::abnormal, true);
        ++pings_unanswered_;
        next_ping_ms_ = now_ms + options_.ping_interval_ms;
        enqueue(service_.ping_);
    }
    if (state_ == state::open) schedule_next(now_ms);
}

}  // namespace qtable::net
