#include "tools/qtable/import/geojson_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace qtable::tools {
namespace geojson_reader_test {

const import_options options{"Europe/Copenhagen"};

std::string collection(const std::string& features) {
    return "{\"type\":\"FeatureCollection\",\"features\":[\n" + features + "\n]}\n";
}

std::string point_feature(const std::string& properties, const std::string& coordinates = "[12.5,55.7]") {
    return R"({"type":"Feature","geometry":{"type":"Point","coordinates":)" + coordinates +
           R"(},"properties":{)" + properties + "}}";
}

import_result read(const std::string& features) {
    return read_geojson(collection(features), options);
}

import_restaurant read_one(const std::string& properties) {
    const import_result result = read(point_feature(properties));
    EXPECT_FALSE(result.failure);
    EXPECT_EQ(result.restaurants.size(), 1U);
    return result.restaurants.empty() ? import_restaurant{} : result.restaurants.front();
}

TEST(geojson_reader, takes_the_fields_of_a_feature) {
    const auto restaurant = read_one(
        R"("@id":"node/17","name":" Skibet \n Nord ","cuisine":"Seafood; nordic;seafood","phone":"+45 00 11 22 33;+45 00",
           "website":"http://nord.example.test/a?b=1;c","description":"By the quay","addr:street":"Kajen",
           "addr:housenumber":"4B","addr:postcode":"0001","addr:city":"Havnestad","opening_hours":"Mo-Fr 18:00-02:00 \"or later\"")");
    EXPECT_EQ(restaurant.source_ref, "osm:node/17");
    EXPECT_EQ(restaurant.name, "Skibet Nord");
    EXPECT_EQ(restaurant.cuisine_type, "seafood;nordic");
    EXPECT_EQ(restaurant.phone, "+45 00 11 22 33");
    EXPECT_EQ(restaurant.website, "http://nord.example.test/a?b=1;c");
    EXPECT_EQ(restaurant.description, "By the quay");
    EXPECT_EQ(restaurant.address, "Kajen 4B, 0001 Havnestad");
    EXPECT_EQ(restaurant.timezone, "Europe/Copenhagen");
    EXPECT_DOUBLE_EQ(restaurant.latitude, 55.7);
    EXPECT_DOUBLE_EQ(restaurant.longitude, 12.5);
    ASSERT_TRUE(restaurant.has_hours);
    EXPECT_EQ(format_day_hours(restaurant.hours.days[4]), "18:00-02:00");
    EXPECT_EQ(restaurant.hours_note, "or later");
    EXPECT_EQ(restaurant.line, 2U);
}

TEST(geojson_reader, other_spellings_of_contact_count) {
    const auto restaurant =
        read_one(R"("name":"A","contact:phone":"00 11 22","contact:website":"www.a.example.test")");
    EXPECT_EQ(restaurant.phone, "00 11 22");
    EXPECT_EQ(restaurant.website, "https://www.a.example.test");
    EXPECT_FALSE(restaurant.has_hours);
}

TEST(geojson_reader, identity_comes_from_the_best_that_is_there) {
    const std::string outer = R"({"type":"Feature","id":99,"geometry":{"type":"Point","coordinates":[1,2]},)"
                              R"("properties":{"name":"A","fvst:navnelbnr":"5"}})";
    ASSERT_EQ(read(outer).restaurants.size(), 1U);
    EXPECT_EQ(read(outer).restaurants[0].source_ref, "osm:99");
    EXPECT_EQ(read_one(R"("name":"A","fvst:navnelbnr":"5")").source_ref, "fvst:5");
    const std::string hashed = read_one(R"("name":"A")").source_ref;
    EXPECT_TRUE(hashed.starts_with("restaurant:"));
    EXPECT_EQ(hashed, read_one(R"("name":"A","phone":"00 11 22")").source_ref);
    EXPECT_NE(hashed, read_one(R"("name":"B")").source_ref);
}

TEST(geojson_reader, restaurants_that_share_an_identity_are_told_apart) {
    const auto result = read(point_feature(R"("name":"A","fvst:navnelbnr":"5")") + ",\n" +
                             point_feature(R"("name":"B","fvst:navnelbnr":"5")") + ",\n" +
                             point_feature(R"("name":"A","fvst:navnelbnr":"5")"));
    ASSERT_EQ(result.restaurants.size(), 2U);
    EXPECT_EQ(result.restaurants[0].source_ref, "fvst:5");
    EXPECT_TRUE(result.restaurants[1].source_ref.starts_with("fvst:5+restaurant:"));
    ASSERT_EQ(result.count(import_problem_kind::skipped), 1U);
    EXPECT_EQ(result.problems[0].line, 4U);
    EXPECT_EQ(result.read, 3U);
}

TEST(geojson_reader, the_same_text_gives_the_same_identities) {
    const std::string features =
        point_feature(R"("name":"A")") + "," + point_feature(R"("name":"B")", "[3,4]");
    const auto first = read(features);
    const auto second = read(features);
    ASSERT_EQ(first.restaurants.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i)
        EXPECT_EQ(first.restaurants[i].source_ref, second.restaurants[i].source_ref);
}

TEST(geojson_reader, the_unnamed_and_unplaced_are_skipped_with_their_lines) {
    const auto result = read(
        point_feature(R"("name":"A")") + ",\n" + point_feature(R"("amenity":"cafe")") + ",\n" +
        point_feature(R"("name":"North of north")", "[0,90.5]") + ",\n" +
        R"({"type":"Feature","geometry":null,"properties":{"name":"Nowhere"}})" + ",\n" +
        R"({"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":null})" + ",\n17");
    EXPECT_FALSE(result.failure);
    EXPECT_EQ(result.read, 6U);
    EXPECT_EQ(result.restaurants.size(), 1U);
    ASSERT_EQ(result.count(import_problem_kind::skipped), 5U);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(result.problems[i].line, i + 3);
    EXPECT_EQ(result.problems[0].what, "no name");
    EXPECT_EQ(result.problems[1].name, "North of north");
    EXPECT_EQ(result.problems[2].name, "Nowhere");
}

TEST(geojson_reader, unreadable_hours_are_reported_never_guessed) {
    const auto result = read(point_feature(R"("name":"A","opening_hours":"Mo-Fr 10:00-22:00; Dec 24 off")"));
    ASSERT_EQ(result.restaurants.size(), 1U);
    EXPECT_FALSE(result.restaurants[0].has_hours);
    EXPECT_TRUE(result.restaurants[0].hours.empty());
    ASSERT_EQ(result.problems.size(), 1U);
    const import_problem& problem = result.problems[0];
    EXPECT_EQ(problem.kind, import_problem_kind::unreadable_hours);
    EXPECT_EQ(problem.line, 2U);
    EXPECT_EQ(problem.name, "A");
    EXPECT_EQ(problem.value, "Mo-Fr 10:00-22:00; Dec 24 off");
    EXPECT_EQ(problem.what, "depends on the month or date, from \"Dec 24 off\"");
}

TEST(geojson_reader, insane_fields_are_dropped_and_reported) {
    for (const std::string website :
         {"javascript:alert(1)", "ftp://a.example.test", "http://", "https://user@a.example.test",
          "https://a b.test", "see our page", "https://a.example.test/<script>", "https://nodots",
          "https://a.test:123456/"}) {
        const auto result = read(point_feature(R"("name":"A","website":")" + website + "\""));
        ASSERT_EQ(result.restaurants.size(), 1U);
        EXPECT_EQ(result.restaurants[0].website, "") << website;
        EXPECT_EQ(result.count(import_problem_kind::field_dropped), 1U) << website;
    }
    const auto result = read(point_feature(R"("name":"A","phone":"ask inside")"));
    EXPECT_EQ(result.restaurants.at(0).phone, "");
    EXPECT_EQ(result.count(import_problem_kind::field_dropped), 1U);
}

