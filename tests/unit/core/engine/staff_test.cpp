// What staff change: slots, tables, the restaurant itself.
#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace staff_test {

class engine_staff : public engine_fixture {
  protected:
    create_table new_table(unsigned number, int capacity) const { return {make_table(number, capacity)}; }
    change_table changing_table(unsigned number) const {
        change_table made;
        made.id = make_id<table_id>(number);
        return made;
    }
    change_restaurant renaming(const char* name) const {
        change_restaurant made;
        made.profile = stock().view().config->profile;
        made.profile->name = name;
        made.seen_version = stock().view().config->version;
        made.zone = stock().view().zone;
        return made;
    }
    create_restaurant opening(const char* name) const {
        create_restaurant made;
        made.profile.name = name;
        made.profile.timezone = "UTC";
        made.profile.hours = every_day("18:00-23:00");
        made.owner = make_id<staff_id>(5);
        made.zone = std::make_shared<const zone>(zone::utc());
        made.log_epoch = 99;
        return made;
    }
    slot slot_of(unsigned number, int tables_left, int party_size = 2) const {
        return make_slot(number, dinner, clock_min(19, 0), party_size, tables_left);
    }
};

TEST_F(engine_staff, publishes_slots_and_replaces_those_of_the_same_start) {
    const reply made = ask_for(publish_slots{{slot_of(1, 1), slot_of(2, 5, 4)}});
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(made.body, "slot " + to_string(make_id<slot_id>(1)) + " v1;slot " +
                             to_string(make_id<slot_id>(2)) + " v1;");
    EXPECT_EQ(shown_tables(), 1);
    const reply again = ask_for(publish_slots{{slot_of(3, 2)}});
    EXPECT_EQ(again.body, "slot " + to_string(make_id<slot_id>(1)) + " v2;");
    EXPECT_EQ(shown_tables(), 2);
    EXPECT_EQ(tables.at(here).slots.size(), 2U);
    ASSERT_EQ(sink.events.size(), 2U) << "no event but the availability";
    EXPECT_EQ(sink.events[0].what.type, event_type::availability_updated);
}

TEST_F(engine_staff, refuses_slots_of_the_past) {
    slot old = slot_of(1, 1);
    old.date = day("2026-11-19");
    EXPECT_EQ(ask_for(publish_slots{{slot_of(2, 1), old}}).code, errc::past);
    EXPECT_TRUE(tables.at(here).slots.empty());
}

TEST_F(engine_staff, changes_a_slot) {
    ask_for(publish_slots{{slot_of(1, 2)}});
    EXPECT_EQ(ask_for(change_slot{make_id<slot_id>(9), 1, {}, {}}).code, errc::not_found);
    EXPECT_EQ(ask_for(change_slot{make_id<slot_id>(1), 1, {}, 7}).code, errc::precondition_failed);
    const reply told = ask_for(change_slot{make_id<slot_id>(1), {}, false, 1});
    EXPECT_TRUE(told.ok());
    EXPECT_EQ(told.version, 2);
    EXPECT_EQ(shown_tables(), 0);
    EXPECT_EQ(ask_for(booking(1)).code, errc::slot_unavailable);
    ask_for(change_slot{make_id<slot_id>(1), 1, true, {}});
    EXPECT_EQ(shown_tables(), 1);
}

TEST_F(engine_staff, counts_slots_down_and_up) {
    ask_for(publish_slots{{slot_of(1, 2)}});
    ask_for(booking(1));
    ASSERT_EQ(log.last().slot_counts.size(), 1U);
    EXPECT_EQ(log.last().slot_counts[0].delta, -1);
    EXPECT_EQ(log.last().slot_counts[0].version, 2);
    ask_for(booking(2));
    EXPECT_EQ(ask_for(booking(3)).code, errc::slot_unavailable);
    EXPECT_EQ(tables.at(here).slots.at(make_id<slot_id>(1)).available_tables, 0);
    ask_for(cancelling(1));
    const slot stored = tables.at(here).slots.at(make_id<slot_id>(1));
    EXPECT_EQ(stored.available_tables, 1);
    EXPECT_EQ(stored.version, stock().find_slot(make_id<slot_id>(1))->version);
    EXPECT_TRUE(ask_for(booking(3)).ok());
}

