// Walk-ins and the waitlist: who waits, who is called, who sits where, who is gone.
#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace guests_test {

using status = guest_status;

class engine_guests : public engine_fixture {
  protected:
    engine_guests() {
        by = {actor::kind::staff, make_id<staff_id>(1)};
        clock.time = at("2026-11-21T19:02:00Z");
    }
    void sit(unsigned number, int party_size = 2) {
        EXPECT_EQ(ask_for(walk_in(number, party_size)).status, 201);
        EXPECT_TRUE(ask_for(guest_to(number, status::seated)).ok());
    }
};

TEST_F(engine_guests, wait_and_hear_their_position) {
    const reply first = ask_for(queueing(1));
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(first.location,
              "/restaurants/" + to_string(here) + "/guests/" + to_string(make_id<guest_id>(1)));
    EXPECT_EQ(first.body, "guest " + to_string(make_id<guest_id>(1)) + " waiting v1 position 1");
    EXPECT_EQ(ask_for(queueing(2)).body,
              "guest " + to_string(make_id<guest_id>(2)) + " waiting v1 position 2");
    EXPECT_TRUE(guest_of(1).quoted_min.has_value()) << "the estimate is its quote";
    EXPECT_EQ(ask_for(queueing(1)).code, errc::internal);
    auto twice = queueing(3);
    twice.customer = make_id<customer_id>(1);
    EXPECT_EQ(ask_for(twice).code, errc::already_waiting);
    EXPECT_EQ(new_actions(), (std::vector<std::string>{"guest.add", "guest.add"}));
    EXPECT_EQ(shown_tables(clock_min(20, 0)), 3) << "who waits takes nothing";
    by = {actor::kind::customer, make_id<customer_id>(4)};
    EXPECT_EQ(ask_for(queueing(4, 25)).code, errc::party_too_large);
    EXPECT_EQ(ask_for(queueing(4)).location, "/customer/waitlist/" + to_string(make_id<guest_id>(4)));
}

TEST_F(engine_guests, are_called_and_hear_of_it) {
    ask_for(queueing(1));
    EXPECT_TRUE(ask_for(guest_to(1, status::notified)).ok());
    EXPECT_EQ(notices(customer_event_type::table_ready), 1U);
    EXPECT_EQ(guest_of(1).notified_at, clock.time);
    const reply again = ask_for(guest_to(1, status::notified));
    EXPECT_EQ(again.code, errc::illegal_transition);
    EXPECT_EQ(again.current_guest, status::notified);
    EXPECT_TRUE(ask_for(guest_to(1, status::waiting)).ok());
    EXPECT_EQ(notices(customer_event_type::waitlist_updated), 1U);
    EXPECT_EQ(ask_for(guest_to(1, status::completed)).code, errc::illegal_transition);
}

TEST_F(engine_guests, sit_at_the_smallest_free_table_and_take_it) {
    sit(1);
    EXPECT_EQ(table_of(1).status, table_status::occupied);
    EXPECT_EQ(table_of(1).current_guest_id, make_id<guest_id>(1));
    EXPECT_EQ(guest_of(1).blocks_from, at("2026-11-21T19:00:00Z"));
    EXPECT_EQ(guest_of(1).blocks_until, at("2026-11-21T21:05:00Z"));
    EXPECT_EQ(shown_tables(clock_min(20, 0)), 2);
    sit(2);
    sit(3);
    EXPECT_EQ(table_of(3).status, table_status::occupied) << "the larger one when nothing else is left";
    ask_for(walk_in(4));
    EXPECT_EQ(ask_for(guest_to(4, status::seated)).code, errc::table_not_free);
    ask_for(walk_in(5, 9));
    EXPECT_EQ(ask_for(guest_to(5, status::seated)).code, errc::party_does_not_fit);
    EXPECT_EQ(ask_for(booking(9, clock_min(20, 0))).code, errc::slot_unavailable) << "walk-ins take capacity";
    expect_sound();
    EXPECT_EQ(shown_tables(clock_min(20, 0)), 0) << "and after a reload";
}

