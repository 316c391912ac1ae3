#include "storage/store/restaurant_rows.hpp"

#include <charconv>

namespace qtable::storage {

namespace {

std::string turn_times_text(const booking_rules& rules, int turn_time::*part) {
    std::string out = "{";
    for (const turn_time& entry : rules.turn_times) {
        if (out.size() > 1) out += ',';
        std::array<char, 12> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), entry.*part).ptr;
        out.append(digits.data(), end);
    }
    return out += '}';
}

booking_rules read_rules(const row& from, int column) {
    booking_rules rules;
    rules.slot_interval_min = from.get<std::int32_t>(column);
    const auto parties = from.get<std::vector<std::int32_t>>(column + 1);
    const auto minutes = from.get<std::vector<std::int32_t>>(column + 2);
    rules.turn_times.clear();
    for (std::size_t i = 0; i < parties.size(); ++i) rules.turn_times.push_back({parties[i], minutes[i]});
    rules.buffer_before_min = from.get<std::int32_t>(column + 3);
    rules.buffer_after_min = from.get<std::int32_t>(column + 4);
    rules.min_notice_min = from.get<std::int32_t>(column + 5);
    rules.window_days = from.get<std::int32_t>(column + 6);
    rules.min_party = from.get<std::int32_t>(column + 7);
    rules.max_party = from.get<std::int32_t>(column + 8);
    rules.oversize_cap = from.get<std::int32_t>(column + 9);
    rules.pacing_parties = from.get<std::int32_t>(column + 10);
    rules.pacing_covers = from.get<std::int32_t>(column + 11);
    rules.house_pacing_parties = from.get<std::int32_t>(column + 12);
    rules.house_pacing_covers = from.get<std::int32_t>(column + 13);
    rules.cancellation_cutoff_min = from.get<std::int32_t>(column + 14);
    rules.no_show_grace_min = from.get<std::int32_t>(column + 15);
    return rules;
}

restaurant_profile read_profile(const row& from, int column) {
    restaurant_profile profile;
    profile.name = from.get<std::string>(column);
    profile.is_public = from.get<bool>(column + 1);
    profile.description = from.get<std::string>(column + 2);
    profile.cuisine_type = from.get<std::string>(column + 3);
    profile.price_range = from.get<std::int16_t>(column + 4);
    profile.latitude = from.get<std::optional<double>>(column + 5);
    profile.longitude = from.get<std::optional<double>>(column + 6);
    profile.phone = from.get<std::string>(column + 7);
    profile.website = from.get<std::string>(column + 8);
    profile.address = from.get<std::string>(column + 9);
    profile.timezone = from.get<std::string>(column + 10);
    for (int day = 0; day < 7; ++day) {
        profile.hours.days[static_cast<std::size_t>(day)] =
            hours_or_closed(from.get<std::string_view>(column + 11 + day));
    }
    return profile;
}

}  // namespace

day_hours hours_or_closed(std::string_view text) {
    auto parsed = parse_day_hours(text);
    return parsed ? std::move(*parsed) : day_hours{};
}

void add_restaurants(params& to, std::span<const restaurant* const> what) {
    using pointer = const restaurant*;
    const auto text = [&](std::string restaurant_profile::*member) {
        to.add_array(what, [member](pointer r) -> std::string_view { return r->profile.*member; });
    };
    const auto number = [&](int booking_rules::*member) {
        to.add_array(what, [member](pointer r) { return r->rules.*member; });
    };
    to.add_array(what, [](pointer r) { return r->id; });
    text(&restaurant_profile::name);
    to.add_array(what, [](pointer r) { return r->profile.is_public; });
    text(&restaurant_profile::description);
    text(&restaurant_profile::cuisine_type);
    to.add_array(what, [](pointer r) { return static_cast<std::int16_t>(r->profile.price_range); });
    to.add_array(what, [](pointer r) { return r->profile.latitude; });
    to.add_array(what, [](pointer r) { return r->profile.longitude; });
    text(&restaurant_profile::phone);
    text(&restaurant_profile::website);
    text(&restaurant_profile::address);
    text(&restaurant_profile::timezone);
    for (std::size_t day = 0; day < 7; ++day) {
        to.add_array(what, [day](pointer r) { return format_day_hours(r->profile.hours.days[day]); });
    }
    number(&booking_rules::slot_interval_min);
    to.add_array(what, [](pointer r) { return turn_times_text(r->rules, &turn_time::up_to_party); });
    to.add_array(what, [](pointer r) { return turn_times_text(r->rules, &turn_time::minutes); });
    number(&booking_rules::buffer_before_min);
    number(&booking_rules::buffer_after_min);
    number(&booking_rules::min_notice_min);
    number(&booking_rules::window_days);
    number(&booking_rules::min_party);
    number(&booking_rules::max_party);
    number(&booking_rules::oversize_cap);
    number(&booking_rules::pacing_parties);
    number(&booking_rules::pacing_covers);
    number(&booking_rules::house_pacing_parties);
    number(&booking_rules::house_pacing_covers);
    number(&booking_rules::cancellation_cutoff_min);
    number(&booking_rules::no_show_grace_min);
    to.add_array(what, [](pointer r) { return r->paused_until; });
    to.add_array(what, [](pointer r) { return r->created_at; });
    to.add_array(what, [](pointer r) { return r->updated_at; });
    to.add_array(what, [](pointer r) { return r->version; });
    to.add_array(what, [](pointer r) { return r->rating; });
    to.add_array(what, [](pointer r) { return r->review_count; });
}

