#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace reservations_test {

class engine_reservations : public engine_fixture {};

TEST_F(engine_reservations, answers_a_booking_after_its_commit) {
    const auto ticket = submit(booking(1));
    EXPECT_FALSE(is_answered(ticket));
    EXPECT_TRUE(sink.events.empty());
    EXPECT_EQ(shown_tables(), 3) << "not committed, not shown";

    log.commit();
    const reply told = answer(ticket);
    EXPECT_EQ(told.code, errc::ok);
    EXPECT_EQ(told.status, 201);
    EXPECT_EQ(told.version, 1);
    EXPECT_EQ(told.location, "/customer/reservations/" + to_string(make_id<reservation_id>(1)));
    EXPECT_EQ(told.body, "reservation " + to_string(make_id<reservation_id>(1)) + " confirmed v1");
    EXPECT_EQ(shown_tables(), 2);

    const batch& written = log.last();
    ASSERT_EQ(written.reservations.size(), 1U);
    const reservation& row = written.reservations[0];
    EXPECT_EQ(row.tables, std::vector{make_id<table_id>(1)});
    EXPECT_EQ(row.minute, clock_min(19, 0));
    EXPECT_EQ(row.starts_at, at("2026-11-21T19:00:00Z"));
    EXPECT_EQ(row.ends_at, at("2026-11-21T21:00:00Z"));
    EXPECT_EQ(row.created_at, clock.time);
    EXPECT_EQ(row.confirmation_code, "code");
    ASSERT_EQ(sink.notices.size(), 1U);
    EXPECT_EQ(sink.notices[0].type, customer_event_type::reservation_confirmed);
    EXPECT_EQ(sink.notices[0].customer, make_id<customer_id>(1));
}

TEST_F(engine_reservations, logs_the_booking_and_its_window) {
    ask_for(booking(1));
    ASSERT_EQ(sink.events.size(), 2U);
    const released_event& made = sink.events[0];
    EXPECT_EQ(made.what.type, event_type::customer_reservation_received);
    EXPECT_EQ(made.what.seq, 1);
    EXPECT_EQ(made.what.public_seq, 0);
    EXPECT_EQ(made.epoch, epoch);
    const released_event& window = sink.events[1];
    EXPECT_EQ(window.what.type, event_type::availability_updated);
    EXPECT_EQ(window.what.seq, 2);
    EXPECT_EQ(window.what.public_seq, 1);
    EXPECT_FALSE(window.is_value_unknown);
    ASSERT_FALSE(window.changes.empty());
    for (const availability_change& change : window.changes) EXPECT_EQ(change.date, dinner);
}

TEST_F(engine_reservations, refuses_each_with_its_code) {
    ask_for(booking(1));
    auto wanted = booking(2);
    wanted.date = day("2026-11-19");
    EXPECT_EQ(ask_for(wanted).code, errc::past);
    EXPECT_EQ(ask_for(booking(2, clock_min(19, 0), 0)).code, errc::party_too_small);
    EXPECT_EQ(ask_for(booking(2, clock_min(19, 0), 21)).code, errc::party_too_large);
    EXPECT_EQ(ask_for(booking(2, clock_min(19, 10))).code, errc::slot_unavailable) << "not on the grid";
    EXPECT_EQ(ask_for(booking(2, clock_min(22, 0))).code, errc::slot_unavailable) << "closes too early";
    EXPECT_EQ(ask_for(booking(2, clock_min(19, 0), 5)).code, errc::slot_unavailable) << "no table as large";
    wanted = booking(2);
    wanted.date = dinner.plus_days(100);
    EXPECT_EQ(ask_for(wanted).code, errc::max_notice);
    wanted = booking(2, clock_min(20, 0));
    wanted.customer = make_id<customer_id>(1);
    EXPECT_EQ(ask_for(wanted).code, errc::already_booked);
    wanted = booking(2);
    wanted.hold = make_id<hold_id>(1);
    EXPECT_EQ(ask_for(wanted).code, errc::hold_expired);
    EXPECT_EQ(ask_for(booking(1, clock_min(21, 0))).code, errc::internal) << "an id is used once";
    EXPECT_EQ(code(submit_at(make_id<restaurant_id>(9), booking(2))), errc::not_found);
    EXPECT_EQ(log.written.size(), 1U) << "refusals write nothing";
}

