// Holds take capacity, give it back, and become reservations.
#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace holds_test {

class engine_holds : public engine_fixture {};

TEST_F(engine_holds, take_capacity_once_they_are_told) {
    const auto ticket = submit(holding(1));
    EXPECT_FALSE(is_answered(ticket));
    EXPECT_EQ(shown_tables(), 3);
    log.commit();
    EXPECT_EQ(answer(ticket).status, 201);
    EXPECT_EQ(answer(ticket).location, "/customer/holds/" + to_string(make_id<hold_id>(1)));
    EXPECT_EQ(shown_tables(), 2);
    EXPECT_EQ(new_actions(), std::vector<std::string>{"hold.create"});
    EXPECT_TRUE(log.last().reservations.empty()) << "nothing of it is durable but the window";
}

TEST_F(engine_holds, are_swapped_in_one_move) {
    ask_for(holding(1, clock_min(19, 0), 4));
    auto next = holding(1, clock_min(20, 0), 4);
    next.id = make_id<hold_id>(11);
    EXPECT_EQ(ask_for(next).status, 201) << "its own place doesn't stand in its way";
    EXPECT_EQ(shown_tables(clock_min(18, 0), 4), 1);
    EXPECT_EQ(shown_tables(clock_min(20, 0), 4), 0);
    EXPECT_EQ(ask_for(read_holds{holder(1), std::nullopt}).body,
              "hold " + to_string(make_id<hold_id>(11)) + " at 20:00;");
    expect_sound();
}

TEST_F(engine_holds, meet_the_one_before_that_is_not_given_back_yet) {
    ask_for(holding(1, clock_min(19, 0), 4));
    auto next = holding(1, clock_min(19, 30), 4);
    next.id = make_id<hold_id>(11);
    submit(next);
    auto held = booking_held(1, clock_min(19, 30), 4);
    held.hold = next.id;
    const auto early = submit(held);
    log.finish_all();
    EXPECT_EQ(code(early), errc::overloaded)
        << "its table is the old hold's until the commit; a retry gets it";
    held.id = make_id<reservation_id>(9);
    EXPECT_EQ(ask_for(held).status, 201);
    expect_sound();
}

TEST_F(engine_holds, stand_when_the_new_one_is_not_to_be_had) {
    ask_for(holding(1, clock_min(19, 0), 4));
    auto next = holding(1, clock_min(19, 0), 5);
    next.id = make_id<hold_id>(11);
    EXPECT_EQ(ask_for(next).code, errc::slot_unavailable);
    EXPECT_EQ(ask_for(booking_held(1, clock_min(19, 0), 4)).status, 201);
}

TEST_F(engine_holds, become_reservations_in_a_full_house) {
    ask_for(holding(1));
    ask_for(booking(2));
    ask_for(booking(3));
    EXPECT_EQ(shown_tables(), 0);
    EXPECT_EQ(ask_for(booking(4)).code, errc::slot_unavailable);
    EXPECT_EQ(ask_for(booking_held(1)).status, 201);
    EXPECT_EQ(shown_tables(), 0);
    EXPECT_EQ(ask_for(booking_held(1)).code, errc::internal) << "an id is used once";
    auto again = booking_held(1);
    again.id = make_id<reservation_id>(9);
    EXPECT_EQ(ask_for(again).code, errc::hold_expired) << "a hold is used once";
    expect_sound();
}

TEST_F(engine_holds, are_good_for_what_is_held_by_who_holds_it) {
    ask_for(holding(1));
    EXPECT_EQ(ask_for(booking_held(1, clock_min(19, 30))).code, errc::hold_expired);
    EXPECT_EQ(ask_for(booking_held(1, clock_min(19, 0), 3)).code, errc::hold_expired);
    auto stranger = booking(2);
    stranger.hold = make_id<hold_id>(1);
    EXPECT_EQ(ask_for(stranger).code, errc::hold_expired);
    auto own = booking(3);
    own.customer = holder(3);
    ask_for(own);
    EXPECT_EQ(ask_for(holding(3, clock_min(20, 0))).code, errc::already_booked);
    own = booking(4, clock_min(20, 0));
    own.customer = holder(1);
    ask_for(own);
    auto held = booking_held(1);
    held.id = make_id<reservation_id>(9);
    EXPECT_EQ(ask_for(held).code, errc::already_booked);
}

