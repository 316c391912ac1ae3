// What the rules of an `opening_hours` value add up to: a week, rule by rule in the order written. A rule
// after ";" takes the place of what its days had; one after "," adds to it; "off" closes. Where the rules of
// OpenStreetMap and what the writer plainly means would part ways, it refuses. Used by osm_hours.cpp only;
// throws `osm_hours_refusal`.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <vector>

#include "core/model/hours.hpp"

namespace qtable::tools {

using week_days = std::bitset<7>;  // 0 = Monday

struct day_selector {
    week_days days;
    bool named = false;             // false: no day is written, which means all of them
    bool holiday = false;           // PH or SH is among them
    bool only_in_holidays = false;  // "SH Mo-Fr"
    bool any_week_day() const noexcept { return days.any() && !only_in_holidays; }
};

enum class rule_kind { replacing, additional, closing };

class week_of_rules {
  public:
    void close(week_days days);
    // `offset` is where the rule begins, for the refusal.
    void set(week_days days, const std::vector<hours_range>& ranges, rule_kind kind, std::size_t offset);
    // Merged and checked; refuses a week that no rule opened.
    weekly_hours finish();

  private:
    void add(std::size_t day, const day_hours& ranges, std::size_t offset);
    void take_away(std::size_t day, const std::vector<hours_range>& ranges, std::size_t offset);
    void refuse_early_morning_of_another_night() const;

    weekly_hours week_;
    week_days closed_;  // said to be closed, not just unsaid
    bool opened_ = false;
};

}  // namespace qtable::tools
