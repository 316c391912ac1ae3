#include "proto/parse_restaurant.hpp"

#include <algorithm>
#include <array>

#include "core/base/limits.hpp"
#include "proto/body.hpp"

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

constexpr text_rule name_rule = {1, limits::name_chars, is_not_blank, "must not be blank"};
constexpr text_rule price_rule = {0, 4, is_price_range, "must be \"$\" to \"$$$$\""};
constexpr text_rule phone_rule = {0, limits::phone_chars, is_phone, "must be a telephone number"};
constexpr text_rule url_rule = {0, limits::url_chars, is_url, "must be a web address, http:// or https://"};
constexpr text_rule zone_rule = {1, limits::timezone_chars, is_zone_name, "must be an IANA time zone"};
constexpr text_rule hours_rule = {
    0, limits::hours_chars, is_day_hours,
    "must be opening hours as \"09:00-22:00\", several with commas, not overlapping"};
constexpr text_rule label_rule = {1, limits::label_chars, is_not_blank, "must not be blank"};
constexpr text_rule section_rule = {0, limits::label_chars};
constexpr integer_range seats_range = {1, limits::party_size_max};
constexpr number_range place_range = {-limits::floor_plan_max, limits::floor_plan_max};

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
    for (std::size_t day = 0; day < days_per_week; ++day) {
        const auto hours = in.text(hours_names[day], hours_rule, presence::nullable);
        if (!hours.is_absent())
            to.hours.days[day] = parse_day_hours(hours.value_or({})).value_or(day_hours{});
    }
}

std::optional<table_status> read_status(object_reader& in) {
    const auto word = in.text("status", {0, limits::label_chars}, presence::optional);
    if (!word) return std::nullopt;
    const auto status = parse_table_status(*word);
    if (status && *status != table_status::occupied) return status;
    in.error("status", status ? "becomes occupied by seating a guest only"
                              : "must be available, reserved, dirty or out_of_service");
    return std::nullopt;
}

std::optional<std::string> to_text(const field<std::string_view>& from) {
    if (from.is_absent()) return std::nullopt;
    return std::string(from.value_or({}));
}

void check_seats(object_reader& in, int min_party, int capacity) {
    if (min_party > capacity) in.error("min_party", "must not be more than capacity");
}

}  // namespace

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

parsed<table> parse_table(std::string_view body, json_scratch& scratch) {
    return parse_body<table>(body, scratch, [](object_reader& in, table& to) {
        set(to.label, in.text("label", label_rule));
        const auto capacity = in.integer("capacity", seats_range);
        set(to.capacity, capacity);
        set(to.min_party, in.integer("min_party", seats_range, presence::optional));
        if (capacity) check_seats(in, to.min_party, to.capacity);
        set(to.section, in.text("section", section_rule, presence::nullable));
        to.x = in.number("x", place_range, presence::optional).value_or(to.x);
        to.y = in.number("y", place_range, presence::optional).value_or(to.y);
        set(to.shape, in.text("shape", label_rule, presence::optional));
        to.status = read_status(in).value_or(to.status);
    });
}

parsed<change_table> parse_table_change(std::string_view body, json_scratch& scratch) {
    return parse_body<change_table>(body, scratch, [](object_reader& in, change_table& to) {
        to.label = to_text(in.text("label", label_rule, presence::optional));
        to.capacity = to_int(in.integer("capacity", seats_range, presence::optional));
        to.min_party = to_int(in.integer("min_party", seats_range, presence::optional));
        if (to.capacity && to.min_party) check_seats(in, *to.min_party, *to.capacity);
        to.section = to_text(in.text("section", section_rule, presence::nullable));
        to.x = in.number("x", place_range, presence::optional).optional();
        to.y = in.number("y", place_range, presence::optional).optional();
        to.shape = to_text(in.text("shape", label_rule, presence::optional));
        to.status = read_status(in);
    });
}

}  // namespace qtable::proto