TEST(geojson_reader, text_is_cleaned_and_held_to_its_length) {
    EXPECT_EQ(read_one("\"name\":\"A\\u0000B\\u202eC\\u0085D\"").name, "A B C D");
    std::string long_name;
    for (int i = 0; i < 250; ++i) long_name += "ø";
    const auto result = read(point_feature("\"name\":\"" + long_name + "\""));
    ASSERT_EQ(result.restaurants.size(), 1U);
    EXPECT_EQ(result.restaurants[0].name.size(), 400U);  // 200 characters of two bytes
    EXPECT_EQ(result.count(import_problem_kind::field_changed), 1U);
}

TEST(geojson_reader, polygons_count_by_their_centroid) {
    const auto at = [](const std::string& geometry) {
        return read(R"({"type":"Feature","geometry":)" + geometry + R"(,"properties":{"name":"A"}})")
            .restaurants;
    };
    const auto square = at(R"({"type":"Polygon","coordinates":[[[10,50],[12,50],[12,52],[10,52],[10,50]]]})");
    ASSERT_EQ(square.size(), 1U);
    EXPECT_NEAR(square[0].longitude, 11, 1e-9);
    EXPECT_NEAR(square[0].latitude, 51, 1e-9);
    // Two thirds of an L-shape's area lie in its long arm: the corners' mean would be elsewhere.
    const auto angle =
        at(R"({"type":"MultiPolygon","coordinates":[[[[0,0],[2,0],[2,1],[1,1],[1,2],[0,2],[0,0]]]]})");
    ASSERT_EQ(angle.size(), 1U);
    EXPECT_NEAR(angle[0].longitude, 5.0 / 6, 1e-9);
    EXPECT_NEAR(angle[0].latitude, 5.0 / 6, 1e-9);
    const auto dateline =
        at(R"({"type":"Polygon","coordinates":[[[179,1],[-179,1],[-179,3],[179,3],[179,1]]]})");
    ASSERT_EQ(dateline.size(), 1U);
    EXPECT_NEAR(std::abs(dateline[0].longitude), 180, 1e-9);
    EXPECT_TRUE(at(R"({"type":"Polygon","coordinates":[[[1,1],[2,2]]]})").empty());
    EXPECT_TRUE(at(R"({"type":"LineString","coordinates":[[1,1],[2,2]]})").empty());
}

