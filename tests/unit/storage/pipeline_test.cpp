#include "storage/pg/pipeline.hpp"

#include <gmock/gmock.h>

#include "tests/unit/storage/scripted_wire.hpp"

namespace qtable::storage {
namespace pipeline_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::scripted_wire;

constexpr statement take_tables{"take_tables", "INSERT INTO taken …"};
constexpr statement log_event{"log_event", "INSERT INTO restaurant_events …"};

class pipeline_test : public ::testing::Test {
  protected:
    scripted_wire wire;
    pipeline line{wire, true, 2};
    std::vector<open_unit> finished;

    static open_unit of(std::initializer_list<statement> statements) {
        open_unit made;
        for (const statement& what : statements) made.work.add(what);
        return made;
    }
    bool send(std::initializer_list<statement> statements) {
        open_unit made = of(statements);
        return line.send(made);
    }
    // Answers a unit whose statements are prepared already.
    void prepare_both() {
        ASSERT_TRUE(send({take_tables, log_event}));
        for (int i = 0; i < 4; ++i) wire.ok();
        wire.sync();
        line.take_answers(finished);
        ASSERT_EQ(finished.size(), 1U);
        finished.clear();
        wire.sent.clear();
    }
};

TEST_F(pipeline_test, a_statement_is_prepared_on_its_first_use_only) {
    ASSERT_TRUE(send({take_tables, log_event, take_tables}));
    EXPECT_THAT(wire.sent, ElementsAre("prepare take_tables", "execute take_tables", "prepare log_event",
                                       "execute log_event", "execute take_tables", "sync"));
    for (int i = 0; i < 5; ++i) wire.ok();
    wire.sync();
    line.take_answers(finished);
    wire.sent.clear();
    ASSERT_TRUE(send({log_event}));
    EXPECT_THAT(wire.sent, ElementsAre("execute log_event", "sync"));
}

TEST_F(pipeline_test, committed_only_at_sync) {
    prepare_both();
    ASSERT_TRUE(send({take_tables, log_event}));
    params seven;
    seven.add(std::int32_t{7});
    wire.ok();
    wire.ok(seven);
    line.take_answers(finished);
    EXPECT_THAT(finished, IsEmpty());
    wire.sync();
    line.take_answers(finished);
    ASSERT_EQ(finished.size(), 1U);
    EXPECT_EQ(finished[0].result.outcome, unit_outcome::committed);
    ASSERT_EQ(finished[0].result.results.size(), 2U);
    EXPECT_EQ(finished[0].result.results[1][0].get<std::int32_t>(0), 7);
    EXPECT_EQ(line.in_flight(), 0U);
}

TEST_F(pipeline_test, an_error_in_the_middle_fails_the_whole_unit_and_not_the_next) {
    prepare_both();
    ASSERT_TRUE(send({take_tables, log_event, take_tables}));
    ASSERT_TRUE(send({log_event}));
    wire.ok();
    wire.error("23P01", "taken_no_overlap");
    wire.aborted();
    wire.sync();
    wire.ok();
    wire.sync();
    line.take_answers(finished);
    ASSERT_EQ(finished.size(), 2U);
    EXPECT_EQ(finished[0].result.outcome, unit_outcome::failed);
    EXPECT_EQ(finished[0].result.failure.statement, 1);
    EXPECT_EQ(finished[0].result.failure.constraint, "taken_no_overlap");
    EXPECT_EQ(finished[0].result.failure.kind(), sqlstate_class::exclusion_violation);
    EXPECT_THAT(finished[0].result.results, IsEmpty());
    EXPECT_EQ(finished[1].result.outcome, unit_outcome::committed);
}

TEST_F(pipeline_test, an_error_at_commit_belongs_to_no_statement) {
    prepare_both();
    ASSERT_TRUE(send({take_tables}));
    wire.ok();
    wire.error("23503", "deferred");
    wire.sync();
    line.take_answers(finished);
    ASSERT_EQ(finished.size(), 1U);
    EXPECT_EQ(finished[0].result.outcome, unit_outcome::failed);
    EXPECT_EQ(finished[0].result.failure.statement, -1);
    EXPECT_EQ(finished[0].result.failure.constraint, "deferred");
}

TEST_F(pipeline_test, what_was_prepared_in_a_failed_segment_is_prepared_again_only_if_it_was_skipped) {
    ASSERT_TRUE(send({take_tables, log_event}));
    wire.ok();  // prepared, which a rollback doesn't undo
    wire.error("23505");
    wire.aborted();  // the preparation of log_event
    wire.aborted();
    wire.sync();
    line.take_answers(finished);
    ASSERT_EQ(finished.size(), 1U);
    EXPECT_EQ(finished[0].result.failure.statement, 0);
    wire.sent.clear();
    ASSERT_TRUE(send({take_tables, log_event}));
    EXPECT_THAT(wire.sent,
                ElementsAre("execute take_tables", "prepare log_event", "execute log_event", "sync"));
}

TEST_F(pipeline_test, a_failed_preparation_is_told_of_its_statement_and_tried_again) {
    ASSERT_TRUE(send({take_tables}));
    wire.error("42P01");
    wire.aborted();
    wire.sync();
    line.take_answers(finished);
    ASSERT_EQ(finished.size(), 1U);
    EXPECT_EQ(finished[0].result.failure.code, "42P01");
    EXPECT_EQ(finished[0].result.failure.statement, 0);
    wire.sent.clear();
    ASSERT_TRUE(send({take_tables}));
    EXPECT_THAT(wire.sent, ElementsAre("prepare take_tables", "execute take_tables", "sync"));
}

TEST_F(pipeline_test, waits_while_a_statement_of_it_is_being_prepared) {
    ASSERT_TRUE(send({take_tables}));
    EXPECT_FALSE(line.takes(of({take_tables}).work));
    EXPECT_TRUE(line.takes(of({log_event}).work));
    wire.ok();
    line.take_answers(finished);
    EXPECT_TRUE(line.takes(of({take_tables}).work));
}

TEST_F(pipeline_test, holds_no_more_than_its_depth) {
    prepare_both();
    ASSERT_TRUE(send({take_tables}));
    ASSERT_TRUE(send({log_event}));
    EXPECT_FALSE(line.takes(of({log_event}).work));
}

TEST_F(pipeline_test, without_preparation_every_use_carries_its_text) {
    pipeline plain(wire, false, 1);
    open_unit work = of({take_tables});
    ASSERT_TRUE(plain.send(work));
    EXPECT_THAT(wire.sent, ElementsAre("query INSERT INTO taken …", "sync"));
}

TEST_F(pipeline_test, a_lost_session_leaves_units_unknown_and_nothing_prepared) {
    prepare_both();
    ASSERT_TRUE(send({take_tables}));
    ASSERT_TRUE(send({log_event}));
    wire.ok();  // answered, but no SYNC
    line.take_answers(finished);
    line.abandon("gone", finished);
    ASSERT_EQ(finished.size(), 2U);
    for (const open_unit& unit : finished) {
        EXPECT_EQ(unit.result.outcome, unit_outcome::outcome_unknown);
        EXPECT_EQ(unit.result.failure.message, "gone");
    }
    wire.sent.clear();
    ASSERT_TRUE(send({log_event}));
    EXPECT_THAT(wire.sent, ElementsAre("prepare log_event", "execute log_event", "sync"));
}

TEST_F(pipeline_test, a_unit_that_could_not_be_sent_is_not_in_flight) {
    wire.sends = false;
    EXPECT_FALSE(send({take_tables}));
    EXPECT_EQ(line.in_flight(), 0U);
}

TEST_F(pipeline_test, answers_to_half_a_unit_are_nobodys) {
    prepare_both();
    for (const char* last : {"execute log_event", "sync"}) {
        wire.fails_at = last;
        EXPECT_FALSE(send({take_tables, log_event}));
        wire.error("08006");
        wire.error("08006");
        line.take_answers(finished);
        EXPECT_THAT(finished, IsEmpty());
        wire.answers.clear();
    }
    wire.fails_at = {};
    ASSERT_TRUE(send({take_tables}));
    wire.fails_at = "sync";
    EXPECT_FALSE(send({log_event}));
    wire.ok();
    wire.sync();
    wire.error("08006");
    line.take_answers(finished);
    ASSERT_EQ(finished.size(), 1U);
    EXPECT_EQ(finished[0].result.outcome, unit_outcome::committed);
}

TEST_F(pipeline_test, a_sync_before_its_answers_is_no_commit) {
    prepare_both();
    ASSERT_TRUE(send({take_tables}));
    wire.sync();
    line.take_answers(finished);
    ASSERT_EQ(finished.size(), 1U);
    EXPECT_EQ(finished[0].result.outcome, unit_outcome::failed);
}

TEST_F(pipeline_test, one_name_means_one_statement) {
    prepare_both();
    open_unit other;
    params with;
    with.add(std::int32_t{1});
    other.work.add(take_tables, std::move(with));
    EXPECT_DEATH(line.send(other), "assertion failed");
}

}  // namespace pipeline_test
}  // namespace qtable::storage