TEST_F(engine_reservations, refuses_for_notice_pause_and_pacing) {
    configure([](restaurant& r) { r.rules.min_notice_min = 36 * 60; });
    EXPECT_EQ(ask_for(booking(1)).code, errc::min_notice);
    configure([this](restaurant& r) {
        r.rules.min_notice_min = 0;
        r.paused_until = clock.time.plus_minutes(30);
    });
    reply told = ask_for(booking(1));
    EXPECT_EQ(told.code, errc::slot_unavailable);
    EXPECT_TRUE(told.why.has(reason::paused));
    EXPECT_TRUE(told.alternatives.empty());
    configure([](restaurant& r) {
        r.paused_until.reset();
        r.rules.pacing_parties = 1;
    });
    EXPECT_TRUE(ask_for(booking(1)).ok());
    told = ask_for(booking(2));
    EXPECT_EQ(told.code, errc::slot_unavailable);
    EXPECT_TRUE(told.why.has(reason::pacing));
}

TEST_F(engine_reservations, refuses_a_time_in_the_gap_of_the_zone) {
    tables.add_zone(berlin());
    configure([](restaurant& r) {
        r.profile.timezone = "Europe/Berlin";
        r.profile.hours = every_day("00:00-24:00");
        r.rules.window_days = 366;
    });
    auto wanted = booking(1, clock_min(2, 30));
    wanted.date = day("2027-03-28");
    EXPECT_EQ(ask_for(wanted).code, errc::invalid_local_time);
}

TEST_F(engine_reservations, names_the_nearest_alternatives) {
    for (unsigned i = 1; i <= 3; ++i) EXPECT_TRUE(ask_for(booking(i)).ok());
    const reply told = ask_for(booking(4));
    EXPECT_EQ(told.code, errc::slot_unavailable);
    EXPECT_TRUE(told.why.has(reason::no_table));
    ASSERT_EQ(told.alternatives.size(), 1U);
    EXPECT_EQ(told.alternatives[0].minute, clock_min(21, 0));
    EXPECT_EQ(told.alternatives[0].starts_at, at("2026-11-21T21:00:00Z"));
    EXPECT_EQ(told.alternatives[0].ends_at, at("2026-11-21T23:00:00Z"));
}

TEST_F(engine_reservations, gives_the_last_table_to_one_of_a_thousand) {
    configure([](restaurant& r) { r.tables.resize(1); });
    std::vector<std::uint64_t> asked;
    for (unsigned i = 1; i <= 1000; ++i) asked.push_back(submit(booking(i)));
    EXPECT_TRUE(sink.answers.empty()) << "refusals rest on a booking that isn't committed";
    log.finish_all();

    int accepted = 0;
    for (const std::uint64_t ticket : asked) {
        const reply told = answer(ticket);
        accepted += told.ok() ? 1 : 0;
        if (told.ok()) continue;
        EXPECT_EQ(told.code, errc::slot_unavailable);
        EXPECT_FALSE(told.alternatives.empty());
    }
    EXPECT_EQ(accepted, 1);
    EXPECT_EQ(tables.at(here).reservations.size(), 1U);
    EXPECT_EQ(log.written.size(), 1U);
}

TEST_F(engine_reservations, changes_details_in_place) {
    ask_for(booking(1));
    auto wanted = changing(1);
    wanted.special_requests = "window";
    wanted.if_version = 1;
    const reply told = ask_for(wanted);
    EXPECT_TRUE(told.ok());
    EXPECT_EQ(told.version, 2);
    const reservation& row = tables.at(here).reservations.at(make_id<reservation_id>(1));
    EXPECT_EQ(row.special_requests, "window");
    EXPECT_EQ(row.version, 2);
    EXPECT_EQ(sink.events.back().what.type, event_type::customer_reservation_updated);
    EXPECT_EQ(sink.notices.back().type, customer_event_type::reservation_updated);
    EXPECT_EQ(shown_tables(), 2);
}

TEST_F(engine_reservations, moves_and_gives_the_old_time_back_after_the_commit) {
    ask_for(booking(1));
    auto wanted = changing(1);
    wanted.minute = clock_min(21, 0);
    const auto ticket = submit(wanted);
    EXPECT_EQ(shown_tables(), 2);
    EXPECT_EQ(shown_tables(clock_min(21, 0)), 3);
    log.commit();
    EXPECT_TRUE(answer(ticket).ok());
    EXPECT_EQ(shown_tables(), 3);
    EXPECT_EQ(shown_tables(clock_min(21, 0)), 2);
    EXPECT_EQ(stock().check_invariants(), std::nullopt);
    EXPECT_EQ(tables.at(here).reservations.at(make_id<reservation_id>(1)).minute, clock_min(21, 0));
}

