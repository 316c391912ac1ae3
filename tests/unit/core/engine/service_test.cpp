// What staff do to reservations: seat, end, undo, move; the chain reservation → guest → table.
#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace service_test {

using status = reservation_status;

class engine_service : public engine_fixture {
  protected:
    engine_service() {
        by = {actor::kind::staff, make_id<staff_id>(1)};
        ask_for(booking(1));
        clock.time = at("2026-11-21T19:02:00Z");
        new_actions();
        sink.notices.clear();
    }
    // Tables 2 and 3 together seat six.
    void configure_pair() {
        configure([](restaurant& r) { r.combinations = {combine(1, {2, 3}, 6)}; });
    }
    static change_table change_dirty(unsigned number) {
        change_table made;
        made.id = make_id<table_id>(number);
        made.status = table_status::dirty;
        return made;
    }
    void seat(unsigned number) { EXPECT_TRUE(ask_for(serving(number, status::seated)).ok()); }
};

TEST_F(engine_service, seating_makes_the_guest_and_tells_both_sides) {
    const auto ticket = submit(serving(1, status::seated));
    EXPECT_EQ(owner.find(here)->live.view.load()->config->tables[0].status, table_status::available);
    log.commit();
    EXPECT_EQ(answer(ticket).body, "reservation " + to_string(make_id<reservation_id>(1)) + " seated v2");
    EXPECT_EQ(new_actions(),
              (std::vector<std::string>{"reservation.seat", "guest.seat", "table.seat", "reservation.seat"}));
    const auto& events = sink.events;
    EXPECT_EQ(events[2].what.type, event_type::customer_reservation_updated);
    EXPECT_EQ(events[3].what.type, event_type::guest_created);
    EXPECT_EQ(events[4].what.type, event_type::table_updated);
    EXPECT_EQ(events[4].what.subject, make_id<table_id>(1));
    EXPECT_EQ(notices(customer_event_type::reservation_updated), 1U);
    EXPECT_EQ(sink.configurations, 0) << "the directory has nothing to learn";
    const table& shown = owner.find(here)->live.view.load()->config->tables[0];
    EXPECT_EQ(shown.status, table_status::occupied);
    EXPECT_EQ(shown.current_guest_id, make_id<guest_id>(101));
    EXPECT_EQ(shown.version, 2);
    EXPECT_EQ(guest_of(101).reservation, make_id<reservation_id>(1));
    EXPECT_EQ(guest_of(101).name, "Ada");
    EXPECT_EQ(reservation_of(1).blocks_from, at("2026-11-21T19:00:00Z"));
    EXPECT_EQ(reservation_of(1).blocks_until, at("2026-11-21T21:05:00Z"));
    EXPECT_EQ(reservation_of(1).starts_at, at("2026-11-21T19:00:00Z"));
    expect_sound();
}

TEST_F(engine_service, refuses_illegal_moves_with_where_it_is) {
    const auto refused = [this](status to, status current) {
        const reply told = ask_for(serving(1, to));
        EXPECT_EQ(told.code, errc::illegal_transition);
        EXPECT_EQ(told.current, current);
    };
    refused(status::completed, status::confirmed);
    seat(1);
    for (const status to : {status::seated, status::cancelled, status::no_show, status::confirmed})
        refused(to, status::seated);
    EXPECT_TRUE(ask_for(serving(1, status::completed)).ok());
    for (const status to : {status::seated, status::cancelled, status::no_show, status::completed})
        refused(to, status::completed);
    EXPECT_EQ(ask_for(serving(1)).code, errc::illegal_transition);
    EXPECT_EQ(ask_for(serving(9, status::seated)).code, errc::not_found);
    auto stale = serving(1, status::completed);
    stale.if_version = 1;
    EXPECT_EQ(ask_for(stale).code, errc::precondition_failed);
}