TEST_F(engine_staff, keeps_the_version_of_a_slot_that_a_move_takes_and_gives_back) {
    ask_for(publish_slots{{slot_of(1, 2)}});
    ask_for(booking(1));
    auto wanted = changing(1);
    wanted.party_size = 1;
    EXPECT_TRUE(ask_for(wanted).ok());
    const slot stored = tables.at(here).slots.at(make_id<slot_id>(1));
    EXPECT_EQ(stored.available_tables, 1);
    EXPECT_EQ(stored.version, stock().find_slot(make_id<slot_id>(1))->version);
}

TEST_F(engine_staff, creates_a_table) {
    const reply told = ask_for(new_table(4, 6));
    EXPECT_EQ(told.status, 201);
    EXPECT_EQ(told.location,
              "/restaurants/" + to_string(here) + "/tables/" + to_string(make_id<table_id>(4)));
    EXPECT_EQ(tables.at(here).what.tables.size(), 4U);
    EXPECT_EQ(shown_tables(), 4);
    ASSERT_EQ(sink.events.size(), 2U);
    EXPECT_EQ(sink.events[0].what.type, event_type::table_updated);
    EXPECT_EQ(sink.events[1].what.type, event_type::availability_updated);
    EXPECT_EQ(sink.events[1].what.data, "all");
    EXPECT_TRUE(log.last().restaurants.empty()) << "tables are rows of their own";
    auto taken = new_table(5, 2);
    taken.table.label = "t4";
    EXPECT_EQ(ask_for(taken).code, errc::label_taken);
    taken = new_table(4, 2);
    taken.table.label = "other";
    EXPECT_EQ(ask_for(taken).code, errc::internal) << "an id is used once";
}

TEST_F(engine_staff, bounds_the_number_of_tables) {
    configure([](restaurant& r) {
        r.tables.clear();
        for (unsigned i = 0; i < limits::tables_per_restaurant; ++i) r.tables.push_back(make_table(i + 1, 2));
    });
    EXPECT_EQ(ask_for(new_table(1000, 2)).code, errc::limit_reached);
}

TEST_F(engine_staff, changes_a_table) {
    EXPECT_EQ(ask_for(changing_table(9)).code, errc::not_found);
    auto wanted = changing_table(1);
    wanted.if_version = 7;
    EXPECT_EQ(ask_for(wanted).code, errc::precondition_failed);
    wanted = changing_table(1);
    wanted.label = "T2";
    EXPECT_EQ(ask_for(wanted).code, errc::label_taken);
    wanted = changing_table(1);
    wanted.min_party = 3;
    EXPECT_EQ(ask_for(wanted).code, errc::invalid_input);
    wanted = changing_table(1);
    wanted.status = table_status::occupied;
    EXPECT_EQ(ask_for(wanted).code, errc::illegal_transition);
    wanted.status = table_status::out_of_service;
    wanted.label = "Window";
    const reply told = ask_for(wanted);
    EXPECT_EQ(told.version, 2);
    EXPECT_EQ(shown_tables(), 2);
    EXPECT_EQ(tables.at(here).what.tables.back().label, "Window");
    EXPECT_EQ(tables.at(here).what.tables.back().status, table_status::out_of_service);
}

