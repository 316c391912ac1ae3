#include "tests/sim/simulation.hpp"

#include <gtest/gtest.h>

namespace qtable::sim {
namespace {

constexpr int steps = 1200;

bool is_found(canary bug) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        if (simulation({seed, steps, bug}).run().failure) return true;
    }
    return false;
}

TEST(simulation, finds_nothing) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const sim_report report = simulation({seed, steps, canary::none}).run();
        EXPECT_EQ(report.failure, std::nullopt) << "seed " << seed << ", step " << report.failed_at_step;
    }
}

TEST(simulation, is_the_same_from_the_same_seed) {
    const std::uint64_t first = simulation({7, steps, canary::none}).run().hash;
    EXPECT_EQ(simulation({7, steps, canary::none}).run().hash, first);
    EXPECT_NE(simulation({8, steps, canary::none}).run().hash, first);
}

TEST(simulation, meets_everything_that_it_is_there_for) {
    sim_report all;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const sim_report report = simulation({seed, steps, canary::none}).run();
        all.accepted += report.accepted;
        all.refused += report.refused;
        all.uncertain += report.uncertain;
        all.conflicts += report.conflicts;
        all.unknown_outcomes += report.unknown_outcomes;
        all.crashes += report.crashes;
        all.strangers += report.strangers;
        all.resyncs += report.resyncs;
        all.seated += report.seated;
        all.holds += report.holds;
        all.late += report.late;
    }
    for (const std::uint64_t count :
         {all.accepted, all.refused, all.uncertain, all.conflicts, all.unknown_outcomes, all.crashes,
          all.strangers, all.resyncs, all.seated, all.holds, all.late})
        EXPECT_GT(count, 0U);
}

TEST(simulation, notices_commits_that_are_not_stored) {
    EXPECT_TRUE(is_found(canary::acknowledges_unstored));
}

TEST(simulation, notices_lost_answers) {
    EXPECT_TRUE(is_found(canary::loses_answers));
}

TEST(simulation, notices_invented_commits) {
    EXPECT_TRUE(is_found(canary::invents_commits));
}

TEST(simulation, notices_a_database_that_reads_the_past) {
    EXPECT_TRUE(is_found(canary::loads_the_past));
}

}  // namespace
}  // namespace qtable::sim
