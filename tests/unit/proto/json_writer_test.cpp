#include "proto/json_writer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "proto/json_document.hpp"

namespace qtable::proto {
namespace json_writer_test {

template <class Write>
std::string written(Write write) {
    std::string out = "before:";
    json_writer json(out);
    write(json);
    return out.substr(7);
}

TEST(json_writer, puts_commas_and_colons) {
    const std::string out = written([](json_writer& json) {
        json.begin_object()
            .key("a")
            .integer(1)
            .key("b")
            .begin_array()
            .null()
            .boolean(true)
            .begin_object()
            .end_object();
        json.begin_array().end_array().end_array().key("c").begin_object().key("d").text("x").end_object();
        json.members(R"("e":1,"f":2)").key("g").begin_value() += "{}";
        json.key("h").boolean(false).end_object();
    });
    EXPECT_EQ(out, R"({"a":1,"b":[null,true,{},[]],"c":{"d":"x"},"e":1,"f":2,"g":{},"h":false})");
}

TEST(json_writer, escapes_what_json_wants_escaped_and_nothing_else) {
    const auto quoted = [](std::string_view text) {
        return written([&](json_writer& json) { json.text(text); });
    };
    EXPECT_EQ(quoted(""), R"("")");
    EXPECT_EQ(quoted("plain / text"), R"("plain / text")");
    EXPECT_EQ(quoted("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
    EXPECT_EQ(quoted(std::string_view("a\0b\x1f", 4)), R"("a\u0000b\u001f")");
    EXPECT_EQ(quoted("åß寿司😀\x7f"), "\"åß寿司😀\x7f\"");
}

TEST(json_writer, any_unicode_comes_back_byte_for_byte) {
    json_scratch scratch;
    input_errors errors;
    for (std::uint32_t point = 0; point <= 0x10FFFF; point += point < 0x3000 ? 1 : 61) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        std::string text = "<";
        const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80 | (point >> shift & 0x3F)); };
        if (point < 0x80) {
            text += static_cast<char>(point);
        } else if (point < 0x800) {
            text += static_cast<char>(0xC0 | point >> 6);
            tail(0);
        } else if (point < 0x10000) {
            text += static_cast<char>(0xE0 | point >> 12);
            tail(6), tail(0);
        } else {
            text += static_cast<char>(0xF0 | point >> 18);
            tail(12), tail(6), tail(0);
        }
        text += '>';
        std::string body;
        append_json_string(body, text);
        const json_value* root = parse_json(body, scratch, errors);
        ASSERT_NE(root, nullptr) << point;
        ASSERT_EQ(root->text, text) << point;
    }
}

TEST(json_writer, integers) {
    EXPECT_EQ(written([](json_writer& json) { json.integer(std::numeric_limits<std::int64_t>::min()); }),
              "-9223372036854775808");
    EXPECT_EQ(written([](json_writer& json) { json.integer(0); }), "0");
}

TEST(json_writer, numbers_are_the_shortest_that_read_back) {
    const auto number = [](double value) { return written([&](json_writer& json) { json.number(value); }); };
    EXPECT_EQ(number(0), "0");
    EXPECT_EQ(number(-0.0), "0");
    EXPECT_EQ(number(55.676098), "55.676098");
    EXPECT_EQ(number(-179.99999999999997), "-179.99999999999997");
    EXPECT_EQ(number(0.1 + 0.2), "0.30000000000000004");
    EXPECT_EQ(number(1e22), "1e+22");
}

TEST(json_writer, distances_have_three_decimals) {
    const auto number = [](double value) {
        return written([&](json_writer& json) { json.decimals3(value); });
    };
    EXPECT_EQ(number(0), "0.000");
    EXPECT_EQ(number(0.0004), "0.000");
    EXPECT_EQ(number(0.0006), "0.001");
    EXPECT_EQ(number(1.2345), "1.235");
    EXPECT_EQ(number(99.9996), "100.000");
    EXPECT_EQ(number(12.05), "12.050");
    EXPECT_EQ(number(-1.5), "-1.500");
    EXPECT_EQ(number(-0.5), "-0.500");
}

TEST(json_writer, never_writes_what_json_does_not_have) {
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_DEATH(written([&](json_writer& json) { json.number(infinity); }), "assertion failed");
    EXPECT_DEATH(written([&](json_writer& json) { json.number(std::nan("")); }), "assertion failed");
    EXPECT_DEATH(written([&](json_writer& json) { json.decimals3(-infinity); }), "assertion failed");
}

TEST(json_writer, times_and_ids) {
    const instant at = *parse_rfc3339("2026-07-01T17:30:00.250Z");
    const uuid id = *parse_uuid("0190a5c0-0000-7000-8000-00000000000a");
    const std::string out = written([&](json_writer& json) {
        json.begin_array().day(*parse_date("2026-07-01")).wall_time(19 * 60 + 5).wall_time(1440 + 30).utc(at);
        json.local(at, 7200).local(at, zone::utc()).id(id).end_array();
    });
    EXPECT_EQ(out, R"(["2026-07-01","19:05","00:30","2026-07-01T17:30:00.250Z","2026-07-01T19:30:00+02:00",)"
                   R"("2026-07-01T17:30:00+00:00","0190a5c0-0000-7000-8000-00000000000a"])");
}

}  // namespace json_writer_test
}  // namespace qtable::proto
