// The cursors of lists: where the page before ended, opaque to clients. Plain values, any core.
// A cursor that we didn't write is nullopt: the caller's invalid_input at "cursor".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace qtable::proto {

struct distance_cursor {
    double distance = 0;  // as precise as the order is, not as shown
    uuid id;
};

struct instant_cursor {
    instant at;
    uuid id;
};

void append_cursor(std::string& out, const distance_cursor& value);
std::string encode_cursor(const instant_cursor& value);
std::optional<distance_cursor> decode_distance_cursor(std::string_view text) noexcept;
std::optional<instant_cursor> decode_instant_cursor(std::string_view text) noexcept;

}  // namespace qtable::proto
