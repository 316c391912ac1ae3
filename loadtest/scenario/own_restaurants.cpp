// Restaurants of the run's own staff account, with tables and hours, near those that are there.
#include <algorithm>
#include <array>
#include <string>

#include "loadtest/failure.hpp"
#include "loadtest/measure/clock.hpp"
#include "loadtest/measure/dice.hpp"
#include "loadtest/scenario/set_up.hpp"
#include "loadtest/wire/http_client.hpp"
#include "loadtest/wire/members.hpp"
#include "proto/json_writer.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::array<const char*, 7> weekdays = {"monday", "tuesday",  "wednesday", "thursday",
                                                 "friday", "saturday", "sunday"};
constexpr point anywhere = {56.85, 10.75};
constexpr double beside_degrees = 0.01;
constexpr std::int64_t making_patience_ns = 20 * ns_per_s;
constexpr std::size_t given_places_max = 50;
constexpr std::array<int, 40> capacities = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 4, 4, 4, 4,
                                            4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 6, 6, 6, 6, 6, 8, 8, 8, 8};
constexpr std::array<int, 1> one_table = {4};

std::string profile(const world& in, std::size_t number, point where, bool is_hot) {
    std::string body;
    proto::json_writer json(body);
    json.begin_object().key("name").text("Load test " + in.run + ' ' + std::to_string(number + 1));
    json.key("is_public").boolean(true).key("timezone").text("UTC");
    json.key("latitude").number(where.latitude).key("longitude").number(where.longitude);
    for (const char* const day : weekdays) {
        const std::string name = std::string("hours_") + day;
        json.key(name).text(is_hot ? "17:00-23:00" : "10:00-23:00");
    }
    json.end_object();
    return body;
}

template <class Capacities>
std::string tables(const Capacities& seats) {
    std::string body;
    proto::json_writer json(body);
    json.begin_object().key("tables").begin_array();
    int number = 0;
    for (const int each : seats) {
        json.begin_object().key("label").text("L" + std::to_string(++number));
        json.key("capacity").integer(each).end_object();
    }
    json.end_array().end_object();
    return body;
}

// The restaurants that the given account works at.
bool take_given_places(http_client& client, world& made) {
    const answer me = client.get("/auth/me", made.staff_token);
    if (is_missing(me.status)) return false;
    if (me.status != 200) throw usage_error("--staff-token at " + client.url() + ": " + me.summary());
    for_each_element(find_member(me.body, "restaurants"), [&made](std::string_view each) {
        const std::string id(find_member(each, "id"));
        if (made.own_places() >= given_places_max) return;
        const auto known = std::find_if(made.places.begin(), made.places.end(),
                                        [&id](const place& other) { return other.id == id; });
        if (known != made.places.end()) {
            const place moved = *known;
            made.places.erase(known);
            --made.own_from;
            made.places.push_back({id, moved.latitude, moved.longitude, true, false});
        }
    });
    if (made.own_places() == 0)
        throw usage_error("--staff-token: works at no public restaurant that was found at " + client.url());
    return true;
}

}  // namespace

std::size_t wanted_own_places(const run_options& options, const world& made) {
    // A target without any gets some for whatever is to be asked.
    return made.own_from == 0 ? std::max(4U, options.what->own_restaurants) : options.what->own_restaurants;
}

bool make_own_places(const target& to, const run_options& options, world& made) {
    http_client client(to);
    // For one table that all want, a house of its own is needed in any case.
    if (!options.staff_token.empty() && !options.what->is_hot) return take_given_places(client, made);
    dice chance(dice::mix(options.seed, 3));
    unsigned posts = 0;
    const auto post = [&](const std::string& path, const std::string& body) {
        const std::string key = "load-" + made.run + "-house-" + std::to_string(++posts);
        return client.ask_patiently(
            {.method = "POST", .path = path, .token = made.staff_token, .idempotency_key = key, .body = body},
            making_patience_ns);
    };
    for (std::size_t i = 0; i < wanted_own_places(options, made); ++i) {
        point where = options.near.empty() ? anywhere : options.near.front();
        if (made.own_from > 0) {
            const place& near = made.places[chance.below(made.own_from)];
            where = {near.latitude, near.longitude};
        }
        where.latitude =
            std::clamp(where.latitude + chance.between(-beside_degrees, beside_degrees), -90.0, 90.0);
        where.longitude =
            std::clamp(where.longitude + chance.between(-beside_degrees, beside_degrees), -180.0, 180.0);
        const answer house = post("/restaurants", profile(made, i, where, options.what->is_hot));
        if (is_missing(house.status)) return false;
        const std::string id(find_member(house.body, "id"));
        if (!house.is_success() || id.empty())
            throw usage_error("POST /restaurants at " + to.url + ": " + house.summary());
        const answer furnished = post("/restaurants/" + id + "/tables/bulk",
                                      options.what->is_hot ? tables(one_table) : tables(capacities));
        if (is_missing(furnished.status)) return false;
        if (!furnished.is_success())
            throw usage_error("POST /restaurants/{id}/tables/bulk at " + to.url + ": " + furnished.summary());
        made.places.push_back({id, where.latitude, where.longitude, true, true});
    }
    return true;
}

void hide_own_places(const target& to, const world& in) {
    http_client client(to);
    try {
        for (std::size_t i = in.own_from; i < in.places.size(); ++i) {
            if (!in.places[i].is_made) continue;
            client.ask({.method = "PATCH",
                        .path = "/restaurants/" + in.places[i].id,
                        .token = in.staff_token,
                        .body = R"({"is_public":false})"});
        }
    } catch (const no_answer&) {
        // The target is gone: then nobody sees them there either.
        return;
    }
}

}  // namespace qtable::loadtest
