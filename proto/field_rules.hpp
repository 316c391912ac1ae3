// What members that stand in several requests may hold. Constants and one conversion; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/limits.hpp"
#include "proto/json_reader.hpp"
#include "proto/text_rules.hpp"

namespace qtable::proto {

inline constexpr integer_range party_range = {1, limits::party_size_max};
inline constexpr text_rule name_rule = {1, limits::name_chars, is_not_blank, "must not be blank"};
inline constexpr text_rule phone_rule = {0, limits::phone_chars, is_phone, "must be a telephone number"};
inline constexpr text_rule requests_rule = {0, limits::special_requests_chars};
inline constexpr text_rule notes_rule = {0, limits::notes_chars};

// Of a change: nothing when the member is absent, empty when it is null.
inline std::optional<std::string> changed_text(const field<std::string_view>& from) {
    if (from.is_absent()) return std::nullopt;
    return std::string(from.value_or({}));
}

}  // namespace qtable::proto