TEST_F(engine_holds, expire_at_use_and_by_themselves) {
    ask_for(holding(1));
    clock.time = clock.time.plus_ms(limits::hold_ms);
    EXPECT_EQ(ask_for(booking_held(1)).code, errc::hold_expired);
    EXPECT_EQ(ask_for(read_holds{holder(1), std::nullopt}).body, "");
    EXPECT_EQ(ask_for(read_holds{holder(1), make_id<hold_id>(1)}).code, errc::not_found);
    new_actions();
    owner.on_second();
    EXPECT_EQ(notices(customer_event_type::hold_expired), 0U) << "not committed";
    log.finish_all();
    EXPECT_EQ(shown_tables(), 3);
    EXPECT_EQ(notices(customer_event_type::hold_expired), 1U);
    EXPECT_EQ(new_actions(), std::vector<std::string>{"hold.expire"});
    owner.on_second();
    EXPECT_FALSE(log.is_writing());
    EXPECT_TRUE(owner.is_idle());
}

TEST_F(engine_holds, are_released_and_released_again) {
    ask_for(holding(1));
    const release_hold release{make_id<hold_id>(1), holder(1)};
    EXPECT_EQ(ask_for(release_hold{release.id, holder(2)}).status, 204);
    EXPECT_EQ(shown_tables(), 2) << "not the stranger's";
    EXPECT_EQ(ask_for(release).status, 204);
    EXPECT_EQ(shown_tables(), 3);
    EXPECT_EQ(ask_for(release).status, 204);
    EXPECT_EQ(log.written.size(), 2U);
}

TEST_F(engine_holds, survive_a_reload_where_their_place_is_free) {
    ask_for(holding(1, clock_min(19, 0), 4));
    ask_for(holding(2));
    reservation thief;
    thief.id = make_id<reservation_id>(50);
    thief.restaurant = here;
    thief.customer = make_id<customer_id>(50);
    thief.date = dinner;
    thief.minute = clock_min(19, 0);
    thief.party_size = 4;
    thief.tables = {make_id<table_id>(3)};
    thief.starts_at = thief.blocks_from = at("2026-11-21T19:00:00Z");
    thief.ends_at = thief.blocks_until = at("2026-11-21T21:00:00Z");
    tables.at(here).reservations[thief.id] = thief;
    ring();
    log.finish_all();
    EXPECT_EQ(notices(customer_event_type::hold_expired), 1U);
    EXPECT_EQ(sink.notices.back().customer, holder(1));
    EXPECT_EQ(shown_tables(), 1);
    EXPECT_EQ(sink.resyncs, 1) << "no row tells of the place that is free again";
    EXPECT_EQ(ask_for(booking_held(2)).status, 201);
}

TEST_F(engine_holds, of_a_failed_commit_never_were) {
    const auto first = submit(holding(1));
    log.answer(batch_outcome::unavailable);
    log.finish_all();
    EXPECT_EQ(code(first), errc::database_unavailable);
    EXPECT_EQ(shown_tables(), 3);
    ask_for(holding(1));
    const auto booked = submit(booking_held(1));
    log.answer(batch_outcome::conflict);
    log.finish_all();
    EXPECT_EQ(answer(booked).status, 201) << "what a failed booking used up is held again";
    expect_sound();
}

TEST_F(engine_holds, take_a_published_slot_without_counting_it_down) {
    publish_in_database(make_slot(7, dinner, clock_min(19, 0), 2, 1));
    ask_for(holding(1));
    EXPECT_EQ(shown_tables(), 0);
    EXPECT_EQ(stock().find_slot(make_id<slot_id>(7))->available_tables, 1);
    EXPECT_EQ(ask_for(booking(2)).code, errc::slot_unavailable);
    EXPECT_EQ(ask_for(booking_held(1)).status, 201);
    EXPECT_EQ(tables.at(here).slots.at(make_id<slot_id>(7)).available_tables, 0);
    ask_for(cancel_reservation{make_id<reservation_id>(1), holder(1), std::nullopt});
    ask_for(holding(2));
    ask_for(change_slot{make_id<slot_id>(7), 0, std::nullopt, std::nullopt});
    EXPECT_EQ(ask_for(booking_held(2)).code, errc::hold_expired) << "staff took it back";
    expect_sound();
}

}  // namespace holds_test
}  // namespace qtable::test