TEST_F(engine_staff, deletes_a_table_that_nothing_needs) {
    configure([](restaurant& r) { r.combinations = {combine(1, {2, 3}, 6)}; });
    EXPECT_EQ(ask_for(delete_table{make_id<table_id>(9), {}}).code, errc::not_found);
    EXPECT_EQ(ask_for(delete_table{make_id<table_id>(1), 7}).code, errc::precondition_failed);
    EXPECT_EQ(ask_for(delete_table{make_id<table_id>(3), {}}).code, errc::table_in_use)
        << "part of a combination";
    ask_for(booking(1));
    EXPECT_EQ(ask_for(delete_table{make_id<table_id>(1), {}}).code, errc::table_in_use);
    ask_for(cancelling(1));
    const reply told = ask_for(delete_table{make_id<table_id>(1), {}});
    EXPECT_EQ(told.status, 204);
    EXPECT_TRUE(told.body.empty());
    EXPECT_EQ(tables.at(here).what.tables.size(), 2U);
    EXPECT_EQ(shown_tables(), 2);
}

TEST_F(engine_staff, opens_a_restaurant) {
    const auto place = make_id<restaurant_id>(2);
    const auto ticket = submit_at(place, opening("Second"));
    EXPECT_EQ(owner.find(place)->live.boards.load(), nullptr) << "not shown before the commit";
    log.finish_all();
    EXPECT_EQ(answer(ticket).status, 201);
    EXPECT_EQ(answer(ticket).location, "/restaurants/" + to_string(place));
    EXPECT_NE(owner.find(place)->live.boards.load(), nullptr);
    EXPECT_EQ(tables.at(place).what.staff.at(0).id, make_id<staff_id>(5));
    EXPECT_EQ(tables.at(place).log_epoch, 99U);
    ASSERT_EQ(sink.events.size(), 1U);
    EXPECT_EQ(sink.events[0].what.type, event_type::settings_changed);
    EXPECT_EQ(sink.events[0].epoch, 99U);
    EXPECT_EQ(sink.configurations, 1);
    EXPECT_EQ(code(submit_at(place, opening("Again"))), errc::internal);
}

TEST_F(engine_staff, stores_what_is_opened_and_changed_in_one_batch_as_new) {
    submit(booking(1));  // in flight: the others gather
    const auto place = make_id<restaurant_id>(2);
    const auto opened = submit_at(place, opening("Second"));
    change_restaurant rename;
    rename.profile = opening("Renamed").profile;
    rename.seen_version = 1;
    const auto renamed = submit_at(place, rename);
    const auto slots = submit_at(place, publish_slots{{slot_of(1, 2)}});
    log.commit();
    ASSERT_EQ(log.last().restaurants.size(), 1U);
    EXPECT_TRUE(log.last().restaurants[0].is_new);
    EXPECT_EQ(log.last().restaurants[0].log_epoch, 99U);
    log.finish_all();
    for (const auto ticket : {opened, renamed, slots}) EXPECT_TRUE(answer(ticket).ok()) << ticket;
    EXPECT_EQ(tables.at(place).what.profile.name, "Renamed");
}

TEST_F(engine_staff, says_that_values_are_to_be_read_with_the_first_publication) {
    submit(booking(1));
    const auto place = make_id<restaurant_id>(2);
    submit_at(place, opening("Second"));
    submit_at(place, publish_slots{{slot_of(1, 2)}});
    log.finish_all();
    const released_event& window = sink.events.back();
    EXPECT_EQ(window.what.restaurant, place);
    EXPECT_EQ(window.what.type, event_type::availability_updated);
    EXPECT_TRUE(window.is_value_unknown);
}

TEST_F(engine_staff, forgets_a_restaurant_that_was_not_stored) {
    const auto place = make_id<restaurant_id>(2);
    const auto ticket = submit_at(place, opening("Second"));
    const auto behind = submit_at(place, booking(1));
    log.answer(batch_outcome::unavailable);
    EXPECT_EQ(code(ticket), errc::database_unavailable);
    EXPECT_EQ(code(behind), errc::database_unavailable);
    log.finish_all();
    EXPECT_EQ(owner.find(place)->live.boards.load(), nullptr);
    EXPECT_EQ(code(submit_at(place, booking(1))), errc::not_found);
    const auto again = submit_at(place, opening("Second"));
    log.finish_all();
    EXPECT_EQ(answer(again).status, 201);
    EXPECT_EQ(tables.at(place).events.size(), 1U);
}

