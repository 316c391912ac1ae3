// What a restaurant offers: tables by day, start and party. `allowed_by` works it out from stored rows alone,
// the plain way, and shares no code with the inventory: what core believes of ranges, days, caps and
// combinations is held against it. Bounds: the days around a simulation's first one, evening starts on the
// half hour, parties to 8, restaurants in UTC with at most 64 tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/inventory/live_restaurant.hpp"
#include "core/model/hold.hpp"
#include "tests/unit/core/engine/model_database.hpp"

namespace qtable::sim {

// A plain array, so that it is compared and copied in no time: [day][start][party - 1].
class offers {
  public:
    static constexpr int days = 14, first_minute = 17 * 60, step_min = 30, starts = 19, parties = 8;
    using cells = std::array<std::uint8_t, static_cast<std::size_t>(starts) * parties>;

    // The day before yesterday, when a simulation begins.
    static date first() noexcept;
    static bool has_day(date day) noexcept { return day >= first() && day < first().plus_days(days); }
    static std::optional<std::size_t> place(int minute, int party) noexcept {
        const int start = (minute - first_minute) / step_min;
        const bool is_known = minute >= first_minute && start < starts && minute % step_min == 0;
        if (!is_known || party < 1 || party > parties) return std::nullopt;
        return static_cast<std::size_t>(start * parties + party - 1);
    }

    cells& on(date day) noexcept { return of_day_[static_cast<std::size_t>(day.days - first().days)]; }
    const cells& on(date day) const noexcept {
        return of_day_[static_cast<std::size_t>(day.days - first().days)];
    }

  private:
    std::array<cells, days> of_day_{};
};

struct day_span {
    date first, last;  // both included
};

// As other cores read it; only the days that changed since the last time are read, and of days without
// anything taken or published one: hours are the same every day here.
class shown_offers {
  public:
    // False: a start that there can't be.
    bool read(const live_restaurant& live, day_span within);
    const offers& all() const noexcept { return offers_; }

  private:
    static bool read_day(const live_restaurant& live, date day, offers::cells& cells);

    std::uint64_t generation_ = 0;
    day_span span_{};
    std::array<std::uint64_t, offers::days> sequences_{};
    offers offers_;
};

struct allowed_offers {
    offers all;
    // A table that is taken twice.
    std::optional<std::string> overlap;
};
allowed_offers allowed_by(const test::model_database::restaurant_tables& stored, std::span<const hold> held,
                          day_span within);

}  // namespace qtable::sim