restaurant read_restaurant(const row& from) {
    restaurant out;
    out.id = from.get<restaurant_id>(0);
    out.profile = read_profile(from, 1);
    out.rules = read_rules(from, 19);
    out.paused_until = from.get<std::optional<instant>>(35);
    out.created_at = from.get<instant>(36);
    out.updated_at = from.get<instant>(37);
    out.version = from.get<std::int64_t>(38);
    out.rating = from.get<double>(39);
    out.review_count = from.get<std::int32_t>(40);
    return out;
}

void add_reservations(params& to, std::span<const reservation* const> what) {
    using pointer = const reservation*;
    to.add_array(what, [](pointer r) { return r->id; });
    to.add_array(what, [](pointer r) { return r->restaurant; });
    to.add_array(what, [](pointer r) { return r->customer; });
    to.add_array(what, [](pointer r) { return r->date; });
    to.add_array(what, [](pointer r) { return r->minute; });
    to.add_array(what, [](pointer r) { return r->party_size; });
    to.add_array(what, [](pointer r) { return to_string(r->status); });
    to.add_array(what, [](pointer r) -> std::string_view { return r->special_requests; });
    to.add_array(what, [](pointer r) { return array_text(r->tables); });
    to.add_array(what, [](pointer r) { return r->slot; });
    to.add_array(what, [](pointer r) { return r->starts_at; });
    to.add_array(what, [](pointer r) { return r->ends_at; });
    to.add_array(what, [](pointer r) { return r->blocks_from; });
    to.add_array(what, [](pointer r) { return r->blocks_until; });
    to.add_array(what, [](pointer r) { return r->created_at; });
    to.add_array(what, [](pointer r) { return r->updated_at; });
    to.add_array(what, [](pointer r) -> std::string_view { return r->confirmation_code; });
    to.add_array(what, [](pointer r) { return r->checked_in_at; });
    to.add_array(what, [](pointer r) { return r->guest; });
    to.add_array(what, [](pointer r) { return r->version; });
    to.add_array(what, [](pointer r) { return r->running_late_min; });
    to.add_array(what, [](pointer r) { return r->late_flagged_at; });
}

reservation read_reservation(const row& from) {
    reservation out;
    out.id = from.get<reservation_id>(0);
    out.restaurant = from.get<restaurant_id>(1);
    out.customer = from.get<customer_id>(2);
    out.date = from.get<date>(3);
    out.minute = from.get<std::int32_t>(4);
    out.party_size = from.get<std::int32_t>(5);
    const auto status = parse_reservation_status(from.get<std::string_view>(6));
    QTABLE_ASSERT(status);  // the table has a check on it
    out.status = *status;
    out.special_requests = from.get<std::string>(7);
    out.tables = from.get<std::vector<table_id>>(8);
    out.slot = from.get<std::optional<slot_id>>(9);
    out.starts_at = from.get<instant>(10);
    out.ends_at = from.get<instant>(11);
    out.blocks_from = from.get<instant>(12);
    out.blocks_until = from.get<instant>(13);
    out.created_at = from.get<instant>(14);
    out.updated_at = from.get<instant>(15);
    out.confirmation_code = from.get<std::string>(16);
    out.checked_in_at = from.get<std::optional<instant>>(17);
    out.guest = from.get<std::optional<guest_id>>(18);
    out.version = from.get<std::int64_t>(19);
    out.running_late_min = from.get<std::optional<std::int32_t>>(20);
    out.late_flagged_at = from.get<std::optional<instant>>(21);
    return out;
}

}  // namespace qtable::storage
