// A reservation as an iCalendar file (RFC 5545) that phones and mail programs take: one event in the
// restaurant's own time zone, which comes along. Its UID never changes and its SEQUENCE is the reservation's
// version, so a later file of the same reservation takes the place of an earlier one. Pure function, any
// core.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/zone.hpp"
#include "core/model/reservation.hpp"

namespace qtable::proto {

constexpr std::string_view calendar_content_type = "text/calendar; charset=utf-8";

// Where it is, as far as it is known: of a restaurant that is gone nothing is.
struct calendar_place {
    std::string_view name = {};
    std::string_view address = {};
    std::string_view phone = {};
    std::string_view website = {};
    std::optional<double> latitude = {};
    std::optional<double> longitude = {};
};

// Appends the whole file: lines end in CRLF and are folded at 75 bytes, never inside of a character.
void write_calendar(std::string& out, const reservation& what, const zone& where,
                    const calendar_place& place);

}  // namespace qtable::proto