TEST_F(engine_guests, give_way_to_bookings_unless_they_stay_short) {
    ask_for(booking(11, clock_min(20, 0)));
    ask_for(booking(12, clock_min(20, 0)));
    ask_for(booking(13, clock_min(20, 0)));
    ask_for(walk_in(1));
    EXPECT_EQ(ask_for(guest_to(1, status::seated)).code, errc::table_not_free);
    auto named = guest_to(1, status::seated, {1});
    EXPECT_EQ(ask_for(named).code, errc::table_not_free);
    named.stay_min = 55;
    EXPECT_TRUE(ask_for(named).ok());
    EXPECT_EQ(guest_of(1).blocks_until, at("2026-11-21T20:00:00Z"));
    expect_sound();
}

TEST_F(engine_guests, leave_dirty_tables) {
    sit(1);
    clock.time = at("2026-11-21T19:50:00Z");
    new_actions();
    EXPECT_EQ(ask_for(guest_to(1, status::left)).code, errc::illegal_transition) << "who sits is completed";
    const reply done = ask_for(guest_to(1, status::completed));
    EXPECT_EQ(done.body, "guest " + to_string(make_id<guest_id>(1)) + " completed v3");
    EXPECT_EQ(new_actions(), (std::vector<std::string>{"guest.complete", "table.free", "guest.complete"}));
    EXPECT_EQ(table_of(1).status, table_status::dirty);
    EXPECT_EQ(shown_tables(clock_min(20, 0)), 3);
    sit(2);
    EXPECT_EQ(table_of(2).status, table_status::occupied) << "not at the dirty one";
    expect_sound();
}

TEST_F(engine_guests, their_tables_are_free_after_the_commit_only) {
    sit(1);
    clock.time = at("2026-11-21T19:40:00Z");
    const auto done = submit(guest_to(1, status::completed));
    const auto booked = submit(booking(9, clock_min(20, 0)));
    EXPECT_EQ(shown_tables(clock_min(20, 0)), 2);
    log.finish_all();
    EXPECT_TRUE(answer(done).ok());
    EXPECT_EQ(reservation_of(9).tables, std::vector{make_id<table_id>(2)});
    EXPECT_TRUE(answer(booked).ok());
}

TEST_F(engine_guests, are_paced_by_the_house) {
    configure([](restaurant& r) { r.rules.house_pacing_covers = 4; });
    sit(1, 3);
    ask_for(walk_in(2));
    const reply paced = ask_for(guest_to(2, status::seated));
    EXPECT_EQ(paced.code, errc::slot_unavailable);
    EXPECT_EQ(paced.why, reasons(reason::pacing));
    auto anyway = guest_to(2, status::seated);
    anyway.overrides = reason::pacing;
    EXPECT_TRUE(ask_for(anyway).ok());
    const auto& rows = tables.at(here).events;
    EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [](const auto& row) {
        return row.action == "guest.seat" && row.overrides == "pacing";
    }));
}

TEST_F(engine_guests, are_changed_while_they_wait) {
    ask_for(walk_in(1));
    change_guest change;
    change.id = make_id<guest_id>(1);
    change.party_size = 4;
    change.name = "Grace";
    change.if_version = 1;
    EXPECT_EQ(ask_for(change).version, 2);
    EXPECT_EQ(ask_for(change).code, errc::precondition_failed);
    change.if_version.reset();
    ask_for(guest_to(1, status::seated));
    change.party_size = 2;
    EXPECT_EQ(ask_for(change).current_guest, status::seated);
    change.party_size.reset();
    change.notes = "birthday";
    EXPECT_TRUE(ask_for(change).ok());
    EXPECT_EQ(guest_of(1).notes, "birthday");
    expect_sound();
}

TEST_F(engine_guests, leave_the_list_themselves) {
    ask_for(queueing(1));
    auto leave = guest_to(1, status::left);
    leave.customer = make_id<customer_id>(2);
    EXPECT_EQ(ask_for(leave).code, errc::not_found);
    leave.customer = make_id<customer_id>(1);
    EXPECT_TRUE(ask_for(leave).ok());
    EXPECT_EQ(guest_of(1).left_at, clock.time);
    EXPECT_EQ(ask_for(leave).current_guest, status::left);
    EXPECT_EQ(ask_for(queueing(2)).body,
              "guest " + to_string(make_id<guest_id>(2)) + " waiting v1 position 1");
}

