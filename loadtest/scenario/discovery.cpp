// What the target shows to everybody: restaurants, and which of its endpoints there are.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <string>

#include "loadtest/failure.hpp"
#include "loadtest/measure/clock.hpp"
#include "loadtest/scenario/set_up.hpp"
#include "loadtest/wire/http_client.hpp"
#include "loadtest/wire/members.hpp"

namespace qtable::loadtest {

namespace {

// Where the demo city and the sample data lie.
constexpr std::array<point, 2> usual_places = {{{56.85, 10.75}, {55.68, 12.57}}};
constexpr const char* page_size = "100";
constexpr std::int64_t discovery_patience_ns = 20 * ns_per_s;

std::string search_path(point around, const std::string& radius_km) {
    return "/public/restaurants?lat=" + std::to_string(around.latitude) +
           "&lon=" + std::to_string(around.longitude) + "&radius=" + radius_km;
}

double to_number(std::string_view text) {
    return std::strtod(std::string(text).c_str(), nullptr);
}

// How many there were on the page.
std::size_t read_places(std::string_view body, std::set<std::string>& known, world& made) {
    std::size_t count = 0;
    const std::string_view items = body.starts_with('[') ? body : find_member(body, "items");
    for_each_element(items, [&](std::string_view item) {
        std::array<wanted_member, 3> wanted = {{{"id"}, {"latitude"}, {"longitude"}}};
        find_members(item, wanted);
        ++count;
        const std::string id(wanted[0].value);
        if (id.empty() || !known.insert(id).second) return;
        made.places.push_back({id, to_number(wanted[1].value), to_number(wanted[2].value)});
    });
    return count;
}

void find_around(http_client& client, point around, const run_options& options, std::set<std::string>& known,
                 world& made) {
    const std::string path = search_path(around, "100");
    std::string page = path + "&limit=" + page_size;
    while (made.places.size() < options.restaurants) {
        answer got = client.ask_patiently({.path = page}, discovery_patience_ns);
        // A search without pages tells all at once.
        if (got.status >= 400 && page != path) got = client.get(page = path);
        if (got.status != 200)
            throw usage_error("GET /public/restaurants at " + client.url() + ": " + got.summary());
        const std::string_view cursor = find_member(got.body, "next_cursor");
        if (read_places(got.body, known, made) == 0 || cursor.empty() || cursor == "null") return;
        page = path + "&limit=" + page_size + "&cursor=" + percent_encoded(cursor);
    }
}

}  // namespace

void find_places(const target& to, const run_options& options, world& made) {
    http_client client(to);
    std::set<std::string> known;
    std::vector<point> where = options.near;
    if (where.empty()) where.assign(usual_places.begin(), usual_places.end());
    for (const point& each : where) find_around(client, each, options, known, made);
    if (made.places.size() > options.restaurants) made.places.resize(options.restaurants);
}

bool probe_time_filter(const target& to, const world& in, point around) {
    http_client client(to);
    const std::string filter = "&date=" + in.days.front() + "&time=19:00&party_size=2";
    return client.get(search_path(around, "3") + filter).is_success();
}

bool probe_sockets(const target& to, const world& in) {
    http_client client(to);
    const std::string path = "/ws/public/restaurants/" + in.places.back().id;
    const bool has_them = client.ask_upgrade(path) == 101;
    client.close();
    return has_them;
}

}  // namespace qtable::loadtest
