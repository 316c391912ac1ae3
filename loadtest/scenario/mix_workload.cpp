#include "loadtest/scenario/mix_workload.hpp"

#include <utility>

#include "loadtest/wire/members.hpp"
#include "loadtest/wire/request_text.hpp"
#include "proto/json_writer.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::size_t guests_max = 200;

std::size_t index_of(kind which) noexcept {
    return static_cast<std::size_t>(which);
}

}  // namespace

mix_workload::mix_workload(const world& in, const scenario& what, const mix_options& options)
    : world_(in),
      what_(what),
      dice_(dice::mix(options.seed, 1000 + options.share)),
      weights_(what.weights),
      questions_(in, options.seed, options.share, options.shares),
      offers_(in, what.is_hot, options.share, options.shares),
      bookings_(options.keeps_bodies),
      pending_(options.slots + 1),  // and one for what no connection ever takes
      key_prefix_("load-" + in.run + '-' + std::to_string(options.share) + '-') {
    // Without staff its part goes to customers who look at their own list.
    if (!in.has_staff()) weights_[index_of(kind::list)] += std::exchange(weights_[index_of(kind::staff)], 0);
    for (const unsigned weight : weights_) weight_sum_ += weight;
}

kind mix_workload::pick() {
    auto at = static_cast<unsigned>(dice_.below(weight_sum_));
    std::size_t which = 0;
    while (at >= weights_[which]) at -= weights_[which++];
    return static_cast<kind>(which);
}

void mix_workload::next(std::uint32_t slot, std::int64_t now_ns, planned_request& made) {
    pending& here = pending_[slot];
    here.day = nullptr;
    here.staff = pending::step::other;
    made.which = pick();
    made.wants_body = false;
    switch (made.which) {
        case kind::search:
            return plan_search(made);
        case kind::availability:
            return plan_availability(here, made);
        case kind::book:
            return plan_book(here, made);
        case kind::cancel:
            return plan_cancel(here, now_ns, made);
        case kind::staff:
            return plan_staff(here, made);
        case kind::list:
            return plan_list(made);
    }
}

void mix_workload::plan_search(planned_request& made) {
    made.bytes = questions_.search(dice_);
}

void mix_workload::plan_availability(pending& here, planned_request& made) {
    made.which = kind::availability;
    const bool is_of_use = what_.books() && offers_.wants_more();
    const day_question& asked =
        is_of_use && offers_.wants_own(dice_) ? questions_.own_day(dice_) : questions_.day(dice_);
    if (is_of_use) here.day = &asked;
    made.wants_body = is_of_use;
    made.bytes = asked.bytes;
}

std::string mix_workload::next_key() {
    return key_prefix_ + std::to_string(++keys_);
}

void mix_workload::plan_book(pending& here, planned_request& made) {
    const auto wanted = offers_.take(dice_);
    // Nothing known to be free: somebody has to look first.
    if (!wanted) return plan_availability(here, made);
    here.wanted = *wanted;
    const std::string key = next_key();
    here.note = key;
    body_.clear();
    proto::json_writer json(body_);
    json.begin_object().key("restaurant_id").text(world_.places[wanted->place].id);
    json.key("date").text(world_.days[wanted->day]).key("time").wall_time(wanted->minute);
    json.key("party_size").integer(wanted->party).key("special_requests").text(key).end_object();
    bytes_.clear();
    append_request(bytes_, world_.host,
                   {.method = "POST",
                    .path = "/customer/reservations",
                    .token = world_.diners[wanted->diner],
                    .idempotency_key = key,
                    .body = body_});
    made.wants_body = true;
    made.bytes = bytes_;
}

void mix_workload::plan_cancel(pending& here, std::int64_t now_ns, planned_request& made) {
    const auto which = bookings_.begin_cancel(now_ns);
    if (!which) {  // nothing stands yet
        made.which = kind::book;
        return plan_book(here, made);
    }
    here.booking = *which;
    const booking& gone = bookings_.all()[*which];
    path_ = "/customer/reservations/" + gone.id;
    bytes_.clear();
    append_request(bytes_, world_.host,
                   {.method = "DELETE", .path = path_, .token = world_.diners[gone.wanted.diner]});
    made.bytes = bytes_;
}

void mix_workload::plan_list(planned_request& made) {
    bytes_.clear();
    append_request(
        bytes_, world_.host,
        {.path = "/customer/reservations", .token = world_.diners[dice_.below(world_.diners.size())]});
    made.bytes = bytes_;
}

// Half of what a host does is looking at the day's list, a quarter at the floor; the rest are walk-ins that
// come and go.
void mix_workload::plan_staff(pending& here, planned_request& made) {
    const auto place = static_cast<std::uint32_t>(world_.own_from + dice_.below(world_.own_places()));
    const std::string house = "/restaurants/" + world_.places[place].id;
    request_parts parts{.token = world_.staff_token};
    const std::size_t what = dice_.below(8);
    std::string key;
    if (what < 4) {
        path_ = house + "/customer-reservations?date=" + world_.days[dice_.below(world_.days.size())];
    } else if (what < 6) {
        path_ = house + "/floor";
    } else if (guests_.empty() || (what == 6 && guests_.size() < guests_max)) {
        path_ = house + "/guests";
        key = next_key();
        parts.method = "POST";
        parts.body = R"({"name":"Load test","party_size":2,"source":"walk_in"})";
        parts.idempotency_key = key;
        here.staff = pending::step::guest_added;
        here.wanted.place = place;
        made.wants_body = true;
    } else {
        const waiting_guest gone = std::move(guests_.back());
        guests_.pop_back();
        path_ = "/restaurants/" + world_.places[gone.place].id + "/guests/" + gone.id + "/leave";
        parts.method = "POST";
        parts.body = "{}";
        here.staff = pending::step::guest_leaves;
    }
    parts.path = path_;
    bytes_.clear();
    append_request(bytes_, world_.host, parts);
    made.bytes = bytes_;
}

void mix_workload::done(const outcome& what) {
    pending& here = pending_[what.slot];
    outage_.saw(what.which, what.code, what.done_ns);
    if (!is_success(what.code)) return;
    switch (what.which) {
        case kind::availability:
            if (here.day != nullptr) {
                offer read = here.day->about;
                read.starts = read_starts(what.body);
                read.turn = static_cast<std::uint32_t>(dice_.below(1U << 16));
                offers_.add(std::move(read));
            }
            return;
        case kind::book:
            return bookings_.confirmed(here.wanted, here.note, what.body, what.sent_ns, what.done_ns);
        case kind::cancel:
            return bookings_.cancelled(here.booking);
        case kind::staff:
            if (here.staff == pending::step::guest_added)
                guests_.push_back({here.wanted.place, std::string(find_member(what.body, "id"))});
            return;
        default:
            return;
    }
}

}  // namespace qtable::loadtest