TEST_F(engine_guests, are_removed_unless_they_sit) {
    sit(1);
    EXPECT_EQ(ask_for(remove_guest{make_id<guest_id>(1), std::nullopt}).current_guest, status::seated);
    ask_for(guest_to(1, status::completed));
    EXPECT_EQ(ask_for(remove_guest{make_id<guest_id>(1), std::nullopt}).status, 204);
    EXPECT_EQ(sink.events.back().what.type, event_type::guest_deleted);
    EXPECT_TRUE(tables.at(here).guests.empty());
    EXPECT_EQ(ask_for(remove_guest{make_id<guest_id>(1), std::nullopt}).code, errc::not_found);
}

TEST_F(engine_guests, of_a_reservation_end_with_it) {
    ask_for(booking(1, clock_min(19, 30)));
    ask_for(serving(1, reservation_status::seated));
    EXPECT_TRUE(ask_for(guest_to(101, status::completed)).ok());
    EXPECT_EQ(reservation_of(1).status, reservation_status::completed);
    EXPECT_EQ(ask_for(remove_guest{make_id<guest_id>(101), std::nullopt}).status, 204);
    EXPECT_EQ(reservation_of(1).guest, std::nullopt);
    expect_sound();
}

TEST_F(engine_guests, a_floor_that_contradicts_itself_is_not_served) {
    sit(1);
    tables.at(here).guests.clear();
    ring();
    log.finish_all();
    EXPECT_EQ(owner.counts().unsound, 1U);
    EXPECT_EQ(ask_for(booking(1, clock_min(20, 0))).code, errc::not_found);
    const auto problem = engine(0, clock, log, render, sink).adopt(tables.image(here));
    ASSERT_TRUE(problem);
    EXPECT_EQ(*problem,
              "table T1 is occupied by guest " + to_string(make_id<guest_id>(1)) + ", who doesn't sit there");
}

TEST_F(engine_guests, questions_tell_what_is_durable) {
    sit(1);
    ask_for(queueing(2));
    ask_for(booking(3, clock_min(20, 0), 4));
    const reply floor = ask_for(read_floor{});
    EXPECT_EQ(floor.body,
              "floor 2026-11-21 seq " + std::to_string(sink.events.back().what.seq) +
                  ": T1 occupied seated; T2 available; T3 available next; 2 guests, 1 reservations");
    EXPECT_EQ(floor.people, std::vector{make_id<customer_id>(3)});
    EXPECT_EQ(ask_for(read_dashboard{}).body,
              "dashboard 2026-11-21 confirmed 1 seated 0 completed 0 booked 4 sit 2 served 0 walk-ins 1 "
              "waiting 1 late 0 next 1");
    read_guests page;
    page.limit = 1;
    EXPECT_EQ(ask_for(page).body, "guest " + to_string(make_id<guest_id>(1)) + " seated v2;next " +
                                      to_string(make_id<guest_id>(1)));
    page.after = make_id<guest_id>(1);
    EXPECT_EQ(ask_for(page).body, "guest " + to_string(make_id<guest_id>(2)) + " waiting v1 position 1;");
    EXPECT_EQ(ask_for(read_guest{make_id<guest_id>(2), make_id<customer_id>(3)}).code, errc::not_found);
    EXPECT_TRUE(ask_for(read_guest{make_id<guest_id>(2), make_id<customer_id>(2)}).ok());
    EXPECT_EQ(ask_for(read_wait_quotes{{2, 4}}).body, "party 2 position 2;party 4 position 2;");

    const auto done = submit(guest_to(1, status::completed));
    const auto asked = submit(read_guest{make_id<guest_id>(1), std::nullopt});
    EXPECT_FALSE(is_answered(asked)) << "not before what it tells";
    log.finish_all();
    EXPECT_TRUE(answer(done).ok());
    EXPECT_EQ(answer(asked).version, 3);
}

TEST_F(engine_guests, questions_are_answered_while_the_database_is_away) {
    log.is_available = false;
    EXPECT_TRUE(ask_for(read_floor{}).ok());
    EXPECT_EQ(ask_for(walk_in(1)).code, errc::database_unavailable);
    log.is_available = true;
    const auto added = submit(walk_in(1));
    log.is_available = false;
    const auto asked = submit(read_floor{});
    EXPECT_EQ(code(asked), errc::database_unavailable) << "memory is ahead";
    log.answer(batch_outcome::unavailable);
    EXPECT_EQ(code(added), errc::database_unavailable);
    EXPECT_EQ(ask_for(read_floor{}).code, errc::database_unavailable);
}

}  // namespace guests_test
}  // namespace qtable::test
