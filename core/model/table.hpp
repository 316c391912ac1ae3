// A table of the floor plan, and a combination: a set of tables that one party can take together. A
// combination *is* its member tables: nothing is ever booked on the combination itself. Plain values, any
// core.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"

namespace qtable {

enum class table_status : std::uint8_t { available, reserved, occupied, dirty, out_of_service };

struct table {
    table_id id;
    std::string label;
    int capacity = 0;
    int min_party = 1;
    std::string section;
    double x = 0;
    double y = 0;
    std::string shape = "square";
    table_status status = table_status::available;
    std::optional<guest_id> current_guest_id;  // set if and only if the status is occupied
    std::int64_t version = 1;
};

struct table_combination {
    combination_id id;
    std::string label;
    std::vector<table_id> table_ids;
    int capacity = 0;
    int min_party = 1;
    std::int64_t version = 1;
};

std::string_view to_string(table_status status) noexcept;
std::optional<table_status> parse_table_status(std::string_view text) noexcept;

}  // namespace qtable