TEST_F(engine_service, completing_leaves_dirty_tables_and_free_capacity) {
    seat(1);
    clock.time = at("2026-11-21T20:10:00Z");
    new_actions();
    ask_for(serving(1, status::completed));
    EXPECT_EQ(new_actions(), (std::vector<std::string>{"reservation.complete", "guest.complete", "table.free",
                                                       "reservation.complete"}));
    EXPECT_EQ(table_of(1).status, table_status::dirty);
    EXPECT_EQ(guest_of(101).status, guest_status::completed);
    EXPECT_EQ(reservation_of(1).status, status::completed);
    EXPECT_EQ(shown_tables(clock_min(20, 30)), 3) << "dirty tables are for sale";
    EXPECT_EQ(owner.find(here)->learned.parties, 1);
    expect_sound();
    EXPECT_EQ(owner.find(here)->learned.parties, 1) << "learned again from the database";
    const reply cleared = ask_for(clear_table{make_id<table_id>(1), std::nullopt});
    EXPECT_EQ(cleared.body, "table T1 v4");
    EXPECT_EQ(table_of(1).status, table_status::available);
}

TEST_F(engine_service, clearing_an_occupied_table_ends_its_party) {
    configure_pair();
    ask_for(booking(2, clock_min(19, 30), 6));
    seat(2);
    EXPECT_EQ(table_of(3).status, table_status::occupied);
    EXPECT_EQ(ask_for(clear_table{make_id<table_id>(3), 99}).code, errc::precondition_failed);
    ask_for(clear_table{make_id<table_id>(3), std::nullopt});
    EXPECT_EQ(table_of(3).status, table_status::available);
    EXPECT_EQ(table_of(2).status, table_status::dirty);
    EXPECT_EQ(reservation_of(2).status, status::completed);
    EXPECT_EQ(ask_for(clear_table{make_id<table_id>(9), std::nullopt}).code, errc::not_found);
    expect_sound();
}

TEST_F(engine_service, seats_early_and_late_until_the_next_party) {
    ask_for(booking(2, clock_min(21, 0)));
    ask_for(serving(2));
    auto to_one = serving(2);
    to_one.where = at_tables({1});
    ask_for(to_one);
    clock.time = at("2026-11-21T19:40:00Z");
    seat(1);
    EXPECT_EQ(reservation_of(1).blocks_until, at("2026-11-21T21:00:00Z")) << "the next party's start";
    ask_for(booking(3, clock_min(21, 0)));
    clock.time = at("2026-11-21T19:45:00Z");
    seat(3);
    EXPECT_EQ(reservation_of(3).blocks_from, at("2026-11-21T19:45:00Z"));
    EXPECT_EQ(reservation_of(3).starts_at, at("2026-11-21T21:00:00Z"));
    EXPECT_EQ(table_of(2).status, table_status::occupied);
    expect_sound();
}

TEST_F(engine_service, seats_at_named_tables_that_are_free_and_fit) {
    auto wanted = serving(1, status::seated);
    wanted.where = at_tables({9});
    EXPECT_EQ(ask_for(wanted).code, errc::not_found);
    ask_for(booking(2, clock_min(19, 30), 4));
    wanted.where = at_tables({3});
    EXPECT_EQ(ask_for(wanted).code, errc::table_not_free) << "someone is booked there soon";
    wanted.where = at_tables({2});
    EXPECT_TRUE(ask_for(wanted).ok());
    EXPECT_EQ(table_of(2).status, table_status::occupied);
    EXPECT_EQ(table_of(1).status, table_status::available);
    EXPECT_EQ(shown_tables(clock_min(19, 0), 2), 0) << "past";
    ask_for(booking(3, clock_min(19, 30)));
    auto other = serving(3, status::seated);
    other.where = at_tables({2});
    const reply refused = ask_for(other);
    EXPECT_EQ(refused.code, errc::table_not_free);
    EXPECT_EQ(refused.current_table, table_status::occupied);
    auto small = serving(2, status::seated);
    small.where = at_tables({1});
    EXPECT_EQ(ask_for(small).code, errc::party_does_not_fit);
    expect_sound();
}

