#include <algorithm>
#include <array>

#include "core/base/limits.hpp"
#include "net/api/app_core.hpp"
#include "net/api/handlers.hpp"
#include "net/api/query_reader.hpp"
#include "net/api/search_answer.hpp"
#include "proto/cursor.hpp"
#include "proto/problem.hpp"
#include "proto/text_rules.hpp"

namespace qtable::net {

namespace {

constexpr int window_max_min = 6 * 60;

void read_box(query_reader& query, wanted_search& wanted) {
    const auto text = query.text("bbox", 200);
    if (!text) return;
    // min lon, min lat, max lon, max lat, as in RFC 7946
    std::array<double, 4> edges{};
    std::string_view rest = *text;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const std::size_t comma = i + 1 < edges.size() ? rest.find(',') : rest.size();
        const auto value = comma <= rest.size() ? parse_number(rest.substr(0, comma)) : std::nullopt;
        const double most = i % 2 == 0 ? 180 : 90;
        if (!value || *value < -most || *value > most)
            return query.error("bbox", "must be min_lon,min_lat,max_lon,max_lat in degrees");
        edges[i] = *value;
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    if (edges[1] > edges[3]) return query.error("bbox", "has its latitudes in the wrong order");
    wanted.area.box = geo::bounding_box{edges[1], edges[0], edges[3], edges[2]};
}

void read_seat(query_reader& query, wanted_search& wanted) {
    const auto day = query.calendar_date("date");
    const auto minute = query.time_of_day("time");
    const auto party_size = query.integer("party_size", 1, limits::party_size_max);
    const auto window_min = query.integer("window", 0, window_max_min);
    constexpr std::array<std::string_view, 4> names = {"date", "time", "party_size", "window"};
    if (std::none_of(names.begin(), names.end(), [&](std::string_view name) { return query.has(name); }))
        return;
    for (std::size_t i = 0; i < 3; ++i) query.require(names[i]);
    if (!day || !minute || !party_size) return;
    wanted.seat =
        wanted_time{*day, *minute, static_cast<int>(window_min.value_or(0)), static_cast<int>(*party_size)};
}

void read_filters(query_reader& query, wanted_search& wanted) {
    if (const auto cuisine = query.text("cuisine_type", limits::cuisine_chars))
        wanted.area.cuisine_type = *cuisine;
    if (const auto price = query.text("price_range", 4)) {
        if (proto::is_price_range(*price)) {
            wanted.area.price_range = static_cast<std::uint8_t>(price->size());
        } else {
            query.error("price_range", "must be $, $$, $$$ or $$$$");
        }
    }
    wanted.area.min_rating = query.number("min_rating", 0, 5).value_or(0);
    if (const auto part = query.text("q", limits::name_chars)) wanted.area.name_part = *part;
    wanted.open_at = query.moment("open_at");
    wanted.area.limit =
        static_cast<std::size_t>(query.integer("limit", 1, limits::list_max).value_or(limits::list_default));
    if (const auto text = query.text("cursor", 200)) {
        if (const auto cursor = proto::decode_distance_cursor(*text)) {
            wanted.area.after = geo::cursor{cursor->distance, restaurant_id(cursor->id)};
        } else {
            query.error("cursor", "is not one that this server gave");
        }
    }
}

void read_area(query_reader& query, wanted_search& wanted) {
    query.require("lat");
    query.require("lon");
    wanted.area.centre = {query.number("lat", -90, 90).value_or(0),
                          query.number("lon", -180, 180).value_or(0)};
    const bool has_radius = query.has("radius");
    const auto radius_km = query.number("radius", 0, limits::search_radius_max_km);
    if (has_radius && radius_km && *radius_km <= 0) query.error("radius", "must be more than 0");
    wanted.area.radius_m = radius_km.value_or(limits::search_radius_default_km) * 1000;
}

}  // namespace

void search_restaurants(call& in) {
    query_reader query(in);
    wanted_search wanted;
    read_area(query, wanted);
    read_box(query, wanted);
    read_filters(query, wanted);
    read_seat(query, wanted);
    if (!query.finish()) return;
    in.app.metrics().searches.add();

    const search_catalogue& all = *in.app.catalogue();
    std::vector<geo::hit>& hits = in.app.search_hits();
    const bool has_more = find_restaurants(all, wanted, in.now, in.app.search_scratch(), hits);

    bool is_geojson = false;
    in.in.fields->for_each_token(field::accept, [&is_geojson](std::string_view type) {
        is_geojson = is_geojson || type.substr(0, type.find(';')) == proto::geojson_content_type;
    });
    in.begin(200, is_geojson ? proto::geojson_content_type : proto::json_content_type);
    write_restaurants(in.out.body_writer(), all, wanted, in.now, hits, has_more,
                      is_geojson ? proto::list_writer::form::geojson : proto::list_writer::form::plain);
    in.out.finish();
}

}  // namespace qtable::net
