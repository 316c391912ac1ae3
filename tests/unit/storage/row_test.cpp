#include "storage/pg/row.hpp"

#include <gtest/gtest.h>

#include "tests/unit/storage/made_rows.hpp"

namespace qtable::storage {
namespace row_test {

using testing::one_row;

template <class T>
void comes_back(const T& value) {
    params p;
    p.add(value);
    EXPECT_EQ(one_row(p)[0].get<T>(0), value);
}

TEST(row, scalars_come_back) {
    comes_back(true);
    comes_back(std::int16_t{-32768});
    comes_back(std::int32_t{-2147483647});
    comes_back(std::int64_t{-9007199254740993});
    comes_back(-0.1);
    comes_back(std::string("añ\n"));
    comes_back(from_civil(1999, 12, 31));
    comes_back(from_civil(2400, 2, 29));
    comes_back(instant{-1});
    comes_back(instant{1763827200123});
    comes_back(time_range{{1763827200000}, {1763827200001}});
    comes_back(*reservation_id::parse("0190a5c0-1234-7abc-8def-0123456789ab"));
}

TEST(row, integers_widen) {
    params p;
    p.add(std::int16_t{-5}).add(std::int32_t{-6});
    const rows made = one_row(p);
    EXPECT_EQ(made[0].get<std::int32_t>(0), -5);
    EXPECT_EQ(made[0].get<std::int64_t>(0), -5);
    EXPECT_EQ(made[0].get<std::int64_t>(1), -6);
}

TEST(row, null_is_an_empty_optional) {
    params p;
    p.add(std::optional<instant>{}).add(std::optional<std::string>("x"));
    const rows made = one_row(p);
    EXPECT_TRUE(made[0].is_null(0));
    EXPECT_EQ(made[0].get<std::optional<instant>>(0), std::nullopt);
    EXPECT_EQ(made[0].get<std::optional<std::string>>(1), "x");
}

TEST(row, json_and_bytes) {
    const std::vector<std::uint8_t> raw{0, 1, 255};
    params p;
    p.add(jsonb_text{"{\"a\":1}"}).add(json_text{"[]"}).add(byte_view(raw));
    const rows made = one_row(p);
    EXPECT_EQ(made[0].get<std::string_view>(0), "{\"a\":1}");
    EXPECT_EQ(made[0].get<std::string>(1), "[]");
    const byte_view bytes = made[0].get<byte_view>(2);
    EXPECT_EQ(std::vector<std::uint8_t>(bytes.begin(), bytes.end()), raw);
}

TEST(row, arrays_come_back) {
    const std::vector<std::int32_t> numbers{3, -1};
    const std::vector<std::optional<std::string>> texts{"", std::nullopt, "b"};
    const std::vector<uuid> ids{*parse_uuid("0190a5c0-1234-7abc-8def-0123456789ab")};
    params p;
    p.add_array(numbers).add_array(texts).add_array(ids).add_array(std::vector<instant>{});
    const rows made = one_row(p);
    EXPECT_EQ(made[0].get<std::vector<std::int32_t>>(0), numbers);
    EXPECT_EQ(made[0].get<std::vector<std::optional<std::string>>>(1), texts);
    EXPECT_EQ(made[0].get<std::vector<uuid>>(2), ids);
    EXPECT_TRUE(made[0].get<std::vector<instant>>(3).empty());
}

TEST(row, rows_move_and_may_be_empty) {
    rows none;
    EXPECT_TRUE(none.empty());
    EXPECT_EQ(none.affected(), 0);
    EXPECT_EQ(none.column("a"), -1);
    params p;
    p.add(true);
    rows made = one_row(p);
    none = std::move(made);
    EXPECT_EQ(none.size(), 1);
    EXPECT_EQ(none.column("column"), 0);
    int seen = 0;
    for (const row r : none) seen += r.get<bool>(0) ? 1 : 0;
    EXPECT_EQ(seen, 1);
}

TEST(row_death, a_wrong_type_or_an_unexpected_null_is_a_bug) {
    params p;
    p.add(std::int64_t{1}).add(std::optional<bool>{});
    const rows made = one_row(p);
    EXPECT_DEATH(made[0].get<std::int32_t>(0), "assertion failed");
    EXPECT_DEATH(made[0].get<bool>(1), "assertion failed");
    EXPECT_DEATH(made[0].get<bool>(2), "assertion failed");
    EXPECT_DEATH(made[1].get<std::int64_t>(0), "assertion failed");
}

}  // namespace row_test
}  // namespace qtable::storage
