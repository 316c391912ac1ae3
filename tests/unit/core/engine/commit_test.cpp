// Batches: what they gather, what is told when, and what their failures lead to.
#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace commit_test {

class engine_commit : public engine_fixture {
  protected:
    // Someone else books table 1 at 19:00 in the database.
    void book_behind_our_back(unsigned number) {
        batch stranger;
        reservation r;
        r.id = make_id<reservation_id>(number);
        r.restaurant = here;
        r.customer = make_id<customer_id>(number);
        r.date = dinner;
        r.minute = clock_min(19, 0);
        r.party_size = 2;
        r.tables = {make_id<table_id>(1)};
        r.starts_at = r.blocks_from = at("2026-11-21T19:00:00Z");
        r.ends_at = r.blocks_until = at("2026-11-21T21:00:00Z");
        stranger.reservations = {r};
        logged_event made;
        made.restaurant = here;
        made.seq = static_cast<std::int64_t>(tables.at(here).events.size()) + 1;
        made.type = event_type::customer_reservation_received;
        made.command = make_id<command_id>(100'000 + number);
        logged_event window = made;
        window.seq += 1;
        window.public_seq = tables.at(here).last_public_seq + 1;
        window.type = event_type::availability_updated;
        stranger.events = {made, window};
        ASSERT_EQ(tables.apply(stranger).outcome, batch_outcome::committed);
    }
};

TEST_F(engine_commit, gathers_a_batch_while_another_is_in_flight) {
    submit(booking(1));
    submit(booking(2));
    submit(booking(3, clock_min(21, 0)));
    auto wanted = changing(2);
    wanted.special_requests = "quiet";
    submit(wanted);
    ASSERT_EQ(log.written.size(), 1U);
    EXPECT_EQ(log.last().reservations.size(), 1U);
    log.commit();
    ASSERT_EQ(log.written.size(), 2U);
    ASSERT_EQ(log.last().reservations.size(), 2U) << "created and changed: one row, as it was last";
    EXPECT_EQ(log.last().reservations[0].version, 2);
    EXPECT_EQ(log.last().events.size(), 4U) << "three changes, one window of the day";
    log.finish_all();
    EXPECT_EQ(sink.answers.size(), 4U);
    EXPECT_EQ(tables.at(here).reservations.at(make_id<reservation_id>(2)).special_requests, "quiet");
    expect_no_holes();
    EXPECT_TRUE(owner.is_idle());
}

TEST_F(engine_commit, tells_one_window_for_each_day) {
    submit(booking(1));
    submit(booking(2));
    auto later = booking(3);
    later.date = dinner.plus_days(1);
    submit(later);
    log.commit();
    std::map<std::string, int> windows;
    for (const logged_event& row : log.last().events) {
        if (row.type == event_type::availability_updated) ++windows[row.data.substr(0, 10)];
    }
    EXPECT_EQ(windows, (std::map<std::string, int>{{"2026-11-21", 1}, {"2026-11-22", 1}}));
    log.commit();
    std::vector<std::int64_t> public_seqs;
    for (const released_event& each : sink.events) {
        if (each.what.public_seq == 0) continue;
        public_seqs.push_back(each.what.public_seq);
        const bool was_told_ahead = each.what.public_seq == 2;  // with the first booking of that day
        EXPECT_EQ(each.changes.empty(), was_told_ahead);
        for (const availability_change& change : each.changes)
            EXPECT_EQ(to_string(change.date), each.what.data.substr(0, 10));
    }
    EXPECT_EQ(public_seqs, (std::vector<std::int64_t>{1, 2, 3}));
    expect_no_holes();
}

TEST_F(engine_commit, tells_values_that_were_published_ahead_with_their_own_commit) {
    auto later = booking(2);
    later.date = dinner.plus_days(1);
    submit(booking(1));
    submit(later);
    log.commit();  // publishes both days
    ASSERT_EQ(sink.events.size(), 2U);
    log.commit();
    ASSERT_EQ(sink.events.size(), 4U);
    ASSERT_FALSE(sink.events[3].changes.empty());
    EXPECT_EQ(sink.events[3].changes[0].date, dinner.plus_days(1));
    EXPECT_EQ(sink.resyncs, 0);
}

TEST_F(engine_commit, shows_too_little_rather_than_too_much) {
    ask_for(booking(1));
    submit(booking(2));
    submit(cancelling(1));
    submit(booking(3));
    log.commit();
    EXPECT_EQ(shown_tables(), 0) << "three tables: 1 is going, 2 is there, 3 is coming";
    log.commit();
    EXPECT_EQ(shown_tables(), 1);
}

TEST_F(engine_commit, reads_again_and_decides_again_after_a_conflict) {
    book_behind_our_back(50);
    const auto first = submit(booking(1));
    log.commit();  // its seq is taken
    EXPECT_FALSE(is_answered(first));
    const auto second = submit(booking(2));
    EXPECT_FALSE(log.is_writing());
    ASSERT_EQ(log.loads.size(), 1U);
    log.finish_load();
    log.finish_all();
    EXPECT_TRUE(answer(first).ok());
    EXPECT_TRUE(answer(second).ok());
    EXPECT_EQ(shown_tables(), 0);
    EXPECT_EQ(stock().reservations_on(dinner).size(), 3U);
    expect_no_holes();
    EXPECT_TRUE(sink.events[1].is_value_unknown) << "a stranger's window: its values are to be read";
    EXPECT_EQ(owner.counts().conflicts, 1U);
}

TEST_F(engine_commit, decides_in_the_same_order_again) {
    configure([](restaurant& r) { r.tables.resize(1); });
    const auto first = submit(booking(1));
    const auto second = submit(booking(2));
    const auto third = submit(booking(3));
    log.answer(batch_outcome::conflict);
    log.finish_load();
    log.finish_all();
    EXPECT_TRUE(answer(first).ok());
    EXPECT_EQ(code(second), errc::slot_unavailable);
    EXPECT_EQ(code(third), errc::slot_unavailable);
}

TEST_F(engine_commit, sends_what_failed_alone) {
    submit(booking(9, clock_min(18, 0)));
    submit(booking(1));
    submit(booking(2));
    log.commit();
    ASSERT_EQ(log.last().reservations.size(), 2U);
    log.answer(batch_outcome::conflict);
    log.finish_load();
    EXPECT_EQ(log.last().reservations.size(), 1U);
    log.commit();
    EXPECT_EQ(log.last().reservations.size(), 1U);
    log.commit();
    EXPECT_EQ(sink.answers.size(), 3U);
    expect_no_holes();
}

TEST_F(engine_commit, decides_only_the_refused_restaurant_again) {
    const restaurant_id other = adopt_another();
    book_behind_our_back(50);
    submit_at(other, booking(9));
    const auto ours = submit(booking(1), receipt("ours"));
    const auto theirs = submit_at(other, booking(2, clock_min(21, 0)), receipt("theirs"));
    submit_at(other, booking(3, clock_min(21, 0)));
    log.commit();
    ASSERT_EQ(log.last().reservations.size(), 3U);
    const batch both = log.last();
    log.commit();  // a seq of ours is taken
    ASSERT_EQ(log.loads.size(), 1U);
    ASSERT_EQ(log.loads[0].first.size(), 1U);
    EXPECT_EQ(log.loads[0].first[0].restaurant, here);
    ASSERT_TRUE(log.is_writing()) << "theirs doesn't wait for that";
    const batch& again = log.last();
    EXPECT_NE(again.id, both.id);
    std::vector<std::int64_t> seqs, seqs_before;
    for (const logged_event& row : both.events) {
        if (row.restaurant == other) seqs_before.push_back(row.seq);
    }
    for (const logged_event& row : again.events) {
        EXPECT_EQ(row.restaurant, other);
        seqs.push_back(row.seq);
    }
    EXPECT_EQ(seqs, seqs_before);
    EXPECT_EQ(again.reservations.size(), 2U);
    ASSERT_EQ(again.receipts.size(), 1U);
    EXPECT_EQ(again.receipts[0].request.key, "theirs");
    log.commit();
    EXPECT_TRUE(answer(theirs).ok());
    EXPECT_FALSE(is_answered(ours));
    log.finish_load();
    log.finish_all();
    EXPECT_TRUE(answer(ours).ok());
    EXPECT_NE(tables.find_receipt(receipt("ours")), nullptr);
    EXPECT_EQ(tables.at(other).reservations.size(), 3U);
    EXPECT_EQ(owner.counts().reloads, 1U);
    EXPECT_EQ(owner.counts().conflicts, 1U);
    EXPECT_EQ(owner.counts().conflicts_of[static_cast<std::size_t>(conflict_kind::seq_taken)], 1U);
    EXPECT_EQ(owner.counts().parted, 1U);
    EXPECT_TRUE(tables.violations().empty());
    EXPECT_TRUE(owner.is_idle());
}

TEST_F(engine_commit, parts_a_batch_as_often_as_it_takes) {
    const restaurant_id other = adopt_another();
    submit(booking(9));
    const auto ours = submit(booking(1));
    const auto theirs = submit_at(other, booking(2));
    log.commit();
    const auto refuse = [this](const restaurant_id& which) {
        EXPECT_EQ(log.last().events.front().restaurant, which);
        log.answer(batch_result{log.last().id, batch_outcome::conflict, conflict_kind::other, which});
    };
    log.answer(batch_result{log.last().id, batch_outcome::conflict, conflict_kind::other, here});
    refuse(other);
    log.finish_load();
    refuse(here);
    log.finish_load();
    log.commit();
    EXPECT_TRUE(answer(theirs).ok()) << "its second attempt";
    log.finish_load();
    EXPECT_FALSE(is_answered(ours));
    refuse(here);
    EXPECT_EQ(code(ours), errc::database_unavailable);
    EXPECT_EQ(owner.counts().given_up, 1U);
    log.finish_all();
    EXPECT_EQ(owner.counts().parted, 1U);
    EXPECT_TRUE(owner.is_idle());
    EXPECT_TRUE(tables.violations().empty());
}

TEST_F(engine_commit, tells_refusals_of_a_refused_batch_at_once) {
    const restaurant_id other = adopt_another();
    for (unsigned i = 1; i <= 3; ++i) submit_at(other, booking(i));
    log.commit();  // the first of them
    const auto too_many = submit_at(other, booking(4));
    submit(booking(5));
    log.commit();  // the second and the third
    ASSERT_EQ(log.last().reservations.size(), 1U);
    EXPECT_FALSE(is_answered(too_many));
    log.answer(batch_result{log.last().id, batch_outcome::conflict, conflict_kind::other, here});
    EXPECT_EQ(code(too_many), errc::slot_unavailable);
    EXPECT_FALSE(log.is_writing());
    log.finish_all();
    EXPECT_EQ(sink.answers.size(), 5U);
    EXPECT_TRUE(owner.is_idle());
}

TEST_F(engine_commit, takes_no_strangers_name_for_the_refused_one) {
    const restaurant_id other = adopt_another();
    submit(booking(9));
    const auto ours = submit(booking(1));
    const auto theirs = submit_at(other, booking(2));
    log.commit();
    log.answer(batch_result{log.last().id, batch_outcome::conflict, conflict_kind::other,
                            make_id<restaurant_id>(77)});
    EXPECT_EQ(log.loads[0].first.size(), 2U) << "all of the batch are read again";
    log.finish_all();
    EXPECT_TRUE(answer(ours).ok() && answer(theirs).ok());
    EXPECT_EQ(owner.counts().parted, 0U);
}

TEST_F(engine_commit, gives_up_after_three_refusals) {
    const auto ticket = submit(booking(1));
    for (int i = 0; i < limits::batch_attempts; ++i) {
        EXPECT_FALSE(is_answered(ticket));
        log.answer(batch_outcome::conflict);
        log.finish_load();
    }
    EXPECT_EQ(code(ticket), errc::database_unavailable);
    EXPECT_FALSE(answer(ticket).is_uncertain);
    EXPECT_FALSE(answer(ticket).receipt_exists);
    EXPECT_TRUE(owner.is_idle());
    EXPECT_EQ(shown_tables(), 3);
    EXPECT_TRUE(ask_for(booking(1)).ok());
    expect_no_holes();
}

TEST_F(engine_commit, stores_the_receipt_and_finds_it_again) {
    submit(booking(1), receipt("key"));
    log.commit();
    const receipt_row* row = tables.find_receipt(receipt("key"));
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->status, 201);
    EXPECT_EQ(row->body, sink.answers.at(1).body);
    EXPECT_EQ(row->location, sink.answers.at(1).location);
    EXPECT_EQ(row->version, 1);

