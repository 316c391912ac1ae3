#include "loadtest/scenario/world.hpp"

#include <algorithm>
#include <array>

#include "core/base/time.hpp"
#include "loadtest/wire/members.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::size_t clock_chars = 5;
constexpr std::int64_t tables_max = 10'000;

}  // namespace

std::vector<free_start> read_starts(std::string_view body) {
    std::vector<free_start> found;
    const std::string_view slots = body.starts_with('[') ? body : find_member(body, "slots");
    for_each_element(slots, [&found](std::string_view slot) {
        std::array<wanted_member, 3> wanted = {{{"time"}, {"available_tables"}, {"is_available"}}};
        find_members(slot, wanted);
        const auto minute = parse_time_of_day(wanted[0].value.substr(0, clock_chars));
        const std::int64_t tables = to_integer(wanted[1].value).value_or(1);
        const bool is_free = wanted[2].is_found ? wanted[2].value == "true" : tables > 0;
        if (!minute || !is_free || tables <= 0) return;
        found.push_back(
            {static_cast<std::uint16_t>(*minute), static_cast<std::uint16_t>(std::min(tables, tables_max))});
    });
    return found;
}

std::string availability_path(const world& in, std::uint32_t place, std::uint16_t day, unsigned party) {
    return "/public/restaurants/" + in.places[place].id + "/availability?date=" + in.days[day] +
           "&party_size=" + std::to_string(party);
}

std::string clock_text(unsigned minute) {
    return time_of_day_to_string(static_cast<int>(minute));
}

}  // namespace qtable::loadtest
