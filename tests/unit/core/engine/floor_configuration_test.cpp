// What managers change of the floor plan: tables, many at once, and combinations.
#include "core/base/limits.hpp"
#include "tests/unit/core/engine/configuration_fixture.hpp"

namespace qtable::test {
namespace floor_configuration_test {

using floor_configuration = configuration;

// ---- many tables at once

TEST_F(floor_configuration, syncs_tables_all_at_once) {
    table first = make_table(1, 6);  // known by its id
    first.label = "Window";
    table second = make_table(9, 3);  // known by its label, case aside; its id is not used
    second.label = "t2";
    table third = make_table(7, 8);  // new
    configure([](restaurant& r) {
        r.tables[1].status = table_status::dirty;
        r.tables[1].version = 5;
    });
    const decision made = ask_for(sync_tables{{first, second, third}, false});
    ASSERT_EQ(made.answer.code, errc::ok);
    ASSERT_EQ(config().tables.size(), 4U) << "the third one stays";
    EXPECT_EQ(made.tables.size(), 3U);
    const auto& known = *std::find_if(config().tables.begin(), config().tables.end(),
                                      [](const table& t) { return t.id == make_id<table_id>(2); });
    EXPECT_EQ(known.label, "t2");
    EXPECT_EQ(known.capacity, 3);
    EXPECT_EQ(known.status, table_status::dirty);
    EXPECT_EQ(known.version, 6);
    ASSERT_EQ(made.events.size(), 3U);
    EXPECT_EQ(made.events[0].action, "table.change");
    EXPECT_EQ(made.events[2].action, "table.create");
    EXPECT_EQ(made.events[2].subject, make_id<table_id>(7));
    EXPECT_TRUE(made.everything_changed);

    EXPECT_FALSE(ask_for(sync_tables{{first, second, third}, false}).changes_anything()) << "nothing new";
}

TEST_F(floor_configuration, sync_swaps_labels_between_known_tables) {
    table first = make_table(1, 2), second = make_table(2, 2);
    std::swap(first.label, second.label);
    const decision made = ask_for(sync_tables{{first, second}, false});
    ASSERT_EQ(made.answer.code, errc::ok);
    EXPECT_EQ(made.tables.size(), 2U);
    EXPECT_EQ(config().tables[0].id, make_id<table_id>(2));
    EXPECT_EQ(config().tables[0].label, "T1");
}

TEST_F(floor_configuration, sync_changes_nothing_when_one_table_is_wrong) {
    const table fine = make_table(7, 2);
    table taken = make_table(8, 2);
    taken.label = "t7";
    EXPECT_EQ(code(sync_tables{{fine, taken}, false}), errc::label_taken);
    table of_a_known_one = make_table(1, 2);  // by its id, under the label of another that stays
    of_a_known_one.label = "t2";
    EXPECT_EQ(code(sync_tables{{fine, of_a_known_one}, false}), errc::label_taken);
    EXPECT_EQ(code(sync_tables{{fine, fine}, false}), errc::invalid_input);
    EXPECT_EQ(code(sync_tables{{make_table(1, 2), make_table(1, 4)}, false}), errc::invalid_input);
    EXPECT_EQ(code(sync_tables{{fine, make_table(8, 2, 3)}, false}), errc::invalid_input);
    std::vector<table> many;
    for (unsigned i = 10; i < 10 + limits::tables_per_restaurant; ++i) many.push_back(make_table(i, 2));
    EXPECT_EQ(code(sync_tables{many, false}), errc::limit_reached);
    EXPECT_EQ(config().tables.size(), 3U);
    EXPECT_EQ(code(sync_tables{many, true}), errc::ok);
}

TEST_F(floor_configuration, sync_that_replaces_all_keeps_what_is_in_use) {
    book(1, {3}, dinner);
    decision refused = ask_for(sync_tables{{make_table(7, 2)}, true});
    EXPECT_EQ(refused.answer.code, errc::table_in_use);
    EXPECT_EQ(refused.answer.reservations, std::vector<reservation_id>{make_id<reservation_id>(1)});
    EXPECT_EQ(code(sync_tables{{make_table(7, 2), make_table(3, 4)}, true}), errc::ok);
    EXPECT_EQ(config().tables.size(), 2U);

    configure([](restaurant& r) {
        r.tables = {make_table(1, 2), make_table(2, 2), make_table(3, 4)};
        r.combinations = {combine(1, {1, 2}, 4)};
    });
    EXPECT_EQ(code(sync_tables{{make_table(3, 4)}, true}), errc::table_in_use) << "part of a combination";
    const decision made = ask_for(sync_tables{{make_table(1, 2), make_table(2, 2)}, true});
    EXPECT_EQ(made.answer.code, errc::ok) << "the reservation went with the memory that was used";
    ASSERT_EQ(made.tables.size(), 1U);
    EXPECT_TRUE(made.tables[0].is_deleted);
    expect_logged(made, event_type::table_updated, "table.delete", make_id<table_id>(3));
}

// ---- tables

TEST_F(floor_configuration, names_the_reservations_that_keep_a_table) {
    for (unsigned i = 0; i < 25; ++i) book(i + 1, {1}, dinner.plus_days(static_cast<int>(i)));
    book(99, {2}, dinner);
    const decision refused = ask_for(delete_table{make_id<table_id>(1), {}});
    EXPECT_EQ(refused.answer.code, errc::table_in_use);
    ASSERT_EQ(refused.answer.reservations.size(), limits::named_reservations);
    EXPECT_EQ(refused.answer.reservations[0], make_id<reservation_id>(1));
    EXPECT_EQ(refused.answer.reservations[1], make_id<reservation_id>(2)) << "in order of their start";
    const decision made = ask_for(delete_table{make_id<table_id>(3), {}});
    EXPECT_EQ(made.answer.status, 204);
    expect_logged(made, event_type::table_updated, "table.delete", make_id<table_id>(3));
}

TEST_F(floor_configuration, a_table_that_goes_out_of_service_keeps_its_reservations) {
    book(1, {1}, dinner);
    change_table wanted;
    wanted.id = make_id<table_id>(1);
    wanted.status = table_status::out_of_service;
    const decision made = ask_for(wanted);
    EXPECT_EQ(made.answer.code, errc::ok);
    EXPECT_TRUE(made.reservations.empty());
    EXPECT_EQ(target.stock->find(make_id<reservation_id>(1))->tables.size(), 1U);
    EXPECT_EQ(target.stock->check_invariants(), std::nullopt);
}

TEST_F(floor_configuration, says_where_a_table_is_that_cannot_be_occupied_by_hand) {
    change_table wanted;
    wanted.id = make_id<table_id>(1);
    wanted.status = table_status::occupied;
    const decision refused = ask_for(wanted);
    EXPECT_EQ(refused.answer.code, errc::illegal_transition);
    EXPECT_EQ(refused.answer.current_table, table_status::available);
    configure([](restaurant& r) {
        r.tables[0].status = table_status::occupied;
        r.tables[0].current_guest_id = make_id<guest_id>(1);
    });
    wanted.section = "terrace";
    EXPECT_EQ(code(wanted), errc::ok) << "so it is already";
    EXPECT_EQ(config().tables[0].section, "terrace");
    EXPECT_TRUE(config().tables[0].current_guest_id);
}

TEST_F(floor_configuration, leaves_an_occupied_table_to_its_guest) {
    configure([](restaurant& r) {
        r.tables[0].status = table_status::occupied;
        r.tables[0].current_guest_id = make_id<guest_id>(1);
    });
    change_table wanted;
    wanted.id = make_id<table_id>(1);
    wanted.status = table_status::available;
    EXPECT_EQ(code(wanted), errc::table_in_use);
    EXPECT_EQ(code(delete_table{make_id<table_id>(1), {}}), errc::table_in_use);
    table synced = make_table(1, 6);
    EXPECT_EQ(code(sync_tables{{synced}, false}), errc::ok);
    EXPECT_EQ(config().tables[0].status, table_status::occupied);
    EXPECT_EQ(config().tables[0].current_guest_id, make_id<guest_id>(1));
    EXPECT_EQ(code(sync_tables{{make_table(2, 2), make_table(3, 4)}, true}), errc::table_in_use);
}

// ---- combinations

TEST_F(floor_configuration, combines_tables) {
    put_combination wanted{combine(1, {1, 2}, 0), true, {}};
    const decision made = ask_for(wanted);
    EXPECT_EQ(made.answer.status, 201);
    EXPECT_EQ(made.answer.location,
              "/restaurants/" + to_string(target.id) + "/table-combinations/" + to_string(wanted.what.id));
    ASSERT_EQ(made.combinations.size(), 1U);
    EXPECT_EQ(made.combinations[0].what.capacity, 4) << "the sum of its members";
    expect_logged(made, event_type::settings_changed, "combination.create", wanted.what.id);

    wanted = {combine(1, {1, 2, 3}, 7, 5), false, 1};
    const decision changed = ask_for(wanted);
    EXPECT_EQ(changed.answer.status, 200);
    EXPECT_EQ(changed.answer.version, 2);
    EXPECT_EQ(config().combinations[0].capacity, 7);
    EXPECT_EQ(code(wanted), errc::precondition_failed);
    EXPECT_EQ(code(delete_combination{wanted.what.id, 1}), errc::precondition_failed);
    EXPECT_EQ(ask_for(delete_combination{wanted.what.id, 2}).answer.status, 204);
    EXPECT_EQ(code(delete_combination{wanted.what.id, {}}), errc::not_found);
    EXPECT_TRUE(config().combinations.empty());
}

TEST_F(floor_configuration, refuses_combinations_that_cannot_be) {
    const auto code_of = [this](table_combination what) {
        return code(put_combination{std::move(what), true, {}});
    };
    EXPECT_EQ(code_of(combine(1, {1}, 2)), errc::invalid_input);
    EXPECT_EQ(code_of(combine(1, {1, 1}, 2)), errc::invalid_input);
    EXPECT_EQ(code_of(combine(1, {1, 9}, 2)), errc::invalid_input);
    EXPECT_EQ(code_of(combine(1, {1, 2}, 4, 5)), errc::invalid_input);
    EXPECT_EQ(code(put_combination{combine(1, {1, 2}, 4), false, {}}), errc::not_found);
    configure([](restaurant& r) {
        r.tables[0].status = table_status::out_of_service;
        r.tables[1].status = table_status::occupied;
        r.tables[1].current_guest_id = make_id<guest_id>(1);
        r.tables.push_back(make_table(4, 2));
        r.combinations = {combine(2, {3, 4}, 6)};
    });
    EXPECT_EQ(code_of(combine(1, {1, 3}, 4)), errc::table_not_free);
    EXPECT_EQ(code_of(combine(1, {2, 3}, 4)), errc::table_not_free);
    table_combination again = combine(3, {3, 4}, 6);
    again.label = "c2";
    EXPECT_EQ(code_of(again), errc::label_taken);
}

}  // namespace floor_configuration_test
}  // namespace qtable::test
