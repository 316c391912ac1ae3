// The binary forms of values, as a real server reads and writes them.
#include <array>

#include "tests/integration/storage/server.hpp"

namespace qtable::storage {
namespace {

class values_test : public testing::database_test {};

TEST_F(values_test, every_type_goes_and_comes_back) {
    const auto connection = connect();
    const uuid id = *parse_uuid("0190a5c0-1234-7abc-8def-0123456789ab");
    const std::array<std::uint8_t, 3> raw{0, 127, 255};
    const instant at{1763827200123};
    const time_range range{at, at.plus_minutes(90)};
    params p;
    p.add(true)
        .add(std::int16_t{-3})
        .add(std::int32_t{70000})
        .add(std::int64_t{1} << 40)
        .add(0.1)
        .add("añ\t'")
        .add(id);
    p.add(from_civil(2026, 11, 22))
        .add(at)
        .add(byte_view(raw))
        .add(json_text{"[1]"})
        .add(jsonb_text{"{\"a\": 1}"});
    p.add(range).add(std::optional<instant>{});
    static constexpr statement echo{"echo",
                                    "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14"};
    const unit_result answer = run(*connection, one(echo, std::move(p)));
    ASSERT_TRUE(answer.committed()) << answer.failure.message;
    const row r = answer.results[0][0];
    EXPECT_EQ(r.get<bool>(0), true);
    EXPECT_EQ(r.get<std::int16_t>(1), -3);
    EXPECT_EQ(r.get<std::int32_t>(2), 70000);
    EXPECT_EQ(r.get<std::int64_t>(3), std::int64_t{1} << 40);
    EXPECT_EQ(r.get<double>(4), 0.1);
    EXPECT_EQ(r.get<std::string>(5), "añ\t'");
    EXPECT_EQ(r.get<uuid>(6), id);
    EXPECT_EQ(r.get<date>(7), from_civil(2026, 11, 22));
    EXPECT_EQ(r.get<instant>(8), at);
    EXPECT_TRUE(std::equal(raw.begin(), raw.end(), r.get<byte_view>(9).begin()));
    EXPECT_EQ(r.get<std::string_view>(10), "[1]");
    EXPECT_EQ(r.get<std::string_view>(11), "{\"a\": 1}");
    EXPECT_EQ(r.get<time_range>(12), range);
    EXPECT_EQ(r.get<std::optional<instant>>(13), std::nullopt);
}

// The server reads our binary as we mean it: compared with literals on its side.
TEST_F(values_test, the_server_reads_what_we_mean) {
    const auto connection = connect();
    params p;
    p.add(parse_date("1969-07-20").value()).add(parse_rfc3339("1969-07-20T20:17:40.123Z").value());
    p.add(time_range{parse_rfc3339("2026-11-22T19:30:00+05:45").value(),
                     parse_rfc3339("2026-11-22T21:00:00+05:45").value()});
    static constexpr statement compare{
        "compare",
        "SELECT $1 = '1969-07-20'::date, $2 = '1969-07-20 20:17:40.123+00'::timestamptz,"
        " $3 = tstzrange('2026-11-22 13:45+00', '2026-11-22 15:15+00', '[)')"};
    const unit_result answer = run(*connection, one(compare, std::move(p)));
    ASSERT_TRUE(answer.committed()) << answer.failure.message;
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(answer.results[0][0].get<bool>(i)) << i;
}

TEST_F(values_test, arrays_unnest_into_rows) {
    control.exec(
        "CREATE TABLE line (n int, id uuid, note text, big bigint, small smallint, at timestamptz, day date,"
        " during tstzrange, ratio float8, ok bool, raw bytea, doc jsonb)");
    const auto connection = connect();
    struct line {
        std::int32_t n;
        uuid id;
        std::optional<std::string> note;
        instant at;
    };
    std::vector<line> lines;
    for (int i = 0; i < 1000; ++i) {
        const auto note = i % 3 == 0 ? std::nullopt : std::optional("note " + std::to_string(i));
        lines.push_back({i, make_uuid_v7(i, {std::uint8_t(i)}), note, {1763827200000 + i}});
    }
    const std::vector<std::uint8_t> raw{9, 0};
    params p;
    p.add_array(lines, &line::n).add_array(lines, &line::id).add_array(lines, &line::note);
    p.add_array(lines, [](const line& l) { return std::int64_t{l.n} << 33; });
    p.add_array(lines, [](const line& l) { return static_cast<std::int16_t>(-l.n); });
    p.add_array(lines, &line::at).add_array(lines, [](const line& l) { return date{l.n}; });
    p.add_array(lines, [](const line& l) { return time_range{l.at, l.at.plus_minutes(90)}; });
    p.add_array(lines, [](const line& l) { return l.n / 8.0; }).add_array(lines, [](const line& l) {
        return l.n % 2 == 0;
    });
    p.add_array(lines, [&](const line&) { return byte_view(raw); });
    p.add_array(lines, [](const line&) { return jsonb_text{"{}"}; });
    static constexpr statement insert{"insert_lines",
                                      "INSERT INTO line SELECT * FROM unnest($1::int[], $2::uuid[], "
                                      "$3::text[], $4::bigint[], $5::smallint[],"
                                      " $6::timestamptz[], $7::date[], $8::tstzrange[], $9::float8[], "
                                      "$10::bool[], $11::bytea[], $12::jsonb[])"};
    unit work = one(insert, std::move(p));
    static constexpr statement check{
        "check_lines",
        "SELECT count(*), count(note), bool_and(big = n::bigint << 33 AND small = -n AND day = "
        "'1970-01-01'::date + n AND"
        " upper(during) = at + interval '90 min' AND ratio = n / 8.0 AND ok = (n % 2 = 0) AND raw = "
        "'\\x0900' AND doc = '{}'),"
        " array_agg(n ORDER BY n), array_agg(id ORDER BY n), array_agg(note ORDER BY n) FROM line"};
    work.add(check);
    const unit_result answer = run(*connection, std::move(work));
    ASSERT_TRUE(answer.committed()) << answer.failure.message;
    EXPECT_EQ(answer.results[0].affected(), 1000);
    const row r = answer.results[1][0];
    EXPECT_EQ(r.get<std::int64_t>(0), 1000);
    EXPECT_EQ(r.get<std::int64_t>(1), 666);
    EXPECT_TRUE(r.get<bool>(2));
    EXPECT_EQ(r.get<std::vector<std::int32_t>>(3)[999], 999);
    EXPECT_EQ(r.get<std::vector<uuid>>(4)[7], lines[7].id);
    const auto notes = r.get<std::vector<std::optional<std::string>>>(5);
    EXPECT_EQ(notes[0], std::nullopt);
    EXPECT_EQ(notes[1], "note 1");
}

}  // namespace
}  // namespace qtable::storage
