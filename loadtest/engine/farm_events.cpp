// The half of the farm that understands what the sockets say.
#include <algorithm>
#include <array>
#include <functional>

#include "core/base/time.hpp"
#include "loadtest/engine/socket_farm.hpp"
#include "loadtest/wire/members.hpp"

namespace qtable::loadtest {

std::uint64_t reservation_hash(std::string_view id) noexcept {
    return std::hash<std::string_view>{}(id);
}

void socket_farm::take_message(socket& which, std::string_view text, std::int64_t now) {
    std::array<wanted_member, 3> wanted = {{{"type"}, {"seq"}, {"epoch"}}};
    // Those stand first, so that a long `data` isn't looked through for them.
    find_members(text, wanted);
    const std::string_view type = wanted[0].value;
    const std::int64_t seq = to_integer(wanted[1].value).value_or(0);
    if (type == "hello") {
        if (which.is_resuming) {
            ++totals_.reconnects;
        } else {
            ++totals_.opened;
        }
        which.position.hello(wanted[2].value, seq, which.is_resuming);
        become(which, state::open);
    } else if (type == "resync_required") {
        ++totals_.resyncs;
        which.position.resync();
    } else if (type == "going_away") {
        return;  // the close follows
    } else {
        take_event(which, text, seq, now);
    }
    if (which.dropped_ns != 0 && which.now == state::open && which.position.is_caught_up()) {
        totals_.resume.record(now - which.dropped_ns);
        which.dropped_ns = 0;
    }
}

void socket_farm::take_event(socket& which, std::string_view text, std::int64_t seq, std::int64_t now) {
    ++totals_.events;
    events.fetch_add(1, std::memory_order_relaxed);
    last_event_ns_ = now;
    switch (which.position.event(seq)) {
        case stream_position::verdict::live:
            break;
        case stream_position::verdict::replayed:
            ++totals_.replayed;
            return;
        case stream_position::verdict::duplicate:
            ++totals_.duplicates;
            return;
        case stream_position::verdict::hole:
            ++totals_.holes;
            return;
    }
    if (!is_measuring_) return;
    std::array<wanted_member, 2> wanted = {{{"type"}, {"at"}}};
    find_members(text, wanted);
    measure(which, wanted[1].value, now);
    const bool is_booking =
        wanted[0].value == "customer_reservation_received" || wanted[0].value == "reservation_confirmed";
    if (!is_booking || totals_.sightings.size() >= sightings_max) return;
    const std::string_view id = find_member(find_member(text, "data"), "id");
    if (!id.empty() && which.is_reading && !which.plan->is_slow)
        totals_.sightings.push_back({reservation_hash(id), now, which.plan->of});
}

void socket_farm::measure(const socket& which, std::string_view at, std::int64_t now) {
    if (which.plan->is_slow) return;
    const auto said = parse_rfc3339(at);
    if (!said) return;
    const std::int64_t delay_ns = std::max<std::int64_t>(0, now + wall_offset_ns_ - said->ms * ns_per_ms);
    totals_.delay[static_cast<std::size_t>(which.plan->of)].record(delay_ns);
    (next_moment_ == 0 ? totals_.calm : totals_.after).record(delay_ns);
    second_delay_.record(delay_ns);
}

void socket_farm::pass_seconds(std::int64_t now) {
    while (now >= second_ends_ns_) {
        second_.events = second_delay_.count();
        second_.p50_ns = second_delay_.percentile(50);
        second_.p99_ns = second_delay_.percentile(99);
        totals_.seconds.push_back(second_);
        ++second_.second;
        second_delay_.clear();
        second_ends_ns_ += ns_per_s;
    }
}

// Sockets of one stream have heard the same in the end. One that believes it has everything and hasn't was
// told too little; one that is still coming back is only late.
void socket_farm::count_behind() {
    totals_.behind = totals_.late = 0;
    std::map<std::uint32_t, std::int64_t> furthest;
    for (const socket& each : sockets_) {
        std::int64_t& most = furthest[each.plan->stream];
        most = std::max(most, each.position.seq());
    }
    for (const socket& each : sockets_) {
        const bool is_there = each.now == state::open && each.position.is_caught_up();
        if (!is_there) ++totals_.late;
        if (is_there && each.position.seq() < furthest[each.plan->stream]) ++totals_.behind;
    }
}

}  // namespace qtable::loadtest
