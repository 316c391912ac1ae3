#include "net/api/app_core.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "net/api/handlers.hpp"
#include "net/api/test_endpoints.hpp"
#include "net/rt/log.hpp"
#include "net/rt/process_memory.hpp"
#include "proto/problem.hpp"

namespace qtable::net {

namespace {

constexpr std::int64_t tick_ms = 1000;
constexpr std::int64_t ticks_per_hour = 3600;

// The engine's framing errors in the same form as all others.
class framing_problems final : public problem_writer {
  public:
    void write_problem(int, std::string_view code, std::string_view detail, std::string_view request_id,
                       std::string& out) const override {
        errc known = errc::malformed_request;
        for (int i = 1; i < static_cast<int>(errc::count_); ++i) {
            if (wire_code(static_cast<errc>(i)) == code) known = static_cast<errc>(i);
        }
        proto::write_problem(out, known,
                             {.detail = detail, .request_id = request_id, .errors = {}, .extra_members = {}});
    }
};

const framing_problems framing;

}  // namespace

app_core::app_core(app_shared& shared, core_thread& core, std::unique_ptr<core_backend> backend,
                   const http_options& http_limits)
    : shared_(shared),
      core_(core),
      backend_(std::move(backend)),
      http_(core, *this, framing, http_limits),
      ws_(core),
      engine_(static_cast<std::uint16_t>(core.index()), *this, backend_->log(), shared.render, *this),
      pages_(shared.process_salt),
      streams_(*this),
      commands_(*this),
      admission_(*this, shared.rates),
      logins_(*this, shared.options),
      tokens_(shared.token_key) {}

app_core::~app_core() = default;

void app_core::start() {
    backend_->start([this] { engine_.on_journal_available(); });
    core_.wheel().schedule(*this, core_.now_ms() + tick_ms);
    admission_.start();
}

void app_core::stop() {
    core_.wheel().cancel(*this);
    backend_->stop();
}

live_restaurant* app_core::find_live(const restaurant_id& id) {
    // The directory of every core points at it; only the owner's engine holds it.
    const owned_restaurant* owned = engine_.find(id);
    return owned != nullptr ? const_cast<live_restaurant*>(&owned->live) : nullptr;
}

// ---- what the engine releases

void app_core::answer(const reply_address& to, reply&& what) {
    app_core& there = peer(to.core);
    cores().post(to.core, [&there, ticket = to.ticket, moved = std::move(what)]() mutable {
        there.commands().arrived(ticket, std::move(moved));
    });
}

void app_core::event(const released_event& what, live_restaurant& live) {
    streams_.publish(what, live);
}

void app_core::resync(live_restaurant& live) {
    streams_.resync(live.id);
}

void app_core::notice(customer_notice&& what) {
    app_core& home = peer(home_of(what.customer));
    cores().post(home.index(), [&home, moved = std::move(what)] { home.listeners().notify(moved); });
}

namespace {

net::booked seen_by_the_cap(const reservation& what, instant now) {
    const bool is_coming = what.status == reservation_status::confirmed && now < what.ends_at;
    return {what.customer, what.id, what.ends_at, is_coming};
}

}  // namespace

void app_core::booked(const reservation& what) {
    app_core& home = peer(home_of(what.customer));
    cores().post(home.index(),
                 [&home, seen = seen_by_the_cap(what, wall_now())] { home.bookings().put(seen); });
}

void app_core::hand_out_bookings(instant now) {
    engine_.for_each([this, now](const owned_restaurant& owned) {
        if (!owned.exists()) return;
        owned.stock->for_each_reservation([this, now](const reservation& each) {
            const net::booked seen = seen_by_the_cap(each, now);
            if (seen.is_coming) peer(home_of(each.customer)).bookings().put(seen);
        });
    });
}

// First every core's directory, then the catalogue: who reads after the answer finds what was written.
void app_core::configured(live_restaurant& live, std::function<void()> confirmed) {
    if (!holds(live.id)) return confirmed();  // here on a visit, and nobody's to find
    auto left = std::make_shared<std::atomic<std::uint32_t>>(cores().size());
    for (std::uint32_t core = 0; core < cores().size(); ++core) {
        app_core& there = peer(core);
        cores().post(core, [this, &there, &live, left, confirmed] {
            there.directory_.put(live);
            if (left->fetch_sub(1) != 1) return;
            const std::uint32_t here = index();
            there.cores().post(
                here, [this, here, &live, confirmed] { shared_.catalogue->put(here, live, confirmed); });
        });
    }
}

void app_core::retire(std::vector<std::shared_ptr<const void>>&& what) {
    // Every core runs this message in a turn of its own after the swap: by then nobody holds a pointer from
    // before.
    struct last_rites {
        std::vector<std::shared_ptr<const void>> kept;
        std::atomic<std::uint32_t> left;
    };
    auto rites = std::make_shared<last_rites>();
    rites->kept = std::move(what);
    rites->left = cores().size();
    for (std::uint32_t core = 0; core < cores().size(); ++core)
        cores().post(core, [rites] { rites->left.fetch_sub(1); });
}

// What the allocator merely keeps goes first, and may be enough.
void app_core::watch_memory() {
    memory_limit& limit = shared_.memory;
    if (limit.soft_bytes() == 0) return;
    const std::uint64_t resident = resident_bytes();
    if (!limit.measured(resident)) return;
    const std::string in_all = std::to_string(resident >> 20) + " of " +
                               std::to_string(limit.soft_bytes() >> 20) + " MiB of memory are taken";
    if (!limit.is_short()) return write_log(log_level::info, in_all + ": all is served again");
    write_log(log_level::warning, in_all + ": new WebSockets and long lists are refused");
    if (options().give_heap_back) options().give_heap_back();
}

void app_core::on_deadline(std::int64_t now_ms) {
    core_.wheel().schedule(*this, now_ms + tick_ms);
    revoked_.forget(wall_now());
    streams_.close_expired(wall_now());
    engine_.on_second();
    if (++ticks_ % ticks_per_hour == 0) {
        engine_.forget_past_days();
        bookings_.forget_past(wall_now());
    }
    if (index() == 0) watch_memory();
    const auto copy = [](counter& to, std::uint64_t value) { to.set(value); };
    const engine::counters& counts = engine_.counts();
    copy(metrics_.commands, counts.commands);
    copy(metrics_.refused, counts.refused);
    copy(metrics_.batches, counts.batches);
    copy(metrics_.batched_commands, counts.batched_commands);
    for (std::size_t i = 0; i < conflict_kinds; ++i) copy(metrics_.conflicts_of[i], counts.conflicts_of[i]);
    copy(metrics_.unknown_outcomes, counts.unknown_outcomes);
    copy(metrics_.unavailable, counts.unavailable);
    copy(metrics_.reloads, counts.reloads);
    copy(metrics_.followed, counts.followed);
    copy(metrics_.parted, counts.parted);
    copy(metrics_.given_up, counts.given_up);
    copy(metrics_.restaurants, engine_.restaurant_count());
    copy(metrics_.waiting_commands, engine_.waiting_count());
    copy(metrics_.sockets, streams_.sockets());
    copy(core_.metrics().channels_waiting, streams_.waiting());
    copy(metrics_.is_database_up, backend_->log().available() ? 1 : 0);
    copy(metrics_.persist_us, counts.persist_us);
    copy(metrics_.persisted, counts.persisted);
    copy(metrics_.loop_wait_us, static_cast<std::uint64_t>(admission_.last_wait_us()));
    copy(metrics_.cpu_us, static_cast<std::uint64_t>(core_thread::read_cpu_us()));
    if (options().allocated_bytes) copy(metrics_.allocated_bytes, options().allocated_bytes());
}

// ---- requests

std::size_t app_core::body_limit(method verb, std::string_view path) {
    if (path.starts_with("/_test/")) return limits::max_body_bytes;
    if (verb == method::post && path.ends_with("/availability")) return limits::max_body_bytes;
    if (path.ends_with("/tables/bulk")) return limits::max_body_bytes;
    return limits::json_body_bytes;
}

const std::string* app_core::allowed_origin(const request& in) const noexcept {
    const std::string_view origin = in[field::origin];
    if (origin.empty()) return nullptr;
    for (const std::string& each : options().cors_origins) {
        if (each == "*" || each == origin) return &each;
    }
    return nullptr;
}

void app_core::handle(const request& in, responder& out) {
    call made{*this, in, out, wall_now()};
    made.client = in.remote;
    if (options().has_test_endpoints && in.path.starts_with("/_test/")) return answer_test(made);
    if (options().dev_answer && in.path.starts_with("/_dev/")) return answer_dev(made);
    if (!admission_.by_address(made)) return;
    made.noted.since_ns = core_.now_ns();
    made.noted.verb = in.method;
    answer_call(made);
    note_sync(made);
}

// What is answered by now; the rest is noted when it is.
void app_core::note_sync(call& made) {
    if (made.status == 0 || made.noted.route == request_note::no_route) return;
    made.noted.who = made.who;
    if (made.live != nullptr) made.noted.restaurant = made.live->id;
    note(made.noted, made.in.request_id, {made.status, made.problem, {}});
}

void app_core::note(const request_note& of, std::string_view request_id, const answer_note& answer) {
    const std::int64_t now_ns = core_thread::read_monotonic_ns();
    const std::int64_t took_us = (now_ns - of.since_ns) / 1000;
    app_metrics::of_route& to = metrics_.by_route[of.route];
    to.took.record(took_us);
    to.answers[static_cast<std::size_t>(answer.status / 100) % app_metrics::status_classes].add();
    if (answer.marks.committed_ns != 0) note_stages(of, answer.marks, now_ns);
    if (!shared_.requests.wants(answer.status, took_us)) return;
    shared_.requests.write({core_.index(), wall_now(), request_id, of, answer, took_us});
}

// Where a booking's time went.
void app_core::note_stages(const request_note& of, const stage_marks& marks, std::int64_t answered_ns) {
    if (of.route != booking_route) return;
    metrics_.booking.queue.record((marks.taken_ns - of.since_ns) / 1000);
    metrics_.booking.decide.record((marks.decided_ns - marks.taken_ns) / 1000);
    metrics_.booking.commit.record((marks.committed_ns - marks.decided_ns) / 1000);
    metrics_.booking.answer.record((answered_ns - marks.committed_ns) / 1000);
}

void app_core::answer_call(call& made) {
    const request& in = made.in;
    if (const auto page = kept_page(in, made.now)) {
        made.noted.route = availability_route;
        if (!admission_.affords(made, availability_route) || !admission_.by_restaurant(made, page->of))
            return;
        metrics_.availability_answers.add();
        return answer_page(made, *page);
    }
    const route* found = nullptr;
    std::string allow;
    switch (find_route(in.method, in.path, found, made.params, allow)) {
        case match::found:
            return dispatch(made, *found);
        case match::unknown:
            return made.fail(errc::not_found);
        case match::wrong_method:
            break;
    }
    if (in.method == method::options) return answer_options(made, allow);
    response refused = make_problem(errc::method_not_allowed, in.request_id);
    refused.header("Allow", allow);
    made.send(refused);
}

// Only availability keeps pages: a target that one is found for went through the router and all the rest
// before.
std::optional<availability_page> app_core::kept_page(const request& in, instant now) const noexcept {
    if (in.method != method::get || in.raw_query.empty()) return std::nullopt;
    return pages_.find(in.target, now);
}

void app_core::answer_options(call& in, const std::string& allow) {
    response answer;
    answer.status = 204;
    answer.header("Allow", allow);
    if (in.app.allowed_origin(in.in) != nullptr) {
        answer.header("Access-Control-Allow-Methods", allow);
        answer.header("Access-Control-Allow-Headers",
                      "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id");
        answer.header("Access-Control-Max-Age", "600");
    }
    in.send(answer);
}

void app_core::dispatch(call& in, const route& to) {
    in.noted.route = route_index(to);
    if (shared_.requests.is_on()) in.noted.trace = trace_of(in.in[field::traceparent]);
    if (!admission_.affords(in, in.noted.route)) return;
    if (!authorise(in, to.who) || !admission_.by_account(in)) return;
    if (to.who == access::public_restaurant && !admission_.by_restaurant(in, in.live->id)) return;
    to.handle(in);
}

bool app_core::authenticate(call& in, token_role role) {
    std::string_view token;
    const std::string_view header = in.in[field::authorization];
    if (header.size() > 7 && equals_ignoring_case(header.substr(0, 7), "Bearer ")) {
        token = header.substr(7);
    } else if (in.in.path.starts_with("/ws/")) {
        // Browsers can't set headers on a WebSocket: the token comes as a subprotocol.
        in.in.fields->for_each_token(field::sec_websocket_protocol, [&token](std::string_view each) {
            if (each.starts_with("bearer.")) token = each.substr(7);
        });
    }
    const auto claims = tokens_.verify(token, in.now);
    if (!claims) {
        in.fail(errc::unauthorized);
        return false;
    }
    in.who = {claims->role == token_role::customer ? actor::kind::customer : actor::kind::staff,
              claims->subject};
    in.token_expires_at = claims->expires_at;
    in.session = claims->session;
    // Who leaves twice has left.
    if (revoked_.contains(in.session, in.who.id) && !in.in.path.ends_with("/logout")) {
        in.fail(errc::unauthorized);
        return false;
    }
    if (claims->role == role) return true;
    in.fail(errc::forbidden);
    return false;
}

bool app_core::authorise(call& in, access who) {
    if (who == access::anyone) return true;
    if (who == access::customer) return authenticate(in, token_role::customer);
    if (who != access::public_restaurant && !authenticate(in, token_role::staff)) return false;
    if (who == access::staff) return true;

    const auto id = path_id<restaurant_id>(in.params[0]);
    if (!id.is_nil() && !holds(id)) {
        in.fail(errc::misdirected);
        return false;
    }
    in.live = directory_.find(id);
    in.view = in.live != nullptr ? in.live->view.load(std::memory_order_acquire) : nullptr;
    if (who == access::public_restaurant) {
        if (in.view != nullptr && in.view->config->profile.is_public) return true;
        in.fail(errc::not_found);
        return false;
    }
    const staff_member* member =
        in.view != nullptr ? in.view->config->find_staff(staff_id(in.who.id)) : nullptr;
    if (member == nullptr) {
        in.fail(errc::not_found);
        return false;
    }
    const staff_role needed = who == access::owner     ? staff_role::owner
                              : who == access::manager ? staff_role::manager
                                                       : staff_role::host;
    if (member->role >= needed) return true;
    in.fail(errc::forbidden);
    return false;
}

}  // namespace qtable::net
