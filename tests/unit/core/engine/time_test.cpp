// What time alone changes, and what a person leaves behind.
#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace time_test {

class engine_time : public engine_fixture {};

TEST_F(engine_time, flags_a_late_party_once) {
    ask_for(booking(1));
    new_actions();
    come_to("2026-11-21T19:14:59Z");
    EXPECT_TRUE(new_actions().empty());
    come_to("2026-11-21T19:15:00Z");
    EXPECT_EQ(new_actions(), std::vector<std::string>{"reservation.late"});
    EXPECT_EQ(reservation_of(1).late_flagged_at, clock.time);
    EXPECT_EQ(sink.events.back().what.by.what, actor::kind::system);
    come_to("2026-11-21T19:16:00Z");
    ring();
    log.finish_all();
    come_to("2026-11-21T19:17:00Z");
    engine after_restart(0, clock, log, render, sink);
    EXPECT_EQ(after_restart.adopt(tables.image(here)), std::nullopt);
    after_restart.show(here);
    after_restart.on_second();
    EXPECT_FALSE(log.is_writing());
    EXPECT_TRUE(new_actions().empty());
    expect_sound();
}

// Two nodes command the same at the same moment, and what becomes of one's batch isn't heard: the other's row
// isn't taken for its own.
TEST_F(engine_time, knows_its_own_rows_from_another_node_s) {
    ask_for(booking(1));
    come_to("2026-11-21T19:10:00Z");
    EXPECT_TRUE(ask_for(holding(2, clock_min(21, 0))).ok());
    hand_journal other_log(tables);
    other_log.number = 2;
    recording_sink other_sink;
    engine other(0, clock, other_log, render, other_sink);
    EXPECT_EQ(other.adopt(tables.image(here)), std::nullopt);
    clock.time = at("2026-11-21T19:15:00Z");
    other.on_second();
    owner.on_second();
    ASSERT_TRUE(log.is_writing());
    other_log.commit();
    log.answer(batch_outcome::unknown);
    EXPECT_FALSE(tables.has_event(log.probed));
    log.answer_probe(tables.has_event(log.probed) ? batch_outcome::committed : batch_outcome::conflict);
    log.finish_all();
    EXPECT_TRUE(owner.find(here)->holds.empty());
    EXPECT_TRUE(reservation_of(1).late_flagged_at);
    expect_no_holes();
    expect_sound();
}

TEST_F(engine_time, knows_who_runs_late_and_who_is_there) {
    ask_for(booking(1));
    ask_for(booking(2));
    ask_for(booking(3, clock_min(19, 30)));
    ask_for(running_late{make_id<reservation_id>(1), make_id<customer_id>(1), 20});
    ask_for(check_in{make_id<reservation_id>(2), make_id<customer_id>(2)});
    new_actions();
    come_to("2026-11-21T19:34:59Z");
    EXPECT_TRUE(new_actions().empty());
    come_to("2026-11-21T19:35:00Z");
    EXPECT_EQ(new_actions().size(), 1U);
    EXPECT_TRUE(reservation_of(1).late_flagged_at);
    auto later = serving(1);
    later.minute = clock_min(20, 0);
    ask_for(later);
    EXPECT_FALSE(reservation_of(1).late_flagged_at) << "at another time it is not late yet";
}

TEST_F(engine_time, ends_a_pause_and_tells) {
    configure([](restaurant& r) { r.paused_until = at("2026-11-20T10:00:00Z"); });
    EXPECT_EQ(shown_tables(), 0);
    come_to("2026-11-20T09:59:59Z");
    EXPECT_TRUE(sink.events.empty());
    come_to("2026-11-20T10:00:00Z");
    EXPECT_EQ(new_actions(), (std::vector<std::string>{"settings.resume", "settings.resume"}));
    EXPECT_TRUE(sink.events.back().is_value_unknown);
    EXPECT_EQ(sink.events.back().what.data, "all");
    EXPECT_EQ(shown_tables(), 3);
    EXPECT_EQ(tables.at(here).what.paused_until, std::nullopt);
    come_to("2026-11-20T10:00:01Z");
    EXPECT_EQ(log.written.size(), 1U);
}

