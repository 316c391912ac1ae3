#include "proto/json_document.hpp"

#include <gtest/gtest.h>

#include <string>

namespace qtable::proto {
namespace json_document_test {

struct parsing {
    json_scratch scratch;
    input_errors errors;
    const json_value* root = nullptr;

    explicit parsing(std::string_view body) : root(parse_json(body, scratch, errors)) {}
};

errc code_of(std::string_view body) {
    return parsing(body).errors.code;
}

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

std::string text_in(std::string_view body) {
    const parsing p(body);
    return p.root == nullptr ? "(not parsed)" : std::string(p.root->text);
}

TEST(json_document, takes_every_kind_of_value) {
    const parsing p(R"( {"a":null,"b":true,"c":-1.5e2,"d":"x","e":[1,[]],"f":{}} )");
    ASSERT_NE(p.root, nullptr);
    EXPECT_EQ(p.root->size, 6U);
    EXPECT_EQ(p.root->find("a")->kind, json_kind::null);
    EXPECT_TRUE(p.root->find("b")->boolean);
    EXPECT_EQ(p.root->find("c")->text, "-1.5e2");
    EXPECT_EQ(p.root->find("d")->text, "x");
    EXPECT_EQ(p.root->find("e")->first->text, "1");
    EXPECT_EQ(p.root->find("e")->first->next->kind, json_kind::array);
    EXPECT_EQ(p.root->find("f")->kind, json_kind::object);
    EXPECT_EQ(p.root->find("g"), nullptr);
}

TEST(json_document, refuses_what_is_not_json) {
    const std::string_view bad[] = {"{",
                                    "}",
                                    "{\"a\":}",
                                    "{\"a\":1,}",
                                    "[1,]",
                                    "{a:1}",
                                    "{'a':1}",
                                    "nul",
                                    "tru",
                                    "01",
                                    "+1",
                                    ".5",
                                    "1.",
                                    "1e",
                                    "-",
                                    "0x10",
                                    "\"abc",
                                    "\"\\x\"",
                                    "\"\\u12\"",
                                    "// c\n{}",
                                    "{}/* c */",
                                    " ",
                                    "\n",
                                    "nan",
                                    "[1 2]",
                                    "{\"a\" 1}",
                                    "\"a\nb\"",
                                    "\"a\tb\"",
                                    std::string_view("\"a\0b\"", 5)};
    for (const std::string_view body : bad) EXPECT_EQ(code_of(body), errc::malformed_json) << body;
}

TEST(json_document, numbers_that_are_none_are_invalid_input) {
    for (const std::string_view body :
         {"NaN", "Infinity", "-Infinity", "{\"a\":NaN}", "{\"a\":-Infinity}", "[1, NaN]"}) {
        EXPECT_EQ(code_of(body), errc::invalid_input) << body;
    }
}

TEST(json_document, refuses_trailing_junk) {
    for (const std::string_view body : {"{}x", "{}{}", "{},", "1 1", "null null", "{} ]"}) {
        EXPECT_EQ(code_of(body), errc::malformed_json) << body;
    }
    EXPECT_EQ(code_of(std::string_view("{}\0", 3)), errc::malformed_json);
    EXPECT_EQ(code_of("{} \r\n\t"), errc::ok);
}

TEST(json_document, refuses_other_encodings) {
    EXPECT_EQ(code_of("\xEF\xBB\xBF{}"), errc::malformed_json);                       // BOM
    EXPECT_EQ(code_of(std::string_view("\xFF\xFE{\0}\0", 6)), errc::malformed_json);  // UTF-16 with BOM
    EXPECT_EQ(code_of(std::string_view("{\0}\0", 4)), errc::malformed_json);          // UTF-16LE
    EXPECT_EQ(code_of(std::string_view("\0{\0}", 4)), errc::malformed_json);          // UTF-16BE
}

TEST(json_document, refuses_invalid_utf8) {
    const std::string_view bad[] = {
        "\x80",         "\xC0\x80",         "\xC1\xBF",         "\xE0\x80\x80",         "\xED\xA0\x80",
        "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xE2\x82",
        "\xFF"};
    for (const std::string_view bytes : bad) {
        EXPECT_EQ(code_of("\"" + std::string(bytes) + "\""), errc::malformed_json);
        EXPECT_EQ(code_of("{\"" + std::string(bytes) + "\":1}"), errc::malformed_json);
    }
}

TEST(json_document, refuses_lone_surrogates) {
    for (const std::string_view text :
         {R"("\uD800")", R"("\uDC00")", R"("\uD800x")", R"("\uD800\u0041")", R"("\uD800\uD800")",
          R"("\uDFFF\uD800")", R"({"\uD83D":1})", R"("\uD83D\n")"}) {
        EXPECT_EQ(code_of(text), errc::malformed_json) << text;
    }
    EXPECT_EQ(text_in(R"("\uD83D\uDE00")"), "😀");
}

TEST(json_document, bounds_the_depth) {
    EXPECT_EQ(code_of(nested(32)), errc::ok);
    EXPECT_EQ(code_of(nested(33)), errc::malformed_json);
    EXPECT_EQ(code_of(nested(30'000)), errc::malformed_json);
    std::string objects;
    for (int i = 0; i < 33; ++i) objects += "{\"a\":";
    EXPECT_EQ(code_of(objects + "1" + std::string(33, '}')), errc::malformed_json);
}

TEST(json_document, refuses_duplicate_keys_at_any_depth) {
    EXPECT_EQ(code_of(R"({"a":1,"a":1})"), errc::duplicate_key);
    EXPECT_EQ(code_of(R"({"a":1,"b":2,"\u0061":1})"), errc::duplicate_key);
    EXPECT_EQ(code_of(R"([[{"x":{"a":1,"a":2}}]])"), errc::duplicate_key);
    EXPECT_EQ(code_of(R"({"":1,"":2})"), errc::duplicate_key);
    EXPECT_EQ(code_of(R"({"a":{"a":1},"b":{"a":1}})"), errc::ok);
    EXPECT_EQ(code_of(R"({"a":1,"A":1})"), errc::ok);
    EXPECT_EQ(code_of(R"({"a":1,"a":1)"), errc::malformed_json);
}

TEST(json_document, finds_duplicates_among_thousands_of_members) {
    std::string body = "{";
    for (int i = 0; i < 5000; ++i) body += "\"k" + std::to_string(i) + "\":1,";
    EXPECT_EQ(code_of(body + "\"last\":1}"), errc::ok);
    EXPECT_EQ(code_of(body + "\"k17\":1}"), errc::duplicate_key);
}

TEST(json_document, tells_an_empty_body) {
    EXPECT_EQ(code_of(""), errc::empty_body);
}

TEST(json_document, keeps_text_byte_for_byte) {
    EXPECT_EQ(text_in(R"("Zoë’s 寿司 🍣 é \u00e9")"), "Zoë’s 寿司 🍣 é é");
    EXPECT_EQ(text_in(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(text_in(R"("\u0000")"), std::string(1, '\0'));
    const std::string long_text(5000, 'x');
    EXPECT_EQ(text_in("\"\\u0041" + long_text + "\\n" + long_text + "\""),
              "A" + long_text + "\n" + long_text);
}

TEST(json_document, keeps_numbers_as_written) {
    for (const std::string_view text :
         {"0", "-0", "123", "-9223372036854775808", "9223372036854775808", "18446744073709551616", "1.5",
          "1e400", "-1E+5", "0.1e-3", "55.676098"}) {
        const std::string body = "[" + std::string(text) + "]";
        const parsing p(body);
        ASSERT_NE(p.root, nullptr) << text;
        EXPECT_EQ(p.root->first->text, text);
    }
}

TEST(json_document, takes_numbers_of_any_length) {
    EXPECT_EQ(code_of("[" + std::string(20'000, '9') + "]"), errc::ok);
    EXPECT_EQ(code_of("[0." + std::string(20'000, '1') + "]"), errc::ok);
}

TEST(json_document, an_exponent_beyond_everything_is_invalid_at_its_place) {
    const parsing p(R"({"a":[true,{"b/c":1e99999999999}]})");
    EXPECT_EQ(p.root, nullptr);
    EXPECT_EQ(p.errors.code, errc::invalid_input);
    ASSERT_EQ(p.errors.errors.size(), 1U);
    EXPECT_EQ(p.errors.errors[0].pointer, "/a/1/b~1c");
}

TEST(json_document, a_scratch_serves_one_body_after_another) {
    json_scratch scratch;
    input_errors errors;
    for (int i = 0; i < 1000; ++i) {
        const json_value* root = parse_json(R"({"a":[1,2,3],"b":"\u0041bc"})", scratch, errors);
        ASSERT_NE(root, nullptr);
        ASSERT_EQ(root->find("b")->text, "Abc");
    }
}

}  // namespace json_document_test
}  // namespace qtable::proto
