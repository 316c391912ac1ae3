// The last line of a tzdata file: the rule that holds after its last listed change
// ("EST5EDT,M3.2.0,M11.1.0"). Needed because tzdata lists changes to 2037 at most, and in its slim form only
// those before the rule began. Plain value; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/time.hpp"

namespace qtable::storage {

struct posix_rule {
    // Day `weekday` (0 = Sunday) of week `week` (5 = the last) of the month, `time_s` after its midnight by
    // the clock that holds until then.
    struct change {
        int month = 1, week = 1, weekday = 0;
        std::int32_t time_s = 2 * 3600;
        date day_in(int year) const noexcept;
    };

    std::int32_t standard_offset_s = 0;
    std::int32_t summer_offset_s = 0;
    change summer_starts, summer_ends;

    struct moment {
        instant at;
        std::int32_t offset_s = 0;  // from then on
    };
    // Both changes of a year, in order of time.
    std::array<moment, 2> changes_in(int year) const noexcept;
};

// Nullopt for a line without a summer time, and for what isn't of the M form (tzdata has no other).
std::optional<posix_rule> parse_posix_rule(std::string_view line) noexcept;

}  // namespace qtable::storage