    const auto again = submit(booking(2), receipt("key"));
    log.finish_all();
    EXPECT_EQ(code(again), errc::database_unavailable);
    EXPECT_TRUE(answer(again).receipt_exists);
    EXPECT_EQ(tables.at(here).reservations.size(), 1U);
    EXPECT_EQ(stock().reservations_on(dinner).size(), 1U);
}

TEST_F(engine_commit, finds_which_of_a_batch_has_the_receipt) {
    submit(booking(1), receipt("key"));
    log.commit();
    submit(booking(2, clock_min(21, 0)));
    const auto again = submit(booking(3), receipt("key"));
    const auto other = submit(booking(4));
    log.finish_all();
    EXPECT_TRUE(answer(again).receipt_exists);
    EXPECT_TRUE(answer(other).ok());
    EXPECT_FALSE(answer(other).receipt_exists);
}

TEST_F(engine_commit, answers_come_after_everything_else) {
    // A client that answers an answer with the next command finds the engine in order.
    std::uint64_t next = 0;
    sink.on_answer = [&](std::uint64_t) {
        if (next == 0) next = submit(booking(7, clock_min(21, 0)));
    };
    submit(booking(1));
    submit(booking(2));
    log.answer(batch_outcome::unavailable);
    log.finish_all();
    EXPECT_TRUE(answer(next).ok());
    EXPECT_EQ(stock().reservations_on(dinner).size(), 1U);

    next = 0;
    submit(booking(3));
    for (int i = 0; i < limits::batch_attempts; ++i) {
        log.answer(batch_outcome::conflict);
        log.finish_load();
    }
    log.finish_all();
    EXPECT_NE(next, 0U);
    EXPECT_EQ(stock().reservations_on(dinner).size(), tables.at(here).reservations.size());
}

