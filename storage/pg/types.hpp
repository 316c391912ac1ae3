// The PostgreSQL types that we send and read: their OIDs and the few value types that stand for them where
// core has none. Plain values, any core. Moments and days use core's `instant` and `date`; ids are `uuid`.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace qtable::storage {

using oid = std::uint32_t;

// From PostgreSQL's catalogue (pg_type.dat); they never change.
namespace pg_type {
constexpr oid boolean = 16, bytea = 17, char_ = 18, name = 19, int8 = 20, int2 = 21, int4 = 23, text = 25,
              json = 114, float4 = 700, float8 = 701, unknown = 705, bpchar = 1042, varchar = 1043,
              date = 1082, timestamptz = 1184, uuid = 2950, void_ = 2278, jsonb = 3802, tstzrange = 3910;
constexpr oid boolean_array = 1000, bytea_array = 1001, int2_array = 1005, int4_array = 1007,
              text_array = 1009, int8_array = 1016, float8_array = 1022, varchar_array = 1015,
              date_array = 1182, timestamptz_array = 1185, uuid_array = 2951, json_array = 199,
              jsonb_array = 3807, tstzrange_array = 3911;
}  // namespace pg_type

constexpr int binary_format = 1;
// The first byte of a binary range (rangetypes.h).
constexpr char range_empty = 0x01, range_lower_inclusive = 0x02, range_no_lower = 0x08, range_no_upper = 0x10;

using byte_view = std::span<const std::uint8_t>;

// Text that is sent as `json` or `jsonb`; reading either gives plain text.
struct json_text {
    std::string_view text;
};
struct jsonb_text {
    std::string_view text;
};

// A half-open `tstzrange`: [from, until).
struct time_range {
    instant from;
    instant until;
    friend bool operator==(const time_range&, const time_range&) = default;
};

}  // namespace qtable::storage