TEST_F(engine_service, another_table_when_its_own_is_dirty) {
    ask_for(change_dirty(1));
    seat(1);
    EXPECT_EQ(table_of(2).status, table_status::occupied);
    EXPECT_EQ(table_of(1).status, table_status::dirty);
    ask_for(booking(2, clock_min(19, 30)));
    ask_for(booking(3, clock_min(19, 30)));
    ask_for(change_dirty(3));
    EXPECT_EQ(ask_for(serving(2, status::seated)).code, errc::table_not_free);
    expect_sound();
}

TEST_F(engine_service, moves_a_seated_party) {
    seat(1);
    clock.time = at("2026-11-21T19:33:00Z");
    auto move = serving(1);
    move.where = at_tables({3});
    EXPECT_TRUE(ask_for(move).ok());
    EXPECT_EQ(table_of(1).status, table_status::dirty);
    EXPECT_EQ(table_of(3).status, table_status::occupied);
    EXPECT_EQ(guest_of(101).tables, std::vector{make_id<table_id>(3)});
    EXPECT_EQ(reservation_of(1).blocks_from, at("2026-11-21T19:30:00Z"));
    auto longer = serving(1);
    longer.stay_min = 180;
    EXPECT_TRUE(ask_for(longer).ok());
    EXPECT_EQ(reservation_of(1).blocks_until, at("2026-11-21T22:35:00Z"));
    auto time = serving(1);
    time.minute = clock_min(20, 0);
    EXPECT_EQ(ask_for(time).code, errc::illegal_transition);
    expect_sound();
}

TEST_F(engine_service, a_party_sits_on_after_one_whose_time_has_passed) {
    ask_for(booking(2, clock_min(21, 0)));
    auto to_one = serving(2);
    to_one.where = at_tables({1});
    ask_for(to_one);
    seat(1);
    ASSERT_EQ(reservation_of(2).tables, reservation_of(1).tables) << "expected after the first";
    clock.time = at("2026-11-22T00:03:00Z");
    auto longer = serving(1);
    longer.stay_min = 60;
    EXPECT_TRUE(ask_for(longer).ok()) << "the second never came, and its time is over";
    EXPECT_EQ(reservation_of(1).blocks_from, at("2026-11-22T00:00:00Z"));
    EXPECT_EQ(reservation_of(1).blocks_until, at("2026-11-22T01:05:00Z"));
    expect_sound();
}

TEST_F(engine_service, staff_cancel_and_mark_no_shows) {
    EXPECT_TRUE(ask_for(serving(1, status::no_show)).ok());
    EXPECT_EQ(new_actions().front(), "reservation.no_show");
    EXPECT_EQ(notices(customer_event_type::reservation_updated), 1U);
    EXPECT_EQ(shown_tables(clock_min(19, 30)), 3);
    ask_for(booking(2, clock_min(20, 0)));
    new_actions();
    EXPECT_TRUE(ask_for(serving(2, status::cancelled)).ok());
    EXPECT_EQ(new_actions().front(), "reservation.cancel");
    EXPECT_EQ(notices(customer_event_type::reservation_cancelled), 1U);
    auto both = serving(1, status::no_show);
    both.minute = clock_min(20, 0);
    ask_for(booking(3, clock_min(20, 0)));
    both.id = make_id<reservation_id>(3);
    both.minute = clock_min(21, 0);
    EXPECT_EQ(ask_for(both).code, errc::invalid_input) << "the end, and nothing else";
    expect_sound();
}

TEST_F(engine_service, undoes_a_no_show_in_time_and_where_there_is_room) {
    ask_for(serving(1, status::no_show));
    clock.time = at("2026-11-21T19:17:00Z");
    EXPECT_TRUE(ask_for(serving(1, status::confirmed)).ok()) << "within the grace, though its start is past";
    EXPECT_EQ(reservation_of(1).tables, std::vector{make_id<table_id>(1)});
    ask_for(serving(1, status::no_show));
    for (unsigned i = 2; i <= 4; ++i) EXPECT_TRUE(ask_for(booking(i, clock_min(19, 30))).ok());
    const reply full = ask_for(serving(1, status::confirmed));
    EXPECT_EQ(full.code, errc::slot_unavailable);
    EXPECT_TRUE(full.why.has(reason::no_table));
    clock.time = at("2026-11-21T19:33:00Z");
    EXPECT_EQ(ask_for(serving(1, status::confirmed)).code, errc::undo_expired);
    expect_sound();
}

