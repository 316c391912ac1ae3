// The database is away, or it doesn't say what became of a batch.
#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace outage_test {

class engine_outage : public engine_fixture {};

TEST_F(engine_outage, refuses_at_once_while_the_database_is_away) {
    const auto in_flight = submit(booking(1));
    const auto gathered = submit(booking(2));
    const auto waiting = submit(change_table{make_id<table_id>(1), {}, 2, {}, {}, {}, {}, {}, {}, {}});
    log.is_available = false;
    EXPECT_EQ(code(submit(booking(3))), errc::database_unavailable);
    log.answer(batch_outcome::unavailable);
    for (const auto ticket : {in_flight, gathered, waiting}) {
        EXPECT_EQ(code(ticket), errc::database_unavailable);
        EXPECT_FALSE(answer(ticket).is_uncertain);
    }
    EXPECT_EQ(shown_tables(), 3) << "reads go on";
    EXPECT_TRUE(log.loads.empty());
    EXPECT_TRUE(sink.events.empty());

    log.is_available = true;
    owner.on_journal_available();
    ASSERT_EQ(log.loads.size(), 1U);
    const auto after = submit(booking(4));
    log.finish_all();
    EXPECT_TRUE(answer(after).ok());
    expect_no_holes();
    EXPECT_TRUE(owner.is_idle());
}

TEST_F(engine_outage, refuses_all_that_gathered_when_the_database_goes) {
    const auto other = adopt_another();
    submit(booking(1));
    const auto elsewhere = submit_at(other, booking(2));
    log.is_available = false;
    log.answer(batch_outcome::unavailable);
    EXPECT_EQ(code(elsewhere), errc::database_unavailable);
    EXPECT_FALSE(log.is_writing());
    log.is_available = true;
    owner.on_journal_available();
    ASSERT_EQ(log.loads.size(), 1U);
    EXPECT_EQ(log.loads[0].first.size(), 2U) << "both are ahead of the database";
}

TEST_F(engine_outage, reads_at_once_when_just_the_write_failed) {
    const auto other = adopt_another();
    ask_for(booking(1));
    submit(booking(2));
    const auto lost = submit(booking(3));
    const auto elsewhere = submit_at(other, booking(4));
    log.answer(batch_outcome::unavailable);
    EXPECT_EQ(code(lost), errc::database_unavailable);
    EXPECT_FALSE(is_answered(elsewhere)) << "nothing of it rests on the failed batch";
    ASSERT_EQ(log.loads.size(), 1U);
    log.finish_all();
    EXPECT_TRUE(answer(elsewhere).ok());
    EXPECT_EQ(shown_tables(), 2);
}

TEST_F(engine_outage, stays_stale_until_it_can_be_read) {
    submit(booking(1));
    log.answer(batch_outcome::unavailable);
    log.fail_load();
    const auto waits = submit(booking(2));
    ASSERT_EQ(log.loads.size(), 1U) << "the next command asks again";
    log.fail_load();
    EXPECT_EQ(code(waits), errc::database_unavailable);
    EXPECT_TRUE(ask_for(booking(3)).ok());
    EXPECT_EQ(stock().reservations_on(dinner).size(), 1U);
}

TEST_F(engine_outage, asks_what_became_of_a_batch_whose_answer_was_lost) {
    const auto ticket = submit(booking(1));
    log.apply_silently();
    log.answer(batch_outcome::unknown);
    EXPECT_FALSE(is_answered(ticket));
    EXPECT_EQ(log.probed.seq, 1);
    EXPECT_TRUE(tables.has_event(log.probed));
    submit(booking(2));
    EXPECT_EQ(log.written.size(), 1U) << "nothing is sent meanwhile";
    log.answer_probe(batch_outcome::committed);
    EXPECT_TRUE(answer(ticket).ok());
    log.finish_all();
    expect_no_holes();
    EXPECT_EQ(owner.counts().unknown_outcomes, 1U);
}

TEST_F(engine_outage, decides_again_what_surely_did_not_happen) {
    const auto ticket = submit(booking(1));
    log.answer(batch_outcome::unknown);
    log.answer_probe(batch_outcome::conflict);
    log.finish_load();
    log.finish_all();
    EXPECT_TRUE(answer(ticket).ok());
    EXPECT_EQ(tables.at(here).events.size(), 2U);
    expect_no_holes();
}

TEST_F(engine_outage, tells_what_took_effect_unnoticed_once) {
    const auto ticket = submit(booking(1));
    const auto behind = submit(booking(2));
    log.is_available = false;
    log.apply_silently();
    log.answer(batch_outcome::unknown);
    log.answer_probe(batch_outcome::unavailable);
    EXPECT_TRUE(answer(ticket).is_uncertain);
    EXPECT_EQ(code(ticket), errc::database_unavailable);
    EXPECT_FALSE(answer(behind).is_uncertain) << "it was never sent";
    EXPECT_TRUE(sink.events.empty());
    EXPECT_TRUE(sink.notices.empty());
    EXPECT_EQ(sink.behind_now, 1) << "readers are warned";

    log.is_available = true;
    owner.on_journal_available();
    log.finish_load();
    EXPECT_EQ(told_seqs(), (std::vector<std::int64_t>{1, 2}));
    EXPECT_TRUE(sink.events[1].is_value_unknown);
    EXPECT_EQ(sink.behind_now, 0);
    EXPECT_EQ(shown_tables(), 2);
    ASSERT_EQ(sink.notices.size(), 1U) << "the one that is stored, not the one that never was";
    EXPECT_EQ(sink.notices[0].type, customer_event_type::reservation_confirmed);
    ring();
    log.finish_load();
    EXPECT_EQ(sink.events.size(), 2U);
    EXPECT_EQ(sink.notices.size(), 1U);
    ask_for(booking(3));
    expect_no_holes();
}

TEST_F(engine_outage, tells_no_customer_what_was_not_stored) {
    submit(booking(1));
    log.answer(batch_outcome::unknown);
    log.is_available = false;
    log.answer_probe(batch_outcome::unavailable);
    log.is_available = true;
    owner.on_journal_available();
    log.finish_load();
    EXPECT_EQ(shown_tables(), 3);
    EXPECT_TRUE(sink.notices.empty());
    ask_for(booking(1));
    EXPECT_EQ(sink.notices.size(), 1U);
    expect_no_holes();
}

TEST_F(engine_outage, asks_subscribers_to_read_anew_when_too_much_was_told_taken) {
    submit(booking(1));
    submit(booking(2));
    log.commit();  // the second is published ahead
    EXPECT_EQ(shown_tables(), 1);
    log.answer(batch_outcome::unavailable);
    log.finish_load();
    EXPECT_EQ(shown_tables(), 2);
    EXPECT_EQ(sink.resyncs, 1);
}

}  // namespace outage_test
}  // namespace qtable::test
