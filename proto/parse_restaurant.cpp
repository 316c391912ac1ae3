#include "proto/parse_restaurant.hpp"

#include <algorithm>
#include <array>

#include "core/base/limits.hpp"
#include "proto/body.hpp"
#include "proto/field_rules.hpp"

namespace qtable::proto {

namespace {

constexpr std::size_t days_per_week = 7;
constexpr std::array<std::string_view, days_per_week> hours_names = {
    "hours_monday", "hours_tuesday",  "hours_wednesday", "hours_thursday",
    "hours_friday", "hours_saturday", "hours_sunday"};

// IANA names are of these: the caller knows whether there is such a zone.
bool is_zone_name(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        return is_letter || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' || c == '+';
    });
}

constexpr text_rule price_rule = {0, 4, is_price_range, "must be \"$\" to \"$$$$\""};
constexpr text_rule url_rule = {0, limits::url_chars, is_url, "must be a web address, http:// or https://"};
constexpr text_rule zone_rule = {1, limits::timezone_chars, is_zone_name, "must be an IANA time zone"};

// A place has both coordinates or none. Nothing is said of the pair when one of them was reported already.
void read_place(object_reader& in, restaurant_profile& to) {
    const auto latitude = in.number("latitude", {-90, 90}, presence::nullable);
    const auto longitude = in.number("longitude", {-180, 180}, presence::nullable);
    if (!latitude.is_absent()) to.latitude = latitude.optional();
    if (!longitude.is_absent()) to.longitude = longitude.optional();
    const bool is_reported =
        (latitude.is_absent() && in.has("latitude")) || (longitude.is_absent() && in.has("longitude"));
    const bool is_said = in.has("latitude") || in.has("longitude");
    if (is_said && !is_reported && to.latitude.has_value() != to.longitude.has_value()) {
        in.error(to.latitude ? "longitude" : "latitude", "is needed with the other coordinate");
    }
}

void read_hours(object_reader& in, weekly_hours& to) {
    for (std::size_t day = 0; day < days_per_week; ++day) {
        const auto hours = in.text(hours_names[day], hours_rule, presence::nullable);
        if (!hours.is_absent()) to.days[day] = parse_day_hours(hours.value_or({})).value_or(day_hours{});
    }
}

// Members that are absent leave `to` as it is. `name` is the caller's.
void read_profile(object_reader& in, restaurant_profile& to) {
    to.is_public = in.boolean("is_public", presence::optional).value_or(to.is_public);
    set(to.description, in.text("description", {0, limits::description_chars}, presence::nullable));
    set(to.cuisine_type, in.text("cuisine_type", {0, limits::cuisine_chars}, presence::nullable));
    const auto price = in.text("price_range", price_rule, presence::nullable);
    if (!price.is_absent()) to.price_range = static_cast<int>(price.value_or({}).size());
    read_place(in, to);
    set(to.phone, in.text("phone", phone_rule, presence::nullable));
    set(to.website, in.text("website", url_rule, presence::nullable));
    set(to.address, in.text("address", {0, limits::address_chars}, presence::nullable));
    set(to.timezone, in.text("timezone", zone_rule, presence::optional));
    read_hours(in, to.hours);
}

}  // namespace

const text_rule hours_rule = {
    0, limits::hours_chars, is_day_hours,
    "must be opening hours as \"09:00-22:00\", several with commas, not overlapping"};

parsed<restaurant_profile> parse_restaurant(std::string_view body, json_scratch& scratch) {
    restaurant_profile empty;
    empty.timezone = "UTC";
    return parse_body(body, scratch, std::move(empty), [](object_reader& in, restaurant_profile& to) {
        set(to.name, in.text("name", name_rule));
        read_profile(in, to);
    });
}

parsed<restaurant_profile> parse_restaurant_change(std::string_view body, json_scratch& scratch,
                                                   const restaurant_profile& now) {
    return parse_body(body, scratch, now, [](object_reader& in, restaurant_profile& to) {
        set(to.name, in.text("name", name_rule, presence::optional));
        read_profile(in, to);
    });
}

parsed<hours_change> parse_hours_change(std::string_view body, json_scratch& scratch,
                                        const restaurant_profile& now) {
    return parse_body(body, scratch, hours_change{now, {}}, [](object_reader& in, hours_change& to) {
        read_hours(in, to.profile.hours);
        to.version = in.integer("version", {1, INT64_MAX}, presence::optional).optional();
    });
}

}  // namespace qtable::proto
