#include "loadtest/check/stored.hpp"

#include <array>

#include "core/base/time.hpp"
#include "loadtest/measure/clock.hpp"
#include "loadtest/wire/members.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::int64_t stored_patience_ns = 30 * ns_per_s;
constexpr std::size_t clock_chars = 5;

std::optional<std::int64_t> instant_ms(std::string_view text) {
    const auto at = parse_rfc3339(text);
    if (!at) return std::nullopt;
    return at->ms;
}

}  // namespace

std::vector<claim> stored_reservation::claims() const {
    std::vector<claim> made;
    if (!starts_ms || !ends_ms) return made;
    for (const std::string& each : tables) made.push_back({each, *starts_ms, *ends_ms, id});
    return made;
}

stored_reservation read_reservation(std::string_view json) {
    std::array<wanted_member, 11> wanted = {{{"id"},
                                             {"restaurant_id"},
                                             {"date"},
                                             {"time"},
                                             {"status"},
                                             {"special_requests"},
                                             {"party_size"},
                                             {"starts_at"},
                                             {"ends_at"},
                                             {"table_ids"},
                                             {"table_id"}}};
    find_members(json, wanted);
    stored_reservation made;
    made.id = wanted[0].value;
    made.restaurant = wanted[1].value;
    made.date = wanted[2].value;
    made.time = wanted[3].value.substr(0, clock_chars);
    made.status = wanted[4].value;
    made.note = wanted[5].value;
    made.party = to_integer(wanted[6].value).value_or(0);
    made.starts_ms = instant_ms(wanted[7].value);
    made.ends_ms = instant_ms(wanted[8].value);
    for_each_element(wanted[9].value, [&made](std::string_view table) { made.tables.emplace_back(table); });
    const std::string_view only = wanted[10].value;
    if (made.tables.empty() && !only.empty() && only != "null") made.tables.emplace_back(only);
    return made;
}

std::vector<stored_reservation> read_all(http_client& client, const std::string& path,
                                         std::string_view token) {
    std::vector<stored_reservation> found;
    const std::string more = path.find('?') == std::string::npos ? "?" : "&";
    std::string page = path + more + "limit=100";
    for (;;) {
        answer got = client.ask_patiently({.path = page, .token = token}, stored_patience_ns);
        // A list without pages tells all at once.
        if ((got.status == 400 || got.status == 422) && page != path)
            got = client.ask_patiently({.path = page = path, .token = token}, stored_patience_ns);
        if (got.status != 200) throw no_answer("GET " + path + ": " + got.summary());
        const std::string_view items = got.body.starts_with('[') ? got.body : find_member(got.body, "items");
        for_each_element(items, [&found](std::string_view each) { found.push_back(read_reservation(each)); });
        const std::string_view cursor = find_member(got.body, "next_cursor");
        if (cursor.empty() || cursor == "null" || page == path) return found;
        page = path + more + "limit=100&cursor=" + percent_encoded(cursor);
    }
}

}  // namespace qtable::loadtest