TEST_F(engine_service, moves_and_assigns_what_is_confirmed) {
    auto assign = serving(1);
    assign.where = at_tables({3});
    EXPECT_TRUE(ask_for(assign).ok());
    EXPECT_EQ(new_actions().front(), "reservation.assign");
    auto later = serving(1);
    later.minute = clock_min(20, 30);
    EXPECT_TRUE(ask_for(later).ok());
    EXPECT_EQ(reservation_of(1).tables, std::vector{make_id<table_id>(3)}) << "it keeps its table";
    EXPECT_EQ(reservation_of(1).minute, clock_min(20, 30));
    EXPECT_EQ(ask_for(serving(1)).version, 3) << "nothing asked, nothing changed";
    ask_for(booking(2, clock_min(20, 30)));
    assign.where = at_tables({1});
    EXPECT_EQ(ask_for(assign).code, errc::table_not_free);
    assign.where = at_tables({});
    assign.where.combination = make_id<combination_id>(9);
    EXPECT_EQ(ask_for(assign).code, errc::not_found);
    auto past = serving(1);
    past.minute = clock_min(18, 0);
    EXPECT_TRUE(ask_for(past).ok()) << "staff write down what was";
    EXPECT_EQ(tables.at(here).reservations.at(make_id<reservation_id>(1)).tables,
              std::vector{make_id<table_id>(3)});
    expect_sound();
}

TEST_F(engine_service, records_what_staff_set_aside) {
    ask_for(serving(1, status::no_show));
    configure([](restaurant& r) { r.rules.house_pacing_parties = 1; });
    ask_for(booking(2, clock_min(20, 0)));
    ask_for(booking(3, clock_min(21, 0)));
    auto move = serving(3);
    move.minute = clock_min(20, 0);
    const reply paced = ask_for(move);
    EXPECT_EQ(paced.code, errc::slot_unavailable);
    EXPECT_EQ(paced.why, reasons(reason::pacing));
    move.overrides = reason::pacing;
    move.overrides.add(reason::closed);
    EXPECT_TRUE(ask_for(move).ok());
    const auto& rows = tables.at(here).events;
    const auto changed = std::find_if(rows.rbegin(), rows.rend(), [](const auto& row) {
        return row.type == event_type::customer_reservation_updated && row.action == "reservation.change";
    });
    ASSERT_NE(changed, rows.rend());
    EXPECT_EQ(changed->overrides, "pacing") << "those that counted";
    EXPECT_EQ(changed->subject, make_id<reservation_id>(3));
    EXPECT_EQ(changed->by.what, actor::kind::staff);
}

TEST_F(engine_service, customers_check_in_and_run_late) {
    const check_in here_i_am{make_id<reservation_id>(1), make_id<customer_id>(1)};
    EXPECT_EQ(ask_for(check_in{here_i_am.id, make_id<customer_id>(2)}).code, errc::not_found);
    EXPECT_EQ(ask_for(running_late{here_i_am.id, here_i_am.customer, 20}).version, 2);
    EXPECT_EQ(reservation_of(1).running_late_min, 20);
    EXPECT_EQ(ask_for(here_i_am).version, 3);
    EXPECT_EQ(ask_for(here_i_am).version, 3) << "again: the same";
    EXPECT_EQ(new_actions(), (std::vector<std::string>{"reservation.running_late", "reservation.check_in"}));
    EXPECT_EQ(sink.events.back().what.type, event_type::customer_checked_in);
    EXPECT_EQ(ask_for(running_late{here_i_am.id, here_i_am.customer, 0}).version, 4);
    EXPECT_EQ(reservation_of(1).running_late_min, std::nullopt);
    seat(1);
    EXPECT_EQ(ask_for(here_i_am).current, status::seated);
}

}  // namespace service_test
}  // namespace qtable::test