TEST_F(engine_time, pushes_waits_that_moved_and_not_too_often) {
    clock.time = at("2026-11-21T19:00:00Z");
    for (unsigned i = 1; i <= 3; ++i) ask_for(queueing(i));
    const auto pushed = [this] { return notices(customer_event_type::estimated_wait_time); };
    come_to("2026-11-21T19:00:15Z");
    EXPECT_EQ(pushed(), 0U) << "they know it from their answers";
    ask_for(guest_to(1, guest_status::left));
    come_to("2026-11-21T19:00:20Z");
    EXPECT_EQ(pushed(), 0U) << "looked at lately";
    come_to("2026-11-21T19:00:30Z");
    EXPECT_EQ(pushed(), 2U) << "both moved up";
    EXPECT_TRUE(log.written.size() == 4U) << "nothing durable";
    ask_for(guest_to(2, guest_status::left));
    come_to("2026-11-21T19:00:44Z");
    EXPECT_EQ(pushed(), 2U);
    come_to("2026-11-21T19:00:45Z");
    EXPECT_EQ(pushed(), 3U);
    EXPECT_EQ(sink.notices.back().data,
              "guest " + to_string(make_id<guest_id>(3)) + " waiting v1 position 1");
    come_to("2026-11-21T19:01:00Z");
    EXPECT_EQ(pushed(), 3U) << "nothing moved";
    ask_for(guest_to(3, guest_status::left));
    come_to("2026-11-21T19:02:00Z");
    EXPECT_EQ(owner.find(here)->due, std::nullopt) << "nobody waits";
}

TEST_F(engine_time, does_nothing_while_the_database_is_away) {
    ask_for(booking(1));
    log.is_available = false;
    come_to("2026-11-21T19:20:00Z");
    EXPECT_FALSE(reservation_of(1).late_flagged_at);
    log.is_available = true;
    come_to("2026-11-21T19:20:01Z");
    EXPECT_TRUE(reservation_of(1).late_flagged_at);
}

TEST_F(engine_time, commands_again_what_failed) {
    ask_for(booking(1));
    clock.time = at("2026-11-21T19:20:00Z");
    owner.on_second();
    log.answer(batch_outcome::unavailable);
    log.finish_all();
    EXPECT_FALSE(reservation_of(1).late_flagged_at);
    come_to("2026-11-21T19:20:01Z");
    EXPECT_TRUE(reservation_of(1).late_flagged_at);
    EXPECT_EQ(sink.answers.size(), 1U) << "nobody is answered";
}

TEST_F(engine_time, forgets_guests_and_parties_of_long_ago) {
    by = {actor::kind::staff, make_id<staff_id>(1)};
    ask_for(booking(1));
    clock.time = at("2026-11-21T19:00:00Z");
    ask_for(walk_in(1));
    ask_for(guest_to(1, guest_status::left));
    ask_for(walk_in(2));
    ask_for(guest_to(2, guest_status::seated));
    clock.time = at("2026-11-23T07:00:00Z");
    owner.forget_past_days();
    EXPECT_TRUE(owner.find(here)->guests.contains(make_id<guest_id>(1)));
    clock.time = at("2026-11-23T07:00:01Z");
    owner.forget_past_days();
    EXPECT_FALSE(owner.find(here)->guests.contains(make_id<guest_id>(1)));
    EXPECT_NE(stock().find(make_id<reservation_id>(1)), nullptr);
    clock.time = at("2026-11-24T07:00:00Z");
    owner.forget_past_days();
    EXPECT_EQ(stock().find(make_id<reservation_id>(1)), nullptr);
    EXPECT_TRUE(owner.find(here)->guests.contains(make_id<guest_id>(2))) << "who sits stays";
    EXPECT_EQ(stock().check_invariants(), std::nullopt);
    EXPECT_EQ(check_floor(*owner.find(here)), std::nullopt);
}

