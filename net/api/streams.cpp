#include "net/api/streams.hpp"

#include <algorithm>
#include <utility>

#include "core/base/limits.hpp"
#include "net/api/app_core.hpp"
#include "net/api/event_frames.hpp"
#include "net/auth/random.hpp"
#include "proto/render_event.hpp"

namespace qtable::net {

namespace {

std::uint32_t publisher_of(const app_core& app, const stream_key& key) {
    return key.kind == stream_kind::customer ? app.home_of(key.of) : app.owner_of(restaurant_id(key.of));
}

}  // namespace

streams::streams(app_core& app) : app_(app), channels_(app.core()) {}

// ---- sockets of this core

void streams::join(const stream_key& key, subscription& who, ws_session& session,
                   std::optional<resume_point> from, const socket_owner& owner) {
    ask(key, channels_.add(key, who, session, owner), from);
}

void streams::ask(const stream_key& key, const subscription_ref& who, std::optional<resume_point> from) {
    app_core& publisher = app_.peer(publisher_of(app_, key));
    const std::uint32_t here = app_.index();
    app_.cores().post(publisher.index(), [&publisher, key, here, who, from] {
        publisher.listeners().admit(key, here, who, from);
    });
}

void streams::go_on(const stream_key& key, subscription& who) {
    if (const auto from = channels_.take_owed(who)) ask(key, channels::ref_of(who), from);
}

void streams::leave(const stream_key& key, subscription& who) {
    if (!channels_.remove(who)) return;
    app_core& publisher = app_.peer(publisher_of(app_, key));
    const std::uint32_t here = app_.index();
    app_.cores().post(publisher.index(),
                      [&publisher, key, here] { publisher.listeners().dismiss(key, here); });
}

void streams::close_expired(instant now) {
    channels_.close_expired(
        now, [this](const stream_key& key, const socket_owner& owner) { return is_welcome(key, owner); });
}

bool streams::is_welcome(const stream_key& key, const socket_owner& owner) const {
    if (app_.revoked().contains(owner.login, owner.account)) return false;
    if (key.kind == stream_kind::customer) return true;
    const live_restaurant* live = app_.restaurants().find(restaurant_id(key.of));
    const restaurant_view* view = live != nullptr ? live->view.load(std::memory_order_acquire) : nullptr;
    return view != nullptr && view->config->find_staff(staff_id(owner.account)) != nullptr;
}

// ---- publishing

void streams::send_to_cores(const stream_key& key, const numbered_frame& what) {
    const auto found = listening_cores_.find(key);
    if (found == listening_cores_.end()) return;
    for (std::uint32_t core = 0; core < app_.cores().size(); ++core) {
        if (((found->second >> core) & 1U) == 0) continue;
        app_core& there = app_.peer(core);
        app_.cores().post(core, [&there, key, what] { there.listeners().channels_.deliver(key, what); });
    }
}

void streams::publish(const released_event& what, live_restaurant& live) {
    const stream_key staff{stream_kind::staff, what.what.restaurant},
        open{stream_kind::open, what.what.restaurant};
    const bool has_staff = listening_cores_.contains(staff);
    const bool has_public = what.what.public_seq != 0 && listening_cores_.contains(open);
    if (!has_staff && !has_public) return;
    const std::string data = event_data(what, live, app_.wall_now());
    if (has_staff) send_to_cores(staff, event_frame(what, data, false));
    if (has_public) send_to_cores(open, event_frame(what, data, true));
}

void streams::resync(const restaurant_id& restaurant) {
    // No number of the stream: also those who are just joining must hear it.
    const numbered_frame told{unnumbered, resync_frame(), 0};
    for (const stream_kind kind : {stream_kind::staff, stream_kind::open})
        send_to_cores({kind, restaurant}, told);
}

void streams::notify(const customer_notice& what) {
    customer_stream& stream = stream_of(what.customer);
    proto::event_envelope envelope;
    envelope.type = to_string(what.type);
    envelope.restaurant = what.restaurant;
    envelope.seq = ++stream.seq;
    envelope.epoch = stream.epoch;
    envelope.at = what.at;
    std::string text;
    proto::write_event(text, envelope, what.data);
    const numbered_frame made{envelope.seq, encode_text(text), what.committed_ns};
    stream.newest.push_back(made);
    if (stream.newest.size() > limits::customer_stream_events) stream.newest.pop_front();
    send_to_cores({stream_kind::customer, what.customer}, made);
}

void streams::admit(const stream_key& key, std::uint32_t from_core, const subscription_ref& who,
                    std::optional<resume_point> from) {
    listening_cores_[key] |= std::uint64_t{1} << from_core;
    if (key.kind == stream_kind::customer) return answer(from_core, who, resume_customer(key, from));
    admit_to_restaurant(key, from_core, who, from);
}

void streams::admit_to_restaurant(const stream_key& key, std::uint32_t from_core, const subscription_ref& who,
                                  std::optional<resume_point> from) {
    const restaurant_id restaurant(key.of);
    const owned_restaurant* owned = app_.engine().find(restaurant);
    const bool is_public = key.kind == stream_kind::open;
    join_answer made;
    if (owned == nullptr) return answer(from_core, who, std::move(made));
    made.epoch = owned->log.epoch();
    made.seq = is_public ? owned->log.released_public_seq() : owned->log.released_seq();
    if (!from) return answer(from_core, who, std::move(made));
    if (from->epoch == made.epoch && from->since_seq > made.seq)
        return admit_who_is_ahead(key, from_core, who, from->since_seq, std::move(made));
    if (from->epoch != made.epoch ||
        made.seq - from->since_seq > static_cast<std::int64_t>(limits::events_per_resume)) {
        made.is_resync_required = true;
        return answer(from_core, who, std::move(made));
    }
    // One portion: what a socket may have waiting, and no more work in one go than that.
    const auto add = [this, is_public](join_answer& to, const owned_restaurant& of,
                                       std::vector<logged_event>&& rows) {
        std::size_t bytes = 0;
        for (logged_event& row : rows) {
            if ((is_public ? row.public_seq : row.seq) > to.seq) break;  // comes live
            const released_event event{std::move(row), to.epoch, {}, true, 0};
            numbered_frame told = event_frame(event, event_data(event, of.live, app_.wall_now()), is_public);
            bytes += told.frame->size();
            to.is_more = !to.missed.empty() && bytes > limits::ws_outbox_bytes / 2;
            if (to.is_more) break;
            to.missed.push_back(std::move(told));
        }
    };
    if (auto rows = owned->log.since(from->since_seq, is_public)) {
        add(made, *owned, std::move(*rows));
        return answer(from_core, who, std::move(made));
    }
    app_.log().load_events(
        restaurant, from->since_seq, is_public,
        [this, key, from_core, who, add, restaurant, made](result<std::vector<logged_event>> rows) mutable {
            const owned_restaurant* now = app_.engine().find(restaurant);
            if (rows && now != nullptr) add(made, *now, std::move(*rows));
            // Unreadable now: the client reads everything again rather than miss something
            // silently.
            const bool is_whole =
                !made.missed.empty() && (made.is_more || made.missed.back().seq == made.seq);
            if (!is_whole) {
                made.missed.clear();
                made.is_resync_required = true;
            }
            answer(from_core, who, std::move(made));
        });
}

// It heard from another node what this one hasn't read yet, or invents it: the log knows.
void streams::admit_who_is_ahead(const stream_key& key, std::uint32_t from_core, const subscription_ref& who,
                                 std::int64_t seq, join_answer&& known) {
    const restaurant_id restaurant(key.of);
    const bool is_public = key.kind == stream_kind::open;
    app_.log().load_events(restaurant, seq - 1, is_public,
                           [this, from_core, who, restaurant, is_public, seq,
                            made = std::move(known)](result<std::vector<logged_event>> rows) mutable {
                               const bool is_there =
                                   rows && !rows->empty() &&
                                   (is_public ? rows->front().public_seq : rows->front().seq) == seq;
                               if (is_there) made.seq = seq;
                               made.is_resync_required = !is_there;
                               // What it has heard already isn't told again when it is read here.
                               answer(from_core, who, std::move(made));
                               if (is_there)
                                   app_.engine().follow(std::span<const restaurant_id>(&restaurant, 1));
                           });
}

void streams::answer(std::uint32_t from_core, const subscription_ref& who, join_answer&& what) {
    app_core& there = app_.peer(from_core);
    app_.cores().post(from_core, [&there, who, moved = std::move(what)] {
        there.listeners().channels_.answer_join(who, moved);
    });
}

void streams::dismiss(const stream_key& key, std::uint32_t core) {
    const auto found = listening_cores_.find(key);
    if (found == listening_cores_.end()) return;
    found->second &= ~(std::uint64_t{1} << core);
    if (found->second == 0) listening_cores_.erase(found);
}

streams::customer_stream& streams::stream_of(const uuid& customer) {
    const auto known = customer_streams_.find(customer);
    if (known != customer_streams_.end()) return known->second;
    // A forgotten stream begins again under another epoch, so its readers are told to read everything again.
    if (customer_streams_.size() >= limits::customer_streams_per_core) {
        boost::unordered::erase_if(customer_streams_, [this](const auto& each) {
            return !listening_cores_.contains({stream_kind::customer, each.first});
        });
    }
    customer_stream& made = customer_streams_[customer];
    made.epoch = random_u64();
    return made;
}

join_answer streams::resume_customer(const stream_key& key, std::optional<resume_point> from) {
    const customer_stream& stream = stream_of(key.of);
    join_answer made;
    made.epoch = stream.epoch;
    made.seq = stream.seq;
    if (!from) return made;
    const std::int64_t oldest = stream.newest.empty() ? stream.seq + 1 : stream.newest.front().seq;
    if (from->epoch != stream.epoch || from->since_seq > stream.seq || from->since_seq + 1 < oldest) {
        made.is_resync_required = true;
        return made;
    }
    for (const numbered_frame& each : stream.newest) {
        if (each.seq > from->since_seq) made.missed.push_back(each);
    }
    return made;
}

}  // namespace qtable::net