TEST_F(engine_reservations, leaves_the_old_time_when_the_new_one_is_refused) {
    for (unsigned i = 1; i <= 3; ++i) ask_for(booking(i, clock_min(21, 0)));
    ask_for(booking(4, clock_min(18, 0)));
    const auto written = log.written.size();
    auto wanted = changing(4);
    wanted.minute = clock_min(21, 0);
    const reply told = ask_for(wanted);
    EXPECT_EQ(told.code, errc::slot_unavailable);
    EXPECT_FALSE(told.alternatives.empty());
    EXPECT_EQ(log.written.size(), written);
    const reservation* held = stock().find(make_id<reservation_id>(4));
    ASSERT_NE(held, nullptr);
    EXPECT_EQ(held->minute, clock_min(18, 0));
    EXPECT_EQ(held->version, 1);
    EXPECT_EQ(shown_tables(clock_min(18, 0)), 2);
}

TEST_F(engine_reservations, refuses_changes_each_with_its_code) {
    configure([](restaurant& r) { r.rules.cancellation_cutoff_min = 60; });
    ask_for(booking(1));
    auto wanted = changing(1);
    wanted.customer = make_id<customer_id>(2);
    EXPECT_EQ(ask_for(wanted).code, errc::not_found);
    EXPECT_EQ(ask_for(changing(9)).code, errc::not_found);
    wanted = changing(1);
    wanted.if_version = 7;
    EXPECT_EQ(ask_for(wanted).code, errc::precondition_failed);
    wanted = changing(1);
    wanted.party_size = 50;
    EXPECT_EQ(ask_for(wanted).code, errc::party_too_large);
    auto cancel = cancelling(1);
    cancel.if_version = 7;
    EXPECT_EQ(ask_for(cancel).code, errc::precondition_failed);
    cancel = cancelling(1);
    cancel.customer = make_id<customer_id>(2);
    EXPECT_EQ(ask_for(cancel).code, errc::not_found);
    EXPECT_EQ(ask_for(cancelling(9)).code, errc::not_found);
    clock.time = at("2026-11-21T18:00:00Z");
    EXPECT_EQ(ask_for(changing(1)).code, errc::cutoff_passed);
    EXPECT_EQ(ask_for(cancelling(1)).code, errc::cutoff_passed);
    clock.time = at("2026-11-21T17:59:59Z");
    EXPECT_TRUE(ask_for(cancelling(1)).ok());
}

TEST_F(engine_reservations, refuses_moves_that_the_status_does_not_allow) {
    ask_for(booking(1));
    ask_for(cancelling(1));
    const reply told = ask_for(changing(1));
    EXPECT_EQ(told.code, errc::illegal_transition);
    EXPECT_EQ(told.current, reservation_status::cancelled);

    ask_for(booking(2));
    tables.at(here).reservations.at(make_id<reservation_id>(2)).status = reservation_status::seated;
    owner.reload(std::vector<restaurant_id>{here});
    log.finish_load();
    EXPECT_EQ(ask_for(cancelling(2)).current, reservation_status::seated);
    EXPECT_EQ(ask_for(changing(2)).code, errc::illegal_transition);
    tables.at(here).reservations.at(make_id<reservation_id>(2)).status = reservation_status::completed;
    owner.reload(std::vector<restaurant_id>{here});
    log.finish_load();
    EXPECT_EQ(ask_for(cancelling(2)).current, reservation_status::completed);
}

TEST_F(engine_reservations, cancels_twice_with_the_same_answer) {
    ask_for(booking(1));
    const reply first = ask_for(cancelling(1));
    EXPECT_TRUE(first.ok());
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.version, 2);
    EXPECT_EQ(sink.events[2].what.type, event_type::customer_reservation_cancelled);
    EXPECT_EQ(sink.notices.back().type, customer_event_type::reservation_cancelled);
    const auto written = log.written.size();
    const reply again = ask_for(cancelling(1));
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.version, first.version);
    EXPECT_EQ(log.written.size(), written);
}

TEST_F(engine_reservations, sells_a_cancelled_table_only_after_the_commit) {
    configure([](restaurant& r) { r.tables.resize(1); });
    ask_for(booking(1));
    const auto cancelled = submit(cancelling(1));
    const auto early = submit(booking(2));
    EXPECT_EQ(shown_tables(), 0);
    EXPECT_FALSE(is_answered(early));
    log.finish_all();
    EXPECT_TRUE(answer(cancelled).ok());
    EXPECT_EQ(code(early), errc::slot_unavailable);
    EXPECT_EQ(shown_tables(), 1);
    EXPECT_TRUE(ask_for(booking(3)).ok());
}

}  // namespace reservations_test
}  // namespace qtable::test
