// The bodies of the floor plan: tables, one or many, and combinations.
#include "proto/parse_tables.hpp"

#include <gtest/gtest.h>

namespace qtable::proto {
namespace parse_tables_test {

json_scratch scratch;

// The pointers in error, "" when there is none.
template <class T>
std::string wrong(const parsed<T>& body) {
    std::string pointers;
    if (body.has_value()) return pointers;
    for (const field_error& error : body.error().errors) {
        if (!pointers.empty()) pointers += ' ';
        pointers += error.pointer.empty() ? "(body)" : error.pointer;
    }
    return pointers.empty() ? std::string(wire_code(body.error().code)) : pointers;
}

TEST(parse_table, a_new_one) {
    const auto body = parse_table(
        R"({"label":"T1","capacity":4,"min_party":2,"section":"bar","x":1.5,"y":-2,"shape":"round","status":"dirty"})",
        scratch);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(body->label, "T1");
    EXPECT_EQ(body->capacity, 4);
    EXPECT_EQ(body->min_party, 2);
    EXPECT_EQ(body->section, "bar");
    EXPECT_EQ(body->x, 1.5);
    EXPECT_EQ(body->y, -2.0);
    EXPECT_EQ(body->shape, "round");
    EXPECT_EQ(body->status, table_status::dirty);
    EXPECT_EQ(parse_table(R"({"label":"T1","capacity":4})", scratch)->shape, "square");
    EXPECT_EQ(wrong(parse_table("{}", scratch)), "/label /capacity");
    EXPECT_EQ(wrong(parse_table(R"({"label":"T1","capacity":2,"min_party":3})", scratch)), "/min_party");
    EXPECT_EQ(wrong(parse_table(R"({"label":"T1","capacity":0,"x":1e400,"status":"occupied"})", scratch)),
              "/capacity /x /status");
    EXPECT_EQ(
        wrong(parse_table(R"({"label":" ","capacity":2,"status":"x","current_guest_id":null})", scratch)),
        "/label /status /current_guest_id");
}

TEST(parse_table, a_change) {
    const auto body =
        parse_table_change(R"({"section":null,"capacity":6,"status":"out_of_service"})", scratch);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(body->section, "");
    EXPECT_EQ(body->capacity, 6);
    EXPECT_EQ(body->status, table_status::out_of_service);
    EXPECT_FALSE(body->label || body->min_party || body->x || body->y || body->shape);
    EXPECT_EQ(wrong(parse_table_change(R"({"label":null,"capacity":2,"min_party":3,"id":1})", scratch)),
              "/label /min_party /id");
}

const table_id first = *table_id::parse("0190a5c0-0000-7000-8000-000000000004");
const table_id second = *table_id::parse("0190a5c0-0000-7000-8000-000000000005");

restaurant with_tables() {
    restaurant made;
    for (const table_id& id : {first, second}) {
        table each;
        each.id = id;
        each.label = id == first ? "T1" : "T2";
        each.capacity = 4;
        each.section = "bar";
        each.status = table_status::dirty;
        each.version = 3;
        made.tables.push_back(each);
    }
    return made;
}

TEST(parse_table_list, known_tables_keep_what_is_not_said) {
    const auto body = parse_table_list(
        R"({"tables":[{"id":"0190a5c0-0000-7000-8000-000000000004","capacity":6},{"label":"t2","x":2},)"
        R"({"label":"T3","capacity":2}]})",
        scratch, with_tables());
    ASSERT_TRUE(body.has_value()) << wrong(body);
    ASSERT_EQ(body->size(), 3U);
    EXPECT_EQ((*body)[0].label, "T1");
    EXPECT_EQ((*body)[0].capacity, 6);
    EXPECT_EQ((*body)[0].section, "bar");
    EXPECT_EQ((*body)[1].id, second);
    EXPECT_EQ((*body)[1].label, "t2");
    EXPECT_EQ((*body)[1].capacity, 4);
    EXPECT_TRUE((*body)[2].id.is_nil());
    EXPECT_EQ((*body)[2].section, "");
    EXPECT_TRUE(parse_table_list(R"({"tables":[]})", scratch, with_tables())->empty());
}

TEST(parse_table_list, what_is_refused) {
    const auto refused = [](std::string_view body) {
        return wrong(parse_table_list(body, scratch, with_tables()));
    };
    EXPECT_EQ(refused("{}"), "/tables");
    EXPECT_EQ(refused(R"({"tables":[{"label":"T9"}]})"), "/tables/0/capacity");
    EXPECT_EQ(refused(R"({"tables":[{"label":"T1"},{"label":" ","capacity":2}]})"), "/tables/1/label");
    EXPECT_EQ(
        refused(R"({"tables":[{"id":"0190a5c0-0000-7000-8000-000000000009","label":"T9","capacity":2}]})"),
        "/tables/0/id");
    EXPECT_EQ(refused(R"({"tables":[{"label":"T9","capacity":2},{"label":"t9","capacity":2}]})"),
              "/tables/1");
    EXPECT_EQ(refused(R"({"tables":[{"label":"T1","min_party":5}]})"), "/tables/0/min_party");
    EXPECT_EQ(refused(R"({"tables":[{"label":"T1","status":"available"}]})"), "/tables/0/status");
}

TEST(parse_combination, members_are_tables_of_the_house) {
    const restaurant at = with_tables();
    const std::string both =
        R"(["0190a5c0-0000-7000-8000-000000000004","0190a5c0-0000-7000-8000-000000000005"])";
    const auto body = parse_combination(R"({"label":"Long","table_ids":)" + both + "}", scratch, at);
    ASSERT_TRUE(body.has_value()) << wrong(body);
    EXPECT_EQ(body->table_ids, (std::vector<table_id>{first, second}));
    EXPECT_EQ(body->capacity, 0);
    const auto refused = [&at](const std::string& text) {
        return wrong(parse_combination(text, scratch, at));
    };
    EXPECT_EQ(refused("{}"), "/label /table_ids");
    EXPECT_EQ(refused(R"({"label":"x","table_ids":["0190a5c0-0000-7000-8000-000000000004"]})"), "/table_ids");
    EXPECT_EQ(refused(R"({"label":"x","table_ids":["0190a5c0-0000-7000-8000-000000000004","T2"]})"),
              "/table_ids/1");
    EXPECT_EQ(refused(R"({"label":"x","table_ids":["0190a5c0-0000-7000-8000-000000000004",)"
                      R"("0190a5c0-0000-7000-8000-000000000004"]})"),
              "/table_ids/1");
    EXPECT_EQ(refused(R"({"label":"x","min_party":9,"table_ids":)" + both + "}"), "/min_party");
    EXPECT_EQ(refused(R"({"label":"x","min_party":7,"capacity":6,"table_ids":)" + both + "}"), "/min_party");
    table_combination from = *body;
    from.capacity = 8;
    const auto changed = parse_combination_change(R"({"capacity":7})", scratch, at, from);
    ASSERT_TRUE(changed.has_value());
    EXPECT_EQ(changed->label, "Long");
    EXPECT_EQ(changed->capacity, 7);
}

}  // namespace parse_tables_test
}  // namespace qtable::proto
