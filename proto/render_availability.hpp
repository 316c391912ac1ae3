// Availability answers as JSON: the hot path of reads, 23–48 lines each, so lines are put together in one
// buffer on the stack and appended once. Pure functions, any core; they append to `out`, no other allocation.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/model/reasons.hpp"

namespace qtable::proto {

struct availability_line {
    std::optional<qtable::slot_id> slot_id;  // of the published slot, if one stands there
    int minute = 0;                          // on the business day's wall clock; may pass midnight
    instant starts_at;
    instant ends_at;
    int start_offset_s = 0;  // of the zone at starts_at and at ends_at
    int end_offset_s = 0;
    int available_tables = 0;
    bool is_available = false;
    qtable::reasons reasons;
};

// Lines {slot_id, time, starts_at, ends_at, available_tables, is_available, reasons} of an array: what they
// share is formatted once.
class availability_lines {
  public:
    explicit availability_lines(std::string& out) noexcept : out_(out) {}
    // With the comma before it.
    void add(const availability_line& line);
    // The next line is the first of another array.
    void begin() noexcept { is_first_ = true; }

  private:
    struct day_text {
        std::int32_t day = -1;  // none yet
        char text[10] = {};
    };
    static char* put_instant(day_text& kept, instant at, int offset_s, char* out) noexcept;

    std::string& out_;
    bool is_first_ = true;
    day_text start_day_, end_day_;
};

// `{restaurant_id, date, timezone, party_size, "slots":[` … lines … `]}` for one day.
void begin_availability(std::string& out, const restaurant_id& restaurant, date day,
                        std::string_view timezone, int party_size);
void end_availability(std::string& out);

// `?days=`: `{restaurant_id, date, timezone, party_size, "days":[` { date, slots: [ … lines … ] }, … `]}`.
void begin_availability_days(std::string& out, const restaurant_id& restaurant, date first_day,
                             std::string_view timezone, int party_size);
void begin_availability_day(std::string& out, date day, bool first);
void end_availability_day(std::string& out);
void end_availability_days(std::string& out);

}  // namespace qtable::proto
