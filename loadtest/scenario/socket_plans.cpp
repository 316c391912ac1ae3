#include "loadtest/scenario/socket_plans.hpp"

#include <algorithm>

namespace qtable::loadtest {

namespace {

constexpr std::int64_t storm_gap_ns = 5 * ns_per_s;
constexpr std::int64_t calm_after_storm_ns = ns_per_s;
// A reader that has fallen behind is cut off with a word that it can only hear when it reads again in time.
constexpr std::int64_t stalled_ns = 4 * ns_per_s, reading_ns = 500 * ns_per_ms;
constexpr unsigned slow_one_of = 4;

}  // namespace

std::vector<socket_plan> plan_sockets(const world& in, const run_options& options) {
    std::vector<socket_plan> made;
    if (!in.has_sockets) return made;
    const auto diners = static_cast<std::uint32_t>(in.diners.size());
    const auto houses = static_cast<std::uint32_t>(in.own_places());
    const bool is_of_slow = options.what->what == drama::slow_readers;
    for (std::uint32_t i = 0; i < options.sockets; ++i) {
        socket_plan each;
        each.of = static_cast<side>(i % sides);
        const std::uint32_t turn = static_cast<std::uint32_t>(i / sides);
        // Where many events come, so that a reader who stops is soon behind.
        if (is_of_slow && each.of == side::customer) each.of = side::staff;
        const std::string& house = in.places[in.own_from + turn % houses].id;
        switch (each.of) {
            case side::staff:
                each.path = "/ws/restaurants/" + house;
                each.token = in.staff_token;
                each.stream = turn % houses;
                break;
            case side::customer:
                each.path = "/ws/customer";
                each.token = in.diners[turn % diners];
                each.stream = 2 * houses + turn % diners;
                break;
            case side::anybody:
                each.path = "/ws/public/restaurants/" + house;
                each.stream = houses + turn % houses;
                break;
        }
        each.is_slow = is_of_slow && i % slow_one_of == 0;
        made.push_back(std::move(each));
    }
    return made;
}

std::vector<farm_moment> plan_moments(const scenario& what, const measured_window& window) {
    using does = farm_moment::what;
    std::vector<farm_moment> made;
    const std::int64_t length_ns = window.until_ns - window.from_ns;
    if (what.what == drama::storms) {
        const std::int64_t gap_ns = std::min(storm_gap_ns, length_ns / 2);
        const std::int64_t last_ns = window.until_ns - std::min(calm_after_storm_ns, length_ns / 4);
        for (std::int64_t at = window.from_ns + gap_ns; at < last_ns; at += gap_ns)
            made.push_back({does::drop_all, at});
    }
    if (what.what == drama::slow_readers) {
        // The first half is what the second is compared with.
        for (std::int64_t at = window.from_ns + length_ns / 2; at < window.until_ns;
             at += stalled_ns + reading_ns) {
            made.push_back({does::stop_reading, at});
            made.push_back({does::read_again, at + stalled_ns});
        }
    }
    return made;
}

}  // namespace qtable::loadtest
