#include "tools/qtable/import/geojson_reader.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <optional>
#include <utility>

#include "core/base/limits.hpp"
#include "tools/qtable/import/field_cleaning.hpp"
#include "tools/qtable/import/json_split.hpp"
#include "tools/qtable/import/osm_hours.hpp"

namespace qtable::tools {

namespace {

namespace json = boost::json;

constexpr std::size_t osm_ref_chars = 100;
constexpr std::size_t shown_hours_chars = 24;

struct position {
    double latitude = 0;
    double longitude = 0;
};

std::optional<double> number_of(const json::value& value) {
    if (!value.is_number()) return std::nullopt;
    return value.to_number<double>();
}

// GeoJSON writes longitude first; a height may follow.
std::optional<position> position_of(const json::value& coordinates) {
    const json::array* pair = coordinates.if_array();
    if (pair == nullptr || pair->size() < 2) return std::nullopt;
    const auto longitude = number_of((*pair)[0]);
    const auto latitude = number_of((*pair)[1]);
    if (!longitude || !latitude || !is_position(*latitude, *longitude)) return std::nullopt;
    return position{*latitude, *longitude};
}

// Area-weighted, on longitude and latitude as plane coordinates: a building is small. A ring across the
// antimeridian is unwrapped around its first corner.
std::optional<position> centroid_of(const json::value& ring_value) {
    const json::array* ring = ring_value.if_array();
    if (ring == nullptr || ring->size() < 4) return std::nullopt;
    const auto origin = position_of((*ring)[0]);
    if (!origin) return std::nullopt;
    double area = 0;
    double sum_x = 0;
    double sum_y = 0;
    double last_x = 0;
    double last_y = 0;
    for (const json::value& corner : *ring) {
        const auto at = position_of(corner);
        if (!at) return std::nullopt;
        const double x = std::remainder(at->longitude - origin->longitude, 360.0);
        const double y = at->latitude - origin->latitude;
        const double cross = last_x * y - x * last_y;
        area += cross;
        sum_x += (last_x + x) * cross;
        sum_y += (last_y + y) * cross;
        last_x = x;
        last_y = y;
    }
    if (std::abs(area) < 1e-18) return origin;  // a line, or a point drawn as a ring
    return position{origin->latitude + sum_y / (3 * area),
                    std::remainder(origin->longitude + sum_x / (3 * area), 360.0)};
}

const json::value* first_of(const json::value& list) {
    const json::array* items = list.if_array();
    return items == nullptr || items->empty() ? nullptr : &items->front();
}

std::optional<position> position_of_geometry(const json::object& feature) {
    const json::value* geometry = feature.if_contains("geometry");
    const json::object* shape = geometry == nullptr ? nullptr : geometry->if_object();
    if (shape == nullptr) return std::nullopt;
    const json::value* type = shape->if_contains("type");
    const json::value* coordinates = shape->if_contains("coordinates");
    if (type == nullptr || !type->is_string() || coordinates == nullptr) return std::nullopt;
    if (type->get_string() == "Point") return position_of(*coordinates);
    const json::value* polygon = coordinates;
    if (type->get_string() == "MultiPolygon") {
        polygon = first_of(*coordinates);
    } else if (type->get_string() != "Polygon") {
        return std::nullopt;
    }
    const json::value* ring = polygon == nullptr ? nullptr : first_of(*polygon);
    return ring == nullptr ? std::nullopt : centroid_of(*ring);
}

// A tag's text; whole numbers count as text, anything else as missing.
std::string text_of(const json::value* value) {
    if (value == nullptr) return {};
    if (const json::string* text = value->if_string()) return std::string(text->data(), text->size());
    if (const std::int64_t* number = value->if_int64()) return std::to_string(*number);
    if (const std::uint64_t* number = value->if_uint64()) return std::to_string(*number);
    return {};
}

class tags {
  public:
    explicit tags(const json::object& feature) {
        const json::value* properties = feature.if_contains("properties");
        properties_ = properties == nullptr ? nullptr : properties->if_object();
    }
    std::string get(std::string_view key) const {
        return properties_ == nullptr ? std::string() : text_of(properties_->if_contains(key));
    }
    // The first of the keys that is there.
    std::pair<std::string_view, std::string> first(std::initializer_list<std::string_view> keys) const {
        for (const std::string_view key : keys) {
            std::string value = get(key);
            if (!value.empty()) return {key, std::move(value)};
        }
        return {};
    }

