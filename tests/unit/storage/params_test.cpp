#include "storage/pg/params.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace qtable::storage {
namespace params_test {

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        constexpr char digits[] = "0123456789abcdef";
        text += digits[static_cast<std::uint8_t>(byte) >> 4];
        text += digits[static_cast<std::uint8_t>(byte) & 15];
    }
    return text;
}

struct encoded {
    oid type;
    std::string bytes;
    friend bool operator==(const encoded&, const encoded&) = default;
    friend void PrintTo(const encoded& of, std::ostream* out) { *out << of.type << ' ' << of.bytes; }
};

template <class T>
encoded encode(const T& value) {
    params p;
    p.add(value);
    EXPECT_FALSE(p.is_null(0));
    return {p.type(0), hex(p.value(0))};
}

// The expected bytes are what `psql -c "COPY (SELECT …) TO STDOUT (FORMAT binary)"` gives.
TEST(params, scalars) {
    EXPECT_EQ(encode(true), (encoded{16, "01"}));
    EXPECT_EQ(encode(std::int16_t{-2}), (encoded{21, "fffe"}));
    EXPECT_EQ(encode(std::int32_t{258}), (encoded{23, "00000102"}));
    EXPECT_EQ(encode(std::numeric_limits<std::int64_t>::min()), (encoded{20, "8000000000000000"}));
    EXPECT_EQ(encode(1.5), (encoded{701, "3ff8000000000000"}));
    EXPECT_EQ(encode("añ"), (encoded{25, "61c3b1"}));
    EXPECT_EQ(encode(std::string("")), (encoded{25, ""}));
    EXPECT_EQ(encode(json_text{"{}"}), (encoded{114, "7b7d"}));
    EXPECT_EQ(encode(jsonb_text{"{}"}), (encoded{3802, "017b7d"}));
    const std::array<std::uint8_t, 2> raw{0, 255};
    EXPECT_EQ(encode(byte_view(raw)), (encoded{17, "00ff"}));
}

TEST(params, an_id_goes_as_a_uuid) {
    const auto id = restaurant_id::parse("0190a5c0-1234-7abc-8def-0123456789ab");
    EXPECT_EQ(encode(*id), (encoded{2950, "0190a5c012347abc8def0123456789ab"}));
}

TEST(params, times_count_from_2000) {
    EXPECT_EQ(encode(from_civil(2000, 1, 2)), (encoded{1082, "00000001"}));
    EXPECT_EQ(encode(from_civil(1999, 12, 31)), (encoded{1082, "ffffffff"}));
    EXPECT_EQ(encode(instant{946684800000 + 1}), (encoded{1184, "00000000000003e8"}));
    EXPECT_EQ(encode(instant{946684800000 - 1}), (encoded{1184, "fffffffffffffc18"}));
}

TEST(params, a_range_is_half_open_and_may_be_empty) {
    const instant from{946684800000};
    EXPECT_EQ(encode(time_range{from, from.plus_ms(1)}), (encoded{3910,
                                                                  "02"
                                                                  "00000008"
                                                                  "0000000000000000"
                                                                  "00000008"
                                                                  "00000000000003e8"}));
    EXPECT_EQ(encode(time_range{from, from}), (encoded{3910, "01"}));
}

TEST(params, an_empty_optional_is_a_typed_null) {
    params p;
    p.add(std::optional<instant>{}).add(std::optional<std::string>("x")).add_null(pg_type::jsonb);
    EXPECT_TRUE(p.is_null(0));
    EXPECT_EQ(p.type(0), pg_type::timestamptz);
    EXPECT_FALSE(p.is_null(1));
    EXPECT_EQ(p.value(1), "x");
    EXPECT_TRUE(p.is_null(2));
    EXPECT_EQ(p.type(2), pg_type::jsonb);
}

TEST(params, arrays) {
    params p;
    p.add_array(std::vector<std::int32_t>{1, 2});
    EXPECT_EQ(p.type(0), pg_type::int4_array);
    EXPECT_EQ(hex(p.value(0)),
              "00000001"
              "00000000"
              "00000017"
              "00000002"
              "00000001"
              "00000004"
              "00000001"
              "00000004"
              "00000002");
}

TEST(params, an_array_with_null_elements) {
    params p;
    p.add_array(std::vector<std::optional<std::string>>{"a", std::nullopt, ""});
    EXPECT_EQ(p.type(0), pg_type::text_array);
    EXPECT_EQ(hex(p.value(0)),
              "00000001"
              "00000001"
              "00000019"
              "00000003"
              "00000001"
              "00000001"
              "61"
              "ffffffff"
              "00000000");
}

TEST(params, an_empty_array_has_no_dimension) {
    params p;
    p.add_array(std::vector<bool>{}).add(std::int16_t{1});
    EXPECT_EQ(hex(p.value(0)),
              "00000000"
              "00000000"
              "00000010");
    EXPECT_EQ(hex(p.value(1)), "0001");
}

TEST(params, an_array_of_what_a_projection_makes) {
    struct seating {
        std::string label;
        std::optional<std::int64_t> guests;
    };
    const std::array<seating, 2> rows{{{"T1", 4}, {"T2", std::nullopt}}};
    params p;
    p.add_array(rows, &seating::label).add_array(rows, [](const seating& s) { return s.guests; });
    EXPECT_EQ(p.type(0), pg_type::text_array);
    EXPECT_EQ(p.type(1), pg_type::int8_array);
    EXPECT_EQ(hex(p.value(1)),
              "00000001"
              "00000001"
              "00000014"
              "00000002"
              "00000001"
              "00000008"
              "0000000000000004"
              "ffffffff");
}

TEST(params, the_view_points_at_every_value) {
    params p;
    p.add(std::int32_t{7}).add(std::optional<bool>{}).add("text");
    params::view view;
    p.fill(view);
    ASSERT_EQ(view.values.size(), 3U);
    EXPECT_EQ(view.types, (std::vector<oid>{23, 16, 25}));
    EXPECT_EQ(view.lengths, (std::vector<int>{4, 0, 4}));
    EXPECT_EQ(view.formats, (std::vector<int>{1, 1, 1}));
    EXPECT_EQ(view.values[1], nullptr);
    EXPECT_EQ(std::string_view(view.values[2], 4), "text");
    p.clear();
    EXPECT_EQ(p.count(), 0);
    EXPECT_EQ(p.bytes(), 0U);
}

}  // namespace params_test
}  // namespace qtable::storage