TEST_F(engine_time, forgets_a_customer) {
    const customer_id someone = holder(1);
    auto mine = booking(1);
    mine.customer = someone;
    mine.special_requests = "peanuts";
    configure([](restaurant& r) { r.rules.cancellation_cutoff_min = 60 * 48; });
    ask_for(mine);
    auto seated = booking(2, clock_min(18, 0));
    seated.customer = someone;
    seated.date = day("2026-11-20");
    seated.special_requests = "window";
    ask_for(seated);
    clock.time = at("2026-11-20T18:00:00Z");
    ask_for(serving(2, reservation_status::seated));
    ask_for(holding(1, clock_min(21, 0)));
    auto waiting = queueing(1);
    waiting.customer = someone;
    ask_for(waiting);
    ask_for(booking(3));
    new_actions();
    sink.notices.clear();
    EXPECT_EQ(ask_for(forget_customer{someone}).status, 204);
    for (const std::string& action : new_actions()) EXPECT_EQ(action, "customer.forget");
    EXPECT_EQ(reservation_of(1).status, reservation_status::cancelled);
    EXPECT_EQ(reservation_of(2).status, reservation_status::seated);
    for (const unsigned each : {1U, 2U}) {
        EXPECT_EQ(tables.at(here).reservations.at(make_id<reservation_id>(each)).special_requests, "");
    }
    EXPECT_EQ(notices(customer_event_type::reservation_cancelled), 1U);
    EXPECT_EQ(guest_of(1).status, guest_status::left);
    for (const unsigned each : {1U, 102U})
        EXPECT_EQ(tables.at(here).guests.at(make_id<guest_id>(each)).name, "Former guest");
    EXPECT_TRUE(owner.find(here)->holds.empty());
    EXPECT_EQ(shown_tables(clock_min(21, 0)), 3);
    const auto written = log.written.size();
    EXPECT_EQ(ask_for(forget_customer{someone}).status, 204);
    EXPECT_EQ(log.written.size(), written) << "nothing is left to forget";
    expect_sound();
}

TEST_F(engine_time, a_deleted_restaurant_is_gone_with_its_answer) {
    ask_for(holding(1));
    by = {actor::kind::staff, make_id<staff_id>(1)};
    sink.confirms = false;
    const auto deleted = submit(delete_restaurant{});
    const auto late = submit(booking(2));
    log.finish_all();
    EXPECT_FALSE(is_answered(deleted)) << "the directories hear of it first";
    EXPECT_EQ(owner.find(here)->live.view.load(), nullptr);
    EXPECT_EQ(code(late), errc::not_found);
    for (const auto& confirmed : sink.unconfirmed) confirmed();
    EXPECT_EQ(answer(deleted).status, 204);
    EXPECT_EQ(ask_for(booking(3)).code, errc::not_found);
    EXPECT_EQ(notices(customer_event_type::hold_expired), 1U);
    EXPECT_TRUE(owner.is_idle());
    EXPECT_TRUE(tables.at(here).reservations.empty());
}

TEST_F(engine_time, a_second_review_is_refused_for_good) {
    ask_for(booking(1));
    clock.time = at("2026-11-21T19:00:00Z");
    ask_for(serving(1, reservation_status::seated));
    ask_for(serving(1, reservation_status::completed));
    record_review wanted;
    wanted.what.reservation = make_id<reservation_id>(1);
    wanted.what.customer = make_id<customer_id>(1);
    wanted.what.rating = 5;
    EXPECT_EQ(ask_for(wanted).status, 201);
    const auto written = log.written.size();
    EXPECT_EQ(ask_for(wanted).code, errc::already_reviewed);
    EXPECT_EQ(log.written.size(), written + 1) << "not tried again";
    EXPECT_EQ(tables.at(here).what.review_count, 1);
}

}  // namespace time_test
}  // namespace qtable::test
