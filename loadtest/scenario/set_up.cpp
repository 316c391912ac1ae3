#include "loadtest/scenario/set_up.hpp"

#include <array>
#include <cstdio>
#include <string>
#include <utility>

#include "core/base/time.hpp"
#include "loadtest/failure.hpp"
#include "loadtest/measure/clock.hpp"
#include "loadtest/measure/dice.hpp"
#include "loadtest/wire/http_client.hpp"

namespace qtable::loadtest {

namespace {

constexpr int days_ahead = 28;
constexpr std::size_t parallel_reads = 8;
constexpr std::size_t offers_wanted = 256;
constexpr std::array<std::uint16_t, 8> parties_booked = {2, 2, 2, 4, 4, 3, 2, 6};
constexpr std::uint16_t hot_day = 6;
constexpr std::uint16_t hot_party = 2;

std::string run_name() {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%llx", static_cast<unsigned long long>(wall_ns() / ns_per_ms));
    return text.data();
}

// From tomorrow on: every time of such a day is still to come, whatever zone the restaurant lives in.
std::vector<std::string> coming_days() {
    const auto today = static_cast<std::int32_t>(wall_ns() / ns_per_ms / ms_per_day);
    std::vector<std::string> made;
    for (int ahead = 2; ahead < 2 + days_ahead; ++ahead) made.push_back(to_string(date{today + ahead}));
    return made;
}

void set_up_house(const target& to, const run_options& options, world& made, const teller& tell) {
    if (wanted_own_places(options, made) == 0) return;
    if (options.has_customers_only) {
        made.notes.push_back("staff and sockets are left out (--customers-only)");
        return;
    }
    tell("making a staff account and restaurants");
    bool has_staff = make_staff(to, options, made);
    if (has_staff && !make_own_places(to, options, made)) has_staff = false;
    if (!has_staff) {
        made.staff_token.clear();
        made.notes.push_back("the target has no staff endpoints: staff and sockets are turned off");
    }
    if (options.sockets == 0) return;
    made.has_sockets = has_staff && probe_sockets(to, made);
    if (has_staff && !made.has_sockets)
        made.notes.push_back("the target has no sockets: they are turned off");
}

// One table on one evening is all that anybody wants.
void choose_hot_offer(world& made) {
    offer best;
    for (const offer& each : made.offers) {
        const bool is_better = each.starts.size() > best.starts.size();
        if (is_better && made.places[each.place].is_own == made.has_staff()) best = each;
    }
    if (best.starts.empty()) throw usage_error("no restaurant of the target has a free time to fight for");
    made.offers = {best};
}

}  // namespace

void read_offers(const target& to, const run_options& options, world& made) {
    dice chance(dice::mix(options.seed, 7));
    std::vector<offer> wanted;
    const std::size_t own = made.own_places();
    for (std::size_t i = 0; i < offers_wanted; ++i) {
        offer each;
        // Half of them where the staff's side can be watched.
        const bool is_own = own > 0 && (i % 2 == 0 || made.own_from == 0);
        const std::size_t from = is_own ? made.own_from : 0,
                          end = is_own ? made.places.size() : made.own_from;
        each.place = static_cast<std::uint32_t>(from + chance.below(end - from));
        each.day = static_cast<std::uint16_t>(chance.below(made.days.size()));
        each.party = parties_booked[chance.below(parties_booked.size())];
        if (options.what->is_hot) {
            each.day = hot_day;
            each.party = hot_party;
        }
        each.turn = static_cast<std::uint32_t>(chance.below(1U << 16));
        wanted.push_back(each);
    }
    in_parallel(to, wanted.size(), parallel_reads, [&](http_client& client, std::size_t i) {
        offer& each = wanted[i];
        const answer got = client.get(availability_path(made, each.place, each.day, each.party));
        if (got.status == 200) each.starts = read_starts(got.body);
    });
    for (offer& each : wanted) {
        if (!each.starts.empty()) made.offers.push_back(std::move(each));
    }
    if (made.offers.empty())
        throw usage_error("no free time found at " + to.url + " within " + std::to_string(days_ahead) +
                          " days");
}

world set_up(const target& to, const run_options& options, const teller& tell) {
    const scenario& what = *options.what;
    world made;
    made.run = run_name();
    made.host = to.host;
    made.only_path = options.only_path;
    made.days = coming_days();
    tell("looking for restaurants");
    find_places(to, options, made);
    made.own_from = made.places.size();
    set_up_house(to, options, made, tell);
    if (made.places.empty())
        throw usage_error("no public restaurant within 100 km of " +
                          std::string(options.near.empty() ? "the usual places" : "--near") + " at " +
                          to.url + ": say where with --near LAT,LON");
    if (what.needs_sockets && !made.has_sockets)
        throw usage_error("scenario " + std::string(what.name) + " needs staff and sockets, which " + to.url +
                          " doesn't have");
    if (what.asks(kind::search)) {
        const place& first = made.places.front();
        made.filters_by_time = probe_time_filter(to, made, {first.latitude, first.longitude});
        if (!made.filters_by_time)
            made.notes.push_back("the target's search doesn't take date, time and party_size: left out");
    }
    if (what.books()) {
        make_diners(to, options, made, tell);
        tell("reading what is free");
        read_offers(to, options, made);
        if (what.is_hot) choose_hot_offer(made);
    }
    return made;
}

}  // namespace qtable::loadtest
