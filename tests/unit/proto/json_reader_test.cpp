#include "proto/json_reader.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "core/base/limits.hpp"

namespace qtable::proto {
namespace json_reader_test {

class reading {
  public:
    explicit reading(std::string body) : body_(std::move(body)), root_(parse_json(body_, scratch_, errors)) {}
    object_reader reader() { return {*root_, errors}; }
    bool parsed() const { return root_ != nullptr; }

    input_errors errors;

  private:
    std::string body_;
    json_scratch scratch_;
    const json_value* root_;
};

// The one error of reading member "v".
template <class Read>
std::string error_of(std::string value, Read read) {
    reading r("{\"v\":" + std::move(value) + "}");
    if (!r.parsed()) return "not parsed";
    object_reader in = r.reader();
    read(in);
    in.finish();
    if (r.errors.none()) return "";
    EXPECT_EQ(r.errors.code, errc::invalid_input);
    EXPECT_EQ(r.errors.errors.size(), 1U);
    EXPECT_EQ(r.errors.errors[0].pointer, "/v");
    return r.errors.errors[0].detail;
}

std::string integer_error(std::string value) {
    return error_of(std::move(value), [](object_reader& in) { in.integer("v", {1, 100}); });
}

std::string text_error_of(std::string value, text_rule rule = {0, 10}) {
    return error_of(std::move(value), [&](object_reader& in) { in.text("v", rule); });
}

TEST(json_reader, party_sizes_are_integers_in_range) {
    EXPECT_EQ(integer_error("1"), "");
    EXPECT_EQ(integer_error("100"), "");
    for (const char* bad : {"0", "-1", "101", "2147483648", "4294967300", "9223372036854775808",
                            "18446744073709551620", "99999999999999999999999999"}) {
        EXPECT_EQ(integer_error(bad), "must be from 1 to 100") << bad;
    }
    for (const char* bad : {"1.5", "\"4\"", "true", "[4]", "{}", "1e400", "4e0", "4.0", "\"\""}) {
        EXPECT_EQ(integer_error(bad), "must be an integer") << bad;
    }
    EXPECT_EQ(integer_error("null"), "must not be null");
    EXPECT_EQ(integer_error("NaN"), "not parsed");
}

TEST(json_reader, numbers_are_finite_and_in_range) {
    const auto error = [](std::string value) {
        return error_of(std::move(value), [](object_reader& in) { in.number("v", {-90, 90}); });
    };
    for (const char* good : {"0", "90", "-90", "55.676098", "1e1", "-0.0"})
        EXPECT_EQ(error(good), "") << good;
    for (const char* bad : {"90.0000001", "-91", "1e400", "-1e400", "1e9"}) {
        EXPECT_EQ(error(bad), "must be from -90 to 90") << bad;
    }
    for (const char* bad : {"\"1\"", "true", "[]"}) EXPECT_EQ(error(bad), "must be a number") << bad;
    EXPECT_EQ(error("1e99999999999"), "not parsed");  // its place is told by the parser
}

TEST(json_reader, numbers_are_the_nearest_double) {
    for (const char* text :
         {"55.676098", "12.568337", "0.1", "-179.99999999999997", "2.2250738585072014e-308"}) {
        reading r(std::string("{\"v\":") + text + "}");
        EXPECT_EQ(*r.reader().number("v", {-180, 180}), std::stod(text)) << text;
    }
}

TEST(json_reader, negative_zero_is_zero) {
    reading r(R"({"v":-0.0})");
    EXPECT_FALSE(std::signbit(*r.reader().number("v", {-1, 1})));
}

TEST(json_reader, texts_are_bounded_in_code_points) {
    EXPECT_EQ(text_error_of("\"0123456789\""), "");
    EXPECT_EQ(text_error_of("\"ååååååååå😀\""), "");
    EXPECT_EQ(text_error_of("\"01234567890\""), "must have at most 10 characters");
    EXPECT_EQ(text_error_of("\"ååååååååå😀x\""), "must have at most 10 characters");
    EXPECT_EQ(text_error_of("\"\"", {1, 10}), "must not be empty");
    EXPECT_EQ(text_error_of("\"abc\"", {8, 10}), "must have at least 8 characters");
    EXPECT_EQ(text_error_of("7"), "must be a string");
}

TEST(json_reader, refuses_control_and_direction_characters) {
    const std::string detail = "must not contain control or text-direction characters";
    for (const char* bad :
         {"\\u0000", "\\u0001", "\\u001f", "\\n", "\\t", "\\u007f", "\\u0080", "\\u009f", "\\u202a",
          "\\u202b", "\\u202c", "\\u202d", "\\u202e", "\\u2066", "\\u2069", "\u202e", "\u0085"}) {
        EXPECT_EQ(text_error_of("\"a" + std::string(bad) + "b\""), detail) << bad;
    }
    for (const char* good : {"\\u0020", "\\u00a0", "\\u2029", "\\u202f", "\\u2065", "\\u206a", "\\u200f",
                             "\\ufeff", "é", "\\ud83d\\ude00"}) {
        EXPECT_EQ(text_error_of("\"a" + std::string(good) + "b\""), "") << good;
    }
}

TEST(json_reader, dates_are_real_days) {
    const auto error = [](std::string value) {
        return error_of(std::move(value), [](object_reader& in) { in.calendar_date("v"); });
    };
    for (const char* good : {"\"2028-02-29\"", "\"2026-12-31\"", "\"9999-12-31\""})
        EXPECT_EQ(error(good), "") << good;
    for (const char* bad :
         {"\"2027-02-29\"", "\"1900-02-29\"", "\"2026-02-30\"", "\"2026-13-01\"", "\"2026-00-10\"",
          "\"2026-04-31\"", "\"0000-01-01\"", "\"2026-1-1\"", "\"2026-01-01T00:00\"", "\" 2026-01-01\"",
          "\"\"", "20260101", "true", "\"2026/01/01\""}) {
        EXPECT_EQ(error(bad), "must be a date as YYYY-MM-DD") << bad;
    }
}

TEST(json_reader, times_are_hours_and_minutes) {
    const auto error = [](std::string value) {
        return error_of(std::move(value), [](object_reader& in) { in.time_of_day("v"); });
    };
    for (const char* good : {"\"00:00\"", "\"23:59\""}) EXPECT_EQ(error(good), "") << good;
    for (const char* bad :
         {"\"24:00\"", "\"19:60\"", "\"7:30\"", "\"19:30:00\"", "\"19.30\"", "\"\"", "1930"}) {
        EXPECT_EQ(error(bad), "must be a time as HH:MM") << bad;
    }
}

TEST(json_reader, an_id_that_is_none_reads_as_nil) {
    reading r(R"({"a":"nonsense","b":"0190A5C0-0000-7000-8000-000000000001","c":5,"d":null})");
    object_reader in = r.reader();
    EXPECT_TRUE(in.identifier<restaurant_id>("a")->is_nil());
    EXPECT_EQ(to_string(*in.identifier<restaurant_id>("b")), "0190a5c0-0000-7000-8000-000000000001");
    EXPECT_TRUE(r.errors.none());
    EXPECT_TRUE(in.identifier<restaurant_id>("c").is_absent());
    EXPECT_TRUE(in.identifier<restaurant_id>("d", presence::nullable).is_null());
    ASSERT_EQ(r.errors.errors.size(), 1U);
    EXPECT_EQ(r.errors.errors[0], (field_error{"/c", "must be an id"}));
}

TEST(json_reader, tells_absent_null_and_value_apart) {
    reading r(R"({"null":null,"value":"x"})");
    object_reader in = r.reader();
    EXPECT_TRUE(in.text("absent", {0, 9}, presence::nullable).is_absent());
    EXPECT_TRUE(in.text("null", {0, 9}, presence::nullable).is_null());
    EXPECT_EQ(*in.text("value", {0, 9}, presence::nullable), "x");
    EXPECT_TRUE(r.errors.none());
    EXPECT_TRUE(in.text("null", {0, 9}, presence::optional).is_absent());
    EXPECT_TRUE(in.text("absent", {0, 9}).is_absent());
    ASSERT_EQ(r.errors.errors.size(), 2U);
    EXPECT_EQ(r.errors.errors[0], (field_error{"/null", "must not be null"}));
    EXPECT_EQ(r.errors.errors[1], (field_error{"/absent", "is required"}));
}

TEST(json_reader, reports_members_that_nobody_asked_for) {
    reading r(R"({"a":1,"b/~":2,"c":3})");
    object_reader in = r.reader();
    in.integer("a", {0, 9});
    in.finish();
    ASSERT_EQ(r.errors.errors.size(), 2U);
    EXPECT_EQ(r.errors.errors[0], (field_error{"/b~1~0", "is not a member of this request"}));
    EXPECT_EQ(r.errors.errors[1].pointer, "/c");
}

TEST(json_reader, the_body_must_be_an_object) {
    for (const char* body : {"[]", "1", "\"x\"", "null", "true"}) {
        reading r{std::string(body)};
        object_reader in = r.reader();
        EXPECT_TRUE(in.integer("a", {0, 9}).is_absent());
        in.finish();
        EXPECT_EQ(r.errors.code, errc::invalid_input);
        ASSERT_EQ(r.errors.errors.size(), 1U) << body;
        EXPECT_EQ(r.errors.errors[0], (field_error{"", "must be an object"}));
    }
}

TEST(json_reader, arrays_objects_and_booleans) {
    reading r(R"({"a":[1,2],"o":{},"t":true,"n":1})");
    object_reader in = r.reader();
    EXPECT_NE(in.array("a", 1, 2), nullptr);
    EXPECT_NE(in.object("o"), nullptr);
    EXPECT_TRUE(*in.boolean("t"));
    EXPECT_TRUE(r.errors.none());
    EXPECT_EQ(in.array("a", 3, 4), nullptr);
    EXPECT_EQ(in.array("n", 0, 4), nullptr);
    EXPECT_EQ(in.object("n"), nullptr);
    EXPECT_TRUE(in.boolean("n").is_absent());
    EXPECT_EQ(r.errors.errors.size(), 4U);
}

TEST(json_reader, bounds_what_it_reports) {
    std::string body = "{";
    for (int i = 0; i < 500; ++i) body += "\"" + std::string(300, 'x') + std::to_string(i) + "\":0,";
    body.back() = '}';
    reading r(body);
    r.reader().finish();
    EXPECT_EQ(r.errors.errors.size(), limits::input_errors_max);
    for (const field_error& error : r.errors.errors)
        EXPECT_EQ(error.pointer.size(), limits::error_pointer_bytes);
}

TEST(json_reader, cuts_pointers_between_code_points) {
    reading r("{\"x" + std::string(150, 'y') + "\xC3\xA5" + std::string(47, 'z') + "\xC3\xA5\":0}");
    r.reader().finish();
    EXPECT_TRUE(is_valid_utf8(r.errors.errors.at(0).pointer));
    EXPECT_EQ(r.errors.errors[0].pointer.back(), 'z');
}

}  // namespace json_reader_test
}  // namespace qtable::proto