  private:
    const json::object* properties_ = nullptr;
};

std::string joined(std::string left, std::string_view between, const std::string& right) {
    if (!left.empty() && !right.empty()) left += between;
    return left + right;
}

std::string address_of(const tags& tag) {
    const std::string full = tag.get("addr:full");
    if (!full.empty()) return full;
    const std::string street =
        joined(tag.first({"addr:street", "addr:place"}).second, " ", tag.get("addr:housenumber"));
    return joined(street, ", ", joined(tag.get("addr:postcode"), " ", tag.get("addr:city")));
}

std::string ref_of(const json::object& feature, const tags& tag, const import_restaurant& restaurant) {
    std::string id = tag.first({"@id", "id"}).second;
    if (id.empty()) id = text_of(feature.if_contains("id"));
    id = without_controls(id);
    if (!id.empty() && cut_to(id, osm_ref_chars).size() == id.size()) return "osm:" + id;
    const std::string number = without_controls(tag.get("fvst:navnelbnr"));
    if (!number.empty() && cut_to(number, osm_ref_chars).size() == number.size()) return "fvst:" + number;
    return ref_from_name_and_position(restaurant.name, restaurant.latitude, restaurant.longitude);
}

void read_hours(const std::string& text, field_cleaner& cleaner, import_restaurant& restaurant) {
    if (without_controls(text).empty()) return;
    const osm_hours_result hours = parse_osm_hours(text);
    if (hours.has_error()) {
        const std::string_view rest =
            std::string_view(text).substr(std::min(text.size(), hours.error().offset));
        std::string what = hours.error().reason;
        if (hours.error().offset > 0 && !rest.empty()) {
            what += ", from \"" + without_controls(cut_to(rest, shown_hours_chars)) + '"';
        }
        cleaner.report(import_problem_kind::unreadable_hours, "opening_hours", text, std::move(what));
        return;
    }
    restaurant.hours = hours->week;
    restaurant.hours_note = cleaner.text("opening_hours", hours->note, limits::description_chars);
    restaurant.has_hours = true;
}

void read_feature(const json::value& value, std::size_t line, const import_options& options,
                  import_result& result) {
    field_cleaner cleaner(result.problems, line);
    const auto skip = [&](const char* what) { cleaner.report(import_problem_kind::skipped, "", "", what); };
    const json::object* feature = value.if_object();
    if (feature == nullptr || text_of(feature->if_contains("type")) != "Feature")
        return skip("not a Feature");
    const tags tag(*feature);
    import_restaurant restaurant;
    restaurant.line = line;
    restaurant.name = cleaner.text("name", tag.get("name"), limits::name_chars);
    if (restaurant.name.empty()) return skip("no name");
    cleaner.set_name(restaurant.name);
    const auto at = position_of_geometry(*feature);
    if (!at) return skip("no position: the geometry is no Point, Polygon or MultiPolygon inside the world");
    restaurant.latitude = at->latitude;
    restaurant.longitude = at->longitude;
    restaurant.source_ref = ref_of(*feature, tag, restaurant);
    restaurant.description = cleaner.text("description", tag.get("description"), limits::description_chars);
    restaurant.cuisine_type = cleaner.cuisine("cuisine", tag.get("cuisine"));
    const auto [phone_key, phone] = tag.first({"phone", "contact:phone"});
    restaurant.phone = cleaner.phone(phone_key, phone);
    const auto [website_key, website] = tag.first({"website", "contact:website", "url"});
    restaurant.website = cleaner.website(website_key, website);
    restaurant.address = cleaner.text("addr", address_of(tag), limits::address_chars);
    restaurant.timezone = options.timezone;
    read_hours(tag.get("opening_hours"), cleaner, restaurant);
    result.restaurants.push_back(std::move(restaurant));
}

import_result failed_at(std::string_view text, std::size_t offset, std::string what) {
    import_result result;
    const std::string_view before = text.substr(0, offset);
    const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    result.failure = import_failure{line, offset, std::move(what)};
    return result;
}

}  // namespace

import_result read_geojson(std::string_view text, const import_options& options) {
    if (text.starts_with("\ufeff")) text.remove_prefix(3);
    if (const auto error = find_json_error(text))
        return failed_at(text, error->offset, "not JSON: " + error->what);

    std::string_view type;
    std::string_view features;
    for_each_member(text, [&](std::string_view key, std::string_view value) {
        if (key == "type") type = value;
        if (key == "features") features = value;
    });
    if (type != "\"FeatureCollection\"") return failed_at(text, 0, "not a GeoJSON FeatureCollection");

    import_result result;
    std::size_t line = 1;
    std::size_t counted = 0;  // bytes whose line ends are in `line`
    const bool is_list = for_each_element(features, [&](std::string_view feature) {
        const auto begin = static_cast<std::size_t>(feature.data() - text.data());
        const std::string_view passed = text.substr(counted, begin - counted);
        line += static_cast<std::size_t>(std::count(passed.begin(), passed.end(), '\n'));
        counted = begin;
        ++result.read;
        json::parse_options depth;
        depth.max_depth = limits::json_depth;
        read_feature(json::parse(feature, {}, depth), line, options, result);
    });
    if (!is_list) return failed_at(text, 0, "the FeatureCollection has no list of features");
    make_refs_unique(result);
    return result;
}

}  // namespace qtable::tools