TEST_F(engine_commit, drops_answers_that_come_after_it_is_gone) {
    auto gone = std::make_unique<engine>(std::uint16_t{1}, clock, log, render, sink);
    gone->adopt(tables.image(here));
    command_envelope made;
    made.restaurant = here;
    made.body = booking(1);
    made.reply_to.ticket = 1;
    gone->submit(std::move(made));
    gone->reload(std::vector<restaurant_id>{make_id<restaurant_id>(3)});
    gone.reset();
    log.finish_all();
    EXPECT_TRUE(sink.answers.empty());
}

TEST_F(engine_commit, refuses_what_it_can_not_queue) {
    submit(booking(1));
    const std::size_t bound = limits::mailbox_commands;
    for (std::size_t i = 0; i < bound; ++i) submit(cancelling(1));
    EXPECT_EQ(code(submit(cancelling(1))), errc::overloaded);
    log.finish_all();
    EXPECT_EQ(sink.answers.size(), bound + 2);
    EXPECT_TRUE(owner.is_idle());
}

TEST_F(engine_commit, bounds_a_batch) {
    configure([](restaurant& r) {
        r.tables.clear();
        for (unsigned i = 0; i < 500; ++i) r.tables.push_back(make_table(i + 1, 2));
        r.rules.turn_times = {{100, 30}};
        r.profile.hours = every_day("00:00-24:00");
    });
    for (unsigned i = 0; i < 1001; ++i) submit(booking(i + 1, static_cast<int>(i % 3 + 18) * 60));
    log.commit();
    EXPECT_EQ(log.last().reservations.size(), limits::batch_commands);
    log.finish_all();
    EXPECT_EQ(tables.at(here).reservations.size(), 1001U);
    EXPECT_EQ(owner.counts().batches, 3U);
    expect_no_holes();
}

}  // namespace commit_test
}  // namespace qtable::test