TEST_F(engine_staff, changes_the_profile) {
    auto wanted = renaming("New name");
    wanted.if_version = 7;
    EXPECT_EQ(ask_for(wanted).code, errc::precondition_failed);
    wanted = renaming("New name");
    wanted.seen_version = 7;
    EXPECT_EQ(ask_for(wanted).code, errc::precondition_failed);
    wanted = renaming("New name");
    wanted.profile->hours = every_day("12:00-15:00");
    const reply told = ask_for(wanted);
    EXPECT_EQ(told.version, 2);
    EXPECT_EQ(told.body, "restaurant New name v2");
    EXPECT_EQ(tables.at(here).what.profile.name, "New name");
    EXPECT_EQ(shown_tables(), -1);
    EXPECT_EQ(shown_tables(clock_min(12, 0)), 3);
    EXPECT_EQ(sink.events.front().what.type, event_type::settings_changed);
}

TEST_F(engine_staff, answers_after_every_core_knows_the_configuration) {
    sink.confirms = false;
    const auto ticket = submit(renaming("New name"));
    const auto with_it = submit(booking(1));
    log.finish_all();
    EXPECT_FALSE(is_answered(ticket));
    EXPECT_FALSE(owner.is_idle());
    ASSERT_EQ(sink.unconfirmed.size(), 1U);
    sink.unconfirmed[0]();
    EXPECT_TRUE(answer(ticket).ok());
    EXPECT_TRUE(answer(with_it).ok());
    EXPECT_TRUE(owner.is_idle());
}

TEST_F(engine_staff, does_not_show_a_change_with_the_commit_of_another_batch) {
    const auto first = submit(booking(1));
    const auto grown = submit(new_table(4, 2));
    const auto renamed = submit(renaming("New name"));
    const auto behind = submit(booking(2));
    const auto slots = submit(publish_slots{{slot_of(1, 9)}});
    ASSERT_EQ(log.written.size(), 1U);
    log.commit();
    EXPECT_TRUE(answer(first).ok());
    EXPECT_EQ(shown_tables(), 2) << "three tables, one booked; the fourth isn't committed";
    EXPECT_EQ(owner.find(here)->live.view.load()->config->profile.name, "Corner");
    EXPECT_EQ(sink.events.back().what.seq, 2);
    log.finish_all();
    for (const auto ticket : {grown, renamed, behind, slots}) EXPECT_TRUE(answer(ticket).ok()) << ticket;
    EXPECT_EQ(shown_tables(), 2);
    EXPECT_EQ(owner.find(here)->live.view.load()->config->profile.name, "New name");
    EXPECT_EQ(stock().check_invariants(), std::nullopt);
}

TEST_F(engine_staff, commits_changes_together_while_another_batch_is_in_flight) {
    const auto other = make_id<restaurant_id>(2);
    submit_at(other, opening("Second"));
    const auto table = submit(new_table(4, 2));
    const auto slots = submit(publish_slots{{slot_of(1, 2)}});
    const auto taken = submit(booking(1));
    const auto changed = submit(change_slot{make_id<slot_id>(1), 7, {}, {}});
    const auto last = submit(booking(2));
    log.commit();
    const batch& together = log.last();
    ASSERT_EQ(log.written.size(), 2U);
    ASSERT_EQ(together.slots.size(), 1U);
    EXPECT_EQ(together.slots[0].what.available_tables, 6);
    EXPECT_TRUE(together.slot_counts.empty());
    log.finish_all();
    for (const auto ticket : {table, slots, taken, changed, last}) EXPECT_TRUE(answer(ticket).ok()) << ticket;
    const slot stored = tables.at(here).slots.at(make_id<slot_id>(1));
    EXPECT_EQ(stored.available_tables, 6);
    EXPECT_EQ(stored.version, stock().find_slot(make_id<slot_id>(1))->version);
}

}  // namespace staff_test
}  // namespace qtable::test
