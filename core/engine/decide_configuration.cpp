// What managers and owners configure besides the floor: rules, special days, the pause, who works here. A
// change binds what is booked from now on; what is booked stays as it is.
#include "core/engine/decide_configuration.hpp"

#include <optional>

#include "core/base/limits.hpp"

namespace qtable::deciding {

bool equal_ignoring_ascii_case(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

void reconfigure(const context& in, decision& made, std::shared_ptr<const restaurant> config,
                 std::shared_ptr<const zone> where) {
    if (!where) where = in.stock().view().zone;
    in.stock().reconfigure(make_view(std::move(config), std::move(where), &in.stock().view()));
    made.everything_changed = true;
}

void store(const context& in, decision& made, const std::shared_ptr<restaurant>& config,
           std::string_view action, std::shared_ptr<const zone> where) {
    config->updated_at = in.now;
    ++config->version;
    reconfigure(in, made, config, std::move(where));
    made.configuration = restaurant_row{config, false, 0};
    made.answer.version = config->version;
    tell_settings(in, made, *config, action);
}

void tell_settings(const context& in, decision& made, const restaurant& config, std::string_view action,
                   const uuid& subject) {
    made.events.push_back(
        make_event(in, event_type::settings_changed, in.render.restaurant_json(config), subject, action));
}

std::vector<reservation_id> reservations_in_the_way(const context& in, std::span<const table_id> tables) {
    const auto takes_one = [tables](const reservation& r) {
        return tables.empty() || std::any_of(r.tables.begin(), r.tables.end(), [tables](const table_id& id) {
                   return std::find(tables.begin(), tables.end(), id) != tables.end();
               });
    };
    std::vector<reservation_id> found;
    // A business day may end two days after it began; nothing is booked beyond the longest window, which is
    // counted from a day that may still be ahead of ours.
    const date today = in.where().local_at(in.now).date;
    for (int day = -2; day <= limits::booking_window_max_days + 2; ++day) {
        for (const reservation* each : in.stock().reservations_on(today.plus_days(day))) {
            if (!each->takes_capacity() || each->blocks_until <= in.now || !takes_one(*each)) continue;
            found.push_back(each->id);
            if (found.size() == limits::named_reservations) return found;
        }
    }
    return found;
}

bool is_owner(const restaurant& config, const staff_id& id) noexcept {
    const staff_member* member = config.find_staff(id);
    return member != nullptr && member->role == staff_role::owner;
}

namespace {

bool is_on_grid(int minutes) noexcept {
    return minutes % limits::grid_min == 0;
}

}  // namespace

// What no single member of a body shows: how the rules go together.
bool are_sound(const booking_rules& rules) noexcept {
    constexpr int day_min = minutes_per_day;
    int longest = 0, party = 0;
    for (const turn_time& turn : rules.turn_times) {
        if (turn.up_to_party <= party || turn.minutes <= 0 || turn.minutes > limits::turn_time_max_min ||
            !is_on_grid(turn.minutes))
            return false;
        party = turn.up_to_party;
        longest = std::max(longest, turn.minutes);
    }
    const int least =
        std::min({rules.buffer_before_min, rules.buffer_after_min, rules.min_notice_min, rules.window_days,
                  rules.oversize_cap, rules.pacing_parties, rules.pacing_covers, rules.house_pacing_parties,
                  rules.house_pacing_covers, rules.cancellation_cutoff_min, rules.no_show_grace_min});
    return !rules.turn_times.empty() && least >= 0 && rules.slot_interval_min > 0 &&
           rules.slot_interval_min <= day_min && is_on_grid(rules.slot_interval_min) &&
           is_on_grid(rules.buffer_before_min) && is_on_grid(rules.buffer_after_min) &&
           // Nobody takes a table for longer than a day: how far back memory reaches rests on it.
           rules.buffer_before_min <= day_min && rules.buffer_after_min <= day_min &&
           longest + rules.buffer_before_min + rules.buffer_after_min <= day_min &&
           rules.window_days <= limits::booking_window_max_days && rules.min_party > 0 &&
           rules.min_party <= rules.max_party && rules.max_party <= limits::party_size_max;
}

namespace {

// Whether the role of whoever asks lets them give, take or change that role. Only staff are asked for theirs:
// tools and the system itself have none.
bool may_touch(const context& in, staff_role role) noexcept {
    if (in.command.by.what != actor::kind::staff) return true;
    const staff_member* asking = in.config().find_staff(staff_id(in.command.by.id));
    return asking != nullptr && asking->role >= staff_role::manager &&
           (role != staff_role::owner || asking->role == staff_role::owner);
}

// Who works here isn't part of what guests can book, and not of the version that others change. The row is
// there for the other cores to hear of it.
void store_staff(const context& in, decision& made, const std::shared_ptr<restaurant>& config,
                 const staff_member& value, bool is_deleted) {
    auto where = in.stock().view().zone;
    in.stock().reconfigure(make_view(config, std::move(where), &in.stock().view()));
    made.configuration = restaurant_row{config, false, 0};
    made.staff.push_back({in.target.id, value, is_deleted});
    tell_settings(in, made, *config, "settings.staff", value.id);
}

auto find_day(std::vector<special_day>& days, date wanted) {
    return std::lower_bound(days.begin(), days.end(), wanted,
                            [](const special_day& each, date key) { return each.date < key; });
}

void store_special_day(const context& in, decision& made, std::shared_ptr<const restaurant> config,
                       const special_day& value, bool is_deleted) {
    tell_settings(in, made, *config, "settings.special_day");
    reconfigure(in, made, std::move(config));
    made.special_days.push_back({in.target.id, value, is_deleted});
}

}  // namespace

decision on(const context& in, const change_rules& wanted) {
    if (wanted.if_version && *wanted.if_version != in.config().version)
        return refuse(errc::precondition_failed);
    if (wanted.seen_version != in.config().version) return refuse(errc::precondition_failed);
    if (!are_sound(wanted.rules)) return refuse(errc::invalid_input);
    auto config = std::make_shared<restaurant>(in.config());
    config->rules = wanted.rules;
    decision made;
    store(in, made, config, "settings.rules");
    made.answer.body = in.render.rules_json(*config);
    return made;
}

decision on(const context& in, const put_special_day& wanted) {
    auto config = std::make_shared<restaurant>(in.config());
    const auto place = find_day(config->special_days, wanted.day.date);
    const bool is_known = place != config->special_days.end() && place->date == wanted.day.date;
    if (is_known && wanted.must_be_new) return refuse(errc::already_exists);
    if (!is_known && config->special_days.size() >= limits::special_days_per_restaurant)
        return refuse(errc::limit_reached);
    decision made;
    made.answer.body = in.render.special_day_json(wanted.day);
    if (is_known && *place == wanted.day) return made;  // nothing to change
    if (is_known) {
        *place = wanted.day;
    } else {
        config->special_days.insert(place, wanted.day);
        made.answer.status = 201;
        made.answer.location =
            "/restaurants/" + to_string(in.target.id) + "/special-days/" + to_string(wanted.day.date);
    }
    store_special_day(in, made, std::move(config), wanted.day, false);
    return made;
}

decision on(const context& in, const delete_special_day& wanted) {
    auto config = std::make_shared<restaurant>(in.config());
    const auto place = find_day(config->special_days, wanted.date);
    if (place == config->special_days.end() || place->date != wanted.date) return refuse(errc::not_found);
    const special_day value = *place;
    config->special_days.erase(place);
    decision made;
    made.answer.status = 204;
    store_special_day(in, made, std::move(config), value, true);
    return made;
}

decision on(const context& in, const pause_bookings& wanted) {
    if (wanted.until && *wanted.until <= in.now) return refuse(errc::invalid_input);
    decision made;
    if (wanted.until == in.config().paused_until) {  // so it is already
        made.answer.version = in.config().version;
        made.answer.body = in.render.restaurant_json(in.config());
        return made;
    }
    auto config = std::make_shared<restaurant>(in.config());
    config->paused_until = wanted.until;
    store(in, made, config, wanted.until ? "settings.pause" : "settings.resume");
    made.answer.body = in.render.restaurant_json(*config);
    return made;
}

decision on(const context& in, const change_staff& wanted) {
    const staff_member* known = in.config().find_staff(wanted.id);
    if (!may_touch(in, known != nullptr ? known->role : staff_role::host) ||
        !may_touch(in, wanted.role.value_or(staff_role::host)))
        return refuse(errc::forbidden);
    if (known != nullptr && wanted.must_be_new) return refuse(errc::already_staff);
    if (known == nullptr && !wanted.must_be_new) return refuse(errc::not_found);
    if (known == nullptr && in.config().staff.size() >= limits::staff_per_restaurant)
        return refuse(errc::limit_reached);

    const bool stays_owner = wanted.role == staff_role::owner;
    const bool has_another_owner =
        std::any_of(in.config().staff.begin(), in.config().staff.end(), [&wanted](const staff_member& each) {
            return each.id != wanted.id && each.role == staff_role::owner;
        });
    if (is_owner(in.config(), wanted.id) && !stays_owner && !has_another_owner)
        return refuse(errc::last_owner);

    decision made;
    auto config = std::make_shared<restaurant>(in.config());
    if (!wanted.role) {
        const auto place = find_by_id(config->staff, wanted.id);
        if (place == config->staff.end()) return refuse(errc::not_found);
        const staff_member gone = *place;
        config->staff.erase(place);
        made.answer.status = 204;
        store_staff(in, made, config, gone, true);
        return made;
    }
    const staff_member value{wanted.id, *wanted.role};
    made.answer.body = in.render.staff_member_json(in.target.id, value);
    if (known == nullptr) {
        config->staff.push_back(value);
        std::sort(config->staff.begin(), config->staff.end(),
                  [](const staff_member& a, const staff_member& b) { return a.id < b.id; });
        made.answer.status = 201;
        made.answer.location = "/restaurants/" + to_string(in.target.id) + "/staff/" + to_string(wanted.id);
    } else if (known->role == value.role) {
        return made;  // nothing to change
    } else {
        find_by_id(config->staff, wanted.id)->role = value.role;
    }
    store_staff(in, made, config, value, false);
    return made;
}

}  // namespace qtable::deciding
