// RFC 9457 problem documents: one total table from our error codes to HTTP status, title and retryability,
// and the writer of `application/problem+json`. Pure functions, any core.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/engine/reply.hpp"
#include "proto/input_errors.hpp"

namespace qtable::proto {

constexpr std::string_view problem_content_type = "application/problem+json";
constexpr std::string_view json_content_type = "application/json";
constexpr std::string_view geojson_content_type = "application/geo+json";

struct problem_row {
    int status = 500;
    std::string_view title;
    std::string_view detail;  // when the caller has nothing better to say
    bool retryable = false;   // the same request may succeed later, unchanged
    int retry_after_s = 0;    // 0 = no Retry-After header
};

const problem_row& problem_of(errc code) noexcept;

struct problem_details {
    std::string_view detail = {};  // empty: the table's
    std::string_view request_id = {};
    std::span<const field_error> errors = {};
    std::string_view extra_members =
        {};  // JSON members without braces: `"current":"seated","allowed":["completed"]`
};

void write_problem(std::string& out, errc code, const problem_details& details = {});

// Extra members of an owner's refusal: `alternatives` and `reasons` of slot_unavailable, `reasons` of others
// where there are any, `current` and `allowed` of illegal_transition, whatever it is that has the status, and
// the `reservations` that are in the way. Empty when there is nothing more to say.
std::string refusal_members(const reply& refused);
// `"current":…,"allowed":[…]`
std::string transition_members(reservation_status current);

}  // namespace qtable::proto
