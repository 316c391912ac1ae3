// A restaurant as its staff describe it, and who works there. Plain values, any core.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/model/hours.hpp"
#include "core/model/rules.hpp"
#include "core/model/table.hpp"

namespace qtable {

enum class staff_role : std::uint8_t { host, manager, owner };  // each may what the ones before it may

std::string_view to_string(staff_role role) noexcept;
std::optional<staff_role> parse_staff_role(std::string_view text) noexcept;

struct staff_member {
    staff_id id;
    staff_role role = staff_role::host;
};

struct restaurant_profile {
    std::string name;
    bool is_public = true;
    std::string description;
    std::string cuisine_type;
    int price_range = 0;  // 0 = not said, else the number of "$", 1–4
    std::optional<double> latitude;
    std::optional<double> longitude;
    std::string phone;
    std::string website;
    std::string address;
    std::string timezone;  // IANA
    weekly_hours hours;
};

// All that is configured about a restaurant. Immutable once shared: a change makes a new one.
struct restaurant {
    restaurant_id id;
    restaurant_profile profile;
    booking_rules rules;
    std::optional<instant> paused_until;
    std::vector<special_day>
        special_days;           // sorted by date, each once; they take the place of the week's hours
    std::vector<table> tables;  // sorted by label, then id
    std::vector<table_combination> combinations;  // sorted by label, then id
    std::vector<staff_member> staff;              // sorted by id
    double rating = 0;                            // mean of its reviews, 0 without any
    int review_count = 0;
    instant created_at;
    instant updated_at;
    std::int64_t version = 1;

    // nullptr when the person has no role here.
    const staff_member* find_staff(const staff_id& id) const noexcept;
};

}  // namespace qtable
