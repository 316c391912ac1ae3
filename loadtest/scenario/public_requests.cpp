#include "loadtest/scenario/public_requests.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "loadtest/wire/request_text.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::size_t searches_made = 2048;
constexpr std::size_t days_made = 4096;
constexpr std::size_t own_days_made = 512;
constexpr double nearby_degrees = 0.02;  // about 2 km
constexpr double with_time = 0.3;        // of the searches
constexpr std::array<unsigned, 8> parties = {2, 2, 2, 4, 4, 3, 1, 6};
constexpr unsigned first_minute = 17 * 60, half_hours = 9;

std::string degrees(double value) {
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.5f", value);
    return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

public_requests::public_requests(const world& in, std::uint64_t seed, unsigned share, unsigned shares) {
    if (!in.only_path.empty()) {
        searches_ = {make_request(in.host, {.path = in.only_path})};
        days_ = {{searches_.front(), {}}};
        return;
    }
    dice chance(dice::mix(seed, 100 + share));
    make_searches(in, chance);
    make_days(in, chance, share, shares);
}

void public_requests::make_searches(const world& in, dice& chance) {
    for (std::size_t i = 0; i < searches_made; ++i) {
        const place& near = in.places[chance.below(in.places.size())];
        const double latitude = near.latitude + chance.between(-nearby_degrees, nearby_degrees);
        const double longitude = near.longitude + chance.between(-nearby_degrees, nearby_degrees);
        std::string path = "/public/restaurants?lat=" + degrees(std::clamp(latitude, -90.0, 90.0)) +
                           "&lon=" + degrees(std::clamp(longitude, -180.0, 180.0)) + "&radius=3";
        if (in.filters_by_time && chance.chance(with_time)) {
            const auto minute = first_minute + 30 * static_cast<unsigned>(chance.below(half_hours));
            path += "&date=" + in.days[chance.below(in.days.size())] + "&time=" + clock_text(minute) +
                    "&party_size=" + std::to_string(parties[chance.below(parties.size())]);
        }
        searches_.push_back(make_request(in.host, {.path = path}));
    }
}

void public_requests::make_days(const world& in, dice& chance, unsigned share, unsigned shares) {
    const auto make = [&](std::size_t from, std::size_t end) {
        day_question made;
        made.about.place = static_cast<std::uint32_t>(from + chance.below(end - from));
        made.about.day = static_cast<std::uint16_t>(chance.below(in.days.size()));
        // The day moves until it is one of this thread's; with more threads than days there may be none.
        for (std::size_t i = 0; i < in.days.size() && (made.about.place + made.about.day) % shares != share;
             ++i)
            made.about.day = static_cast<std::uint16_t>((made.about.day + 1U) % in.days.size());
        made.about.party = static_cast<std::uint16_t>(parties[chance.below(parties.size())]);
        made.about.turn = static_cast<std::uint32_t>(chance.below(1U << 16));
        made.bytes = make_request(
            in.host, {.path = availability_path(in, made.about.place, made.about.day, made.about.party)});
        return made;
    };
    for (std::size_t i = 0; i < days_made; ++i) days_.push_back(make(0, in.places.size()));
    for (std::size_t i = 0; in.own_places() > 0 && i < own_days_made; ++i)
        own_days_.push_back(make(in.own_from, in.places.size()));
}

}  // namespace qtable::loadtest
