// What the engine measures: when a command was taken, decided and committed. Nothing is decided by it.
#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace stages_test {

class engine_stages : public engine_fixture {};

TEST_F(engine_stages, follow_each_other) {
    clock.turn = 1000;
    clock.marks = {1200, 1500, 9000};
    const auto one = submit(booking(1));
    const auto two = submit(booking(2));
    log.finish_all();
    const stage_marks first = answer(one).marks;
    EXPECT_EQ(first.taken_ns, 1000) << "the turn that it came with";
    EXPECT_EQ(first.decided_ns, 1200);
    EXPECT_EQ(first.committed_ns, 9000);
    const stage_marks second = answer(two).marks;
    EXPECT_EQ(second.taken_ns, 1200) << "after the one before it";
    EXPECT_EQ(second.decided_ns, 1500);
    ASSERT_FALSE(sink.events.empty());
    EXPECT_EQ(sink.events.front().committed_ns, 9000);
    ASSERT_FALSE(sink.notices.empty());
    EXPECT_EQ(sink.notices.front().committed_ns, 9000);
}

TEST_F(engine_stages, the_lag_is_added_up_over_what_is_committed) {
    clock.turn = 1'000'000;
    clock.marks = {1'200'000, 9'000'000};
    submit(booking(1));
    log.finish_all();
    EXPECT_EQ(owner.counts().persisted, 1U);
    EXPECT_EQ(owner.counts().persist_us, 8000U);
}

TEST_F(engine_stages, conflicts_are_counted_by_kind) {
    submit(booking(1));
    log.answer(batch_outcome::conflict, conflict_kind::label_taken);
    log.finish_load();
    log.answer(batch_outcome::conflict);
    EXPECT_EQ(owner.counts().conflicts, 2U);
    EXPECT_EQ(owner.counts().conflicts_of[static_cast<std::size_t>(conflict_kind::label_taken)], 1U);
    EXPECT_EQ(owner.counts().conflicts_of[static_cast<std::size_t>(conflict_kind::other)], 1U);
    log.finish_all();
}

}  // namespace stages_test
}  // namespace qtable::test
