// Reads OpenStreetMap's `opening_hours` as people really write it, into the hours of a week. What can't be
// said as a week (months, dates, weeks, sunset), what has no known end ("18:00+") and what reads two ways is
// refused with its reason and place: never wrong hours. Public and school holidays are taken and left out:
// they are no part of the week. Pure functions of the text; any thread. Bounds: `max_osm_hours_bytes` of
// text.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/model/hours.hpp"

namespace qtable::tools {

constexpr std::size_t max_osm_hours_bytes = 1024;  // OpenStreetMap itself allows 255 characters

struct osm_hours {
    weekly_hours week;
    std::string note;  // the comments in quotes, joined by "; "
};

struct osm_hours_refusal {
    std::string reason;
    std::size_t offset = 0;  // into the text, in bytes
};

using osm_hours_result = boost::system::result<osm_hours, osm_hours_refusal>;

osm_hours_result parse_osm_hours(std::string_view text);

}  // namespace qtable::tools
