#include "net/api/channels.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/limits.hpp"
#include "net/api/event_frames.hpp"
#include "net/ws/ws_session.hpp"

namespace qtable::net {

struct channel {
    struct seat {
        ws_session* session = nullptr;
        subscription* who = nullptr;
        std::int64_t told_seq = 0;  // the last one
        bool is_joining = true;
    };
    stream_key key;
    std::vector<seat> seats;
    std::vector<numbered_frame> pending;  // for the next pass

    // The pass that is under way: seats before `next` have been served. Nothing in `frames`: none is.
    std::vector<numbered_frame> frames;
    ws_frame joined;
    std::int64_t first_seq = unnumbered, last_seq = 0;
    std::size_t next = 0;
    std::int64_t committed_ns = 0;  // of the oldest of `frames`
};

channels::channels(core_thread& core) : core_(core) {}
channels::~channels() = default;

std::size_t channels::sockets_of(const stream_key& key) const noexcept {
    const auto found = channels_.find(key);
    return found != channels_.end() ? found->second->seats.size() : 0;
}

subscription_ref channels::add(const stream_key& key, subscription& who, ws_session& session,
                               const socket_owner& owner) {
    std::unique_ptr<channel>& of = channels_[key];
    if (!of) {
        of = std::make_unique<channel>();
        of->key = key;
    }
    who.in_ = of.get();
    who.session_ = &session;
    who.owner_ = owner;
    who.seat_ = of->seats.size();
    who.id_ = listeners_.add(&who);
    who.expiry_ = owner.expires_at.ms > 0 ? expiries_.emplace(owner.expires_at.ms, &who) : expiries_.end();
    of->seats.push_back({&session, &who, 0, true});
    return {who.id_};
}

bool channels::remove(subscription& who) {
    if (who.in_ == nullptr) return false;
    channel& of = *std::exchange(who.in_, nullptr);
    listeners_.remove(who.id_);
    if (who.expiry_ != expiries_.end()) expiries_.erase(who.expiry_);
    who.held_ = {};

    // The hole is filled from the seats that are in the same case, served or not.
    const auto move = [&of](std::size_t from, std::size_t to) {
        of.seats[to] = of.seats[from];
        of.seats[to].who->seat_ = to;
    };
    std::size_t hole = who.seat_;
    if (hole < of.next) {
        --of.next;
        if (hole != of.next) move(of.next, hole);
        hole = of.next;
    }
    if (hole + 1 != of.seats.size()) move(of.seats.size() - 1, hole);
    of.seats.pop_back();
    if (!of.seats.empty()) return false;
    std::erase(due_, &of);
    channels_.erase(of.key);
    return true;
}

void channels::deliver(const stream_key& key, const numbered_frame& what) {
    const auto found = channels_.find(key);
    if (found == channels_.end()) return;
    channel& of = *found->second;
    if (of.pending.empty() && of.frames.empty()) due_.push_back(&of);
    of.pending.push_back(what);
    if (!is_continued_) core_.at_turn_end(*this);
}

void channels::answer_join(const subscription_ref& to, const join_answer& answer) {
    subscription* const who = listeners_.find(to.id);
    if (who == nullptr) return;
    channel::seat& seat = who->in_->seats[who->seat_];
    const bool is_more = answer.is_more && !answer.missed.empty();
    seat.is_joining = is_more;
    seat.told_seq = is_more ? answer.missed.back().seq : answer.seq;
    const std::vector<numbered_frame> held = std::exchange(who->held_, {});
    std::vector<ws_frame> all;
    if (std::exchange(who->epoch_, answer.epoch) == 0) all.push_back(hello_frame(answer.epoch, answer.seq));
    if (answer.is_resync_required) all.push_back(resync_frame());
    for (const numbered_frame& each : answer.missed) all.push_back(each.frame);
    for (const numbered_frame& each : held) {
        // What has a number is among the portions to come.
        if (each.seq <= answer.seq || (is_more && each.seq != unnumbered)) continue;
        all.push_back(each.frame);
        if (each.seq != unnumbered) seat.told_seq = std::max(seat.told_seq, each.seq);
    }
    // Sending may end the socket, and with it the seat.
    ws_session& session = *seat.session;
    for (const ws_frame& each : all) session.send(each);
    if (!is_more || listeners_.find(to.id) == nullptr) return;
    who->is_owed_ = true;
    session.tell_when_drained();
}

std::optional<resume_point> channels::take_owed(subscription& who) {
    if (who.in_ == nullptr || !std::exchange(who.is_owed_, false)) return std::nullopt;
    return resume_point{who.epoch_, who.in_->seats[who.seat_].told_seq};
}

void channels::on_turn_end() {
    serve();
}

void channels::serve() {
    std::size_t left = limits::deliveries_per_turn;
    while (!due_.empty() && left > 0) {
        channel& of = *due_.front();
        if (of.frames.empty()) begin_pass(of);
        // A socket that ends meanwhile leaves its seat, the last of a channel takes the channel along.
        const std::int64_t committed_ns = of.committed_ns;
        std::uint64_t given = 0;
        while (left > 0 && !due_.empty() && due_.front() == &of && of.next < of.seats.size()) {
            --left;
            given += give(of, of.next++);
        }
        note_delivery(committed_ns, given);
        if (due_.empty() || due_.front() != &of) continue;
        if (of.next < of.seats.size()) break;
        of.frames.clear();
        of.joined.reset();
        of.next = 0;
        due_.pop_front();
        if (!of.pending.empty()) due_.push_back(&of);
    }
    if (due_.empty() || is_continued_) return;
    is_continued_ = true;
    core_.post(new function_message([this] {
        is_continued_ = false;
        serve();
    }));
}

// Written to their sockets by now, or kept for those that didn't take all. One reading of the clock a
// portion.
void channels::note_delivery(std::int64_t committed_ns, std::uint64_t events) noexcept {
    if (committed_ns == 0 || events == 0) return;
    core_.metrics().delivery.record((core_thread::read_monotonic_ns() - committed_ns) / 1000, events);
}

void channels::begin_pass(channel& of) {
    of.frames.swap(of.pending);
    of.next = 0;
    of.first_seq = unnumbered;
    of.last_seq = 0;
    of.committed_ns = of.frames.front().committed_ns;
    std::size_t bytes = 0;
    for (const numbered_frame& each : of.frames) {
        bytes += each.frame->size();
        if (each.seq == unnumbered) continue;
        of.first_seq = std::min(of.first_seq, each.seq);
        of.last_seq = std::max(of.last_seq, each.seq);
    }
    if (of.frames.size() == 1) {
        of.joined = of.frames.front().frame;
        return;
    }
    auto joined = std::make_shared<std::string>();
    joined->reserve(bytes);
    for (const numbered_frame& each : of.frames) joined->append(*each.frame);
    of.joined = std::move(joined);
}

// How many events it was given now.
std::size_t channels::give(channel& of, std::size_t at) {
    channel::seat& seat = of.seats[at];
    if (seat.is_joining) {
        std::vector<numbered_frame>& held = seat.who->held_;
        for (const numbered_frame& each : of.frames) {
            // Whoever is owed a portion will ask later than this was said: it is among what they get then.
            if (!seat.who->is_owed_ || each.seq == unnumbered) held.push_back(each);
        }
        return 0;
    }
    const std::int64_t told_seq = std::exchange(seat.told_seq, std::max(seat.told_seq, of.last_seq));
    ws_session& session = *seat.session;
    if (told_seq < of.first_seq) {
        const std::size_t events = of.frames.size();
        session.send_joined(of.joined, events);
        return events;
    }
    // It joined in between: some of these were among what it missed. Sending may end the socket, and with it
    // the channel.
    std::vector<ws_frame> rest;
    for (const numbered_frame& each : of.frames)
        if (each.seq > told_seq) rest.push_back(each.frame);
    for (const ws_frame& each : rest) session.send(each);
    return rest.size();
}

void channels::close_expired(instant now,
                             const std::function<bool(const stream_key&, const socket_owner&)>& is_welcome) {
    std::vector<std::pair<subscription_ref, std::string_view>>
        unwelcome;  // closing one may change the channels
    for (const auto& [at, who] : expiries_) {
        if (at > now.ms) break;
        unwelcome.push_back({{who->id_}, "token expired"});
    }
    for (const auto& [key, of] : channels_) {
        if (key.kind == stream_kind::open) continue;
        for (const channel::seat& seat : of->seats)
            if (!is_welcome(key, seat.who->owner_)) unwelcome.push_back({{seat.who->id_}, "revoked"});
    }
    for (const auto& [ref, why] : unwelcome) {
        if (subscription* const who = listeners_.find(ref.id))
            who->session_->close(ws_close::token_expired, why);
    }
}

}  // namespace qtable::net