TEST(geojson_reader, malformed_text_is_one_failure_with_its_place) {
    const auto broken = read_geojson("{\"type\":\"FeatureCollection\",\n\"features\":[\n{]}", options);
    ASSERT_TRUE(broken.failure);
    EXPECT_EQ(broken.failure->line, 3U);
    EXPECT_EQ(broken.failure->offset, 43U);
    EXPECT_TRUE(broken.restaurants.empty());

    for (const std::string text :
         {"", "[]", "{}", "{\"type\":\"Feature\"}", "{\"type\":\"FeatureCollection\"}",
          "{\"type\":\"FeatureCollection\",\"features\":7}", "{\"type\":\"FeatureCollection\"",
          "{\"type\":\"FeatureCollection\",\"features\":[]} x"}) {
        EXPECT_TRUE(read_geojson(text, options).failure) << text;
    }
    EXPECT_TRUE(read(point_feature("\"name\":\"\xc3(\"")).failure) << "not UTF-8";
    EXPECT_TRUE(read(std::string(100, '[') + std::string(100, ']')).failure) << "too deep";
}

TEST(geojson_reader, signs_of_json_inside_text_are_text) {
    const auto result = read(point_feature(R"("name":"}]\"{[,\\")") + " , " + point_feature(R"("name":"B")"));
    ASSERT_EQ(result.restaurants.size(), 2U);
    EXPECT_EQ(result.restaurants[0].name, "}]\"{[,\\");
    EXPECT_EQ(result.restaurants[1].name, "B");
}

TEST(geojson_reader, byte_order_mark_members_in_any_order_and_no_features_are_fine) {
    const auto empty = read_geojson(
        "\ufeff{\"features\" : [ ] , \"name\":null,\"type\" : \"FeatureCollection\"}\n", options);
    EXPECT_FALSE(empty.failure);
    EXPECT_EQ(empty.read, 0U);
}

}  // namespace geojson_reader_test
}  // namespace qtable::tools
