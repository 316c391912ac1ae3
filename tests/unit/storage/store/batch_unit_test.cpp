// The shape of the unit: few statements, in the order that the fence needs. What they do is tested on a
// server.
#include "storage/store/batch_unit.hpp"

#include <gmock/gmock.h>

#include "storage/store/image_reader.hpp"
#include "storage/store/restaurant_rows.hpp"

namespace qtable::storage {

namespace batch_unit_test {

std::vector<std::string> names(const unit& of) {
    std::vector<std::string> out;
    for (const unit::step& step : of.steps()) out.emplace_back(step.what.name);
    return out;
}

reservation make_reservation(std::int64_t version, reservation_status status) {
    reservation out;
    out.version = version;
    out.status = status;
    out.tables.resize(1);
    return out;
}

TEST(batch_unit, a_batch_of_new_bookings_is_four_statements) {
    batch what;
    what.receipts.resize(100);
    what.events.resize(100);
    what.reservations.assign(100, make_reservation(1, reservation_status::confirmed));
    EXPECT_THAT(names(make_unit(what)), ::testing::ElementsAre("insert_receipts", "insert_events",
                                                               "insert_reservations", "take_tables"));
}

TEST(batch_unit, tables_are_freed_before_they_are_taken) {
    batch what;
    what.events.resize(1);
    what.reservations = {make_reservation(2, reservation_status::confirmed)};
    EXPECT_THAT(names(make_unit(what)),
                ::testing::ElementsAre("insert_events", "upsert_reservations", "free_tables", "take_tables"));
    what.reservations = {make_reservation(2, reservation_status::cancelled)};
    EXPECT_THAT(names(make_unit(what)),
                ::testing::ElementsAre("insert_events", "upsert_reservations", "free_tables"));
}

// Walk-ins take tables in the reservations' own statements; a batch without guests has none more.
TEST(batch_unit, guests_take_tables_together_with_reservations) {
    batch what;
    what.events.resize(1);
    what.reservations = {make_reservation(2, reservation_status::confirmed)};
    guest seated;
    seated.status = guest_status::seated;
    seated.version = 2;
    seated.tables.resize(1);
    what.guests = {{seated, {}, false}};
    what.reviews.resize(1);
    const unit made = make_unit(what);
    EXPECT_THAT(names(made), ::testing::ElementsAre("insert_events", "upsert_reservations", "upsert_guests",
                                                    "free_tables", "take_tables", "insert_reviews"));
    what.reservations.clear();
    what.reviews.clear();
    what.guests[0].is_deleted = true;
    EXPECT_THAT(names(make_unit(what)),
                ::testing::ElementsAre("insert_events", "upsert_guests", "free_tables"));
    what.guests[0] = {seated, {}, false};
    what.guests[0].what.source = guest_source::reservation;
    EXPECT_THAT(names(make_unit(what)), ::testing::ElementsAre("insert_events", "upsert_guests"))
        << "its reservation takes them";
    what.guests[0].what = {};
    what.guests[0].what.version = 2;
    EXPECT_THAT(names(make_unit(what)), ::testing::ElementsAre("insert_events", "upsert_guests"))
        << "it never sat";
}

TEST(batch_unit, labels_are_parked_only_where_two_tables_could_swap) {
    batch what;
    what.events.resize(1);
    what.tables.resize(1);
    EXPECT_THAT(names(make_unit(what)), ::testing::ElementsAre("insert_events", "upsert_tables"));
    what.tables.resize(2);
    EXPECT_THAT(names(make_unit(what)),
                ::testing::ElementsAre("insert_events", "park_table_labels", "upsert_tables"));
    what.tables[1].restaurant.bytes[0] = 1;
    EXPECT_THAT(names(make_unit(what)), ::testing::ElementsAre("insert_events", "upsert_tables"));
}

TEST(batch_unit, what_goes_goes_before_what_comes) {
    batch what;
    what.events.resize(1);
    what.restaurants = {{std::make_shared<restaurant>(), false, 0, true}};
    what.staff.resize(2);
    what.staff[0].is_deleted = true;
    what.special_days.resize(2);
    what.special_days[1].is_deleted = true;
    EXPECT_THAT(
        names(make_unit(what)),
        ::testing::ElementsAre("insert_events", "delete_restaurants", "delete_restaurant_staff",
                               "insert_restaurant_staff", "delete_special_days", "upsert_special_days"));
}

TEST(batch_unit, counts_that_add_up_to_nothing_are_left_out) {
    batch what;
    what.events.resize(1);
    what.slot_counts = {{{}, {}, 1}, {{}, {}, -1}};
    EXPECT_THAT(names(make_unit(what)), ::testing::ElementsAre("insert_events"));
}

TEST(batch_unit, configuration_comes_before_what_refers_to_it) {
    batch what;
    what.events.resize(1);
    auto place = std::make_shared<restaurant>();
    place->staff.resize(1);
    what.restaurants = {{place, true, 1}, {place, false, 0}};
    what.tables.resize(2);
    what.tables[1].is_deleted = true;
    what.combinations.resize(2);
    what.combinations[0].what.table_ids.resize(2);
    what.combinations[1].is_deleted = true;
    what.slots.resize(1);
    what.slot_counts = {{{}, {}, 1}};
    EXPECT_THAT(
        names(make_unit(what)),
        ::testing::ElementsAre("insert_events", "update_restaurants", "insert_restaurants",
                               "insert_restaurant_staff", "delete_tables", "upsert_tables",
                               "delete_combinations", "upsert_combinations", "delete_combination_members",
                               "insert_combination_members", "upsert_slots", "count_slots"));
}

TEST(batch_unit, the_constraints_that_the_engine_tells_apart) {
    EXPECT_EQ(conflict_of("idempotency_receipts_pkey"), conflict_kind::receipt_exists);
    EXPECT_EQ(conflict_of("restaurant_tables_label_key"), conflict_kind::label_taken);
    EXPECT_EQ(conflict_of("reviews_pkey"), conflict_kind::review_exists);
    EXPECT_EQ(conflict_of("reservation_tables_no_overlap"), conflict_kind::other);
    EXPECT_EQ(conflict_of("restaurant_events_pkey"), conflict_kind::seq_taken);
    EXPECT_EQ(conflict_of(""), conflict_kind::other);
}

TEST(batch_unit, whose_rows_were_refused_stands_in_the_detail) {
    const std::string id = "0197f3a0-0000-7000-8000-0000000000aa";
    const auto expected = restaurant_id::parse(id);
    EXPECT_EQ(restaurant_in("Key (restaurant_id, seq)=(" + id + ", 7) already exists."), expected);
    EXPECT_EQ(restaurant_in("Key (restaurant_id)=(" + id + ") is not present in table \"restaurants\"."),
              expected);
    EXPECT_EQ(restaurant_in("Schl\u00fcssel \u00bb(restaurant_id, table_id, during)=(" + id +
                            ", x, [\"a\",\"b\"))\u00ab kollidiert mit vorhandenem (restaurant_id)=(x)."),
              expected);
    for (const std::string& other :
         {std::string(), std::string("Key"), "Key (restaurant_ids, seq)=(" + id + ", 7)",
          std::string("Key (restaurant_id, seq"), std::string("Key (restaurant_id, seq)=(7"),
          "Failing row contains (" + id + ", 7).",
          "Key (actor_id, route, key)=(x, y, (restaurant_id, z)=(" + id + ") already exists."})
        EXPECT_EQ(restaurant_in(other), std::nullopt) << other;
}

TEST(restaurant_rows, array_text_is_what_postgresql_reads) {
    EXPECT_EQ(array_text(std::vector<table_id>{}), "{}");
    const std::vector<table_id> two(2);
    EXPECT_EQ(array_text(two), "{00000000-0000-0000-0000-000000000000,00000000-0000-0000-0000-000000000000}");
}

TEST(horizon, reaches_back_to_yesterday_everywhere) {
    const horizon of = horizon_of(instant{20'779 * ms_per_day + 1});
    EXPECT_EQ(of.from.days, 20'777);
    EXPECT_EQ(of.from_midnight.ms, 20'777 * ms_per_day);
    EXPECT_LT(of.reservations_from, of.from_midnight);
}

TEST(image_builder, sorts_and_counts_doubles_once) {
    restaurant_id small, large;
    large.bytes[0] = 1;
    image_builder builder({large, small, large});
    EXPECT_EQ(builder.ids(), (std::vector<restaurant_id>{small, large}));
    builder.at(large).exists = true;
    builder.finish([](std::string_view) { return nullptr; }, {});
    const auto images = builder.take();
    ASSERT_EQ(images.size(), 2U);
    EXPECT_EQ(images[1].id, large);
    EXPECT_FALSE(images[1].exists);
}

}  // namespace batch_unit_test

}  // namespace qtable::storage
