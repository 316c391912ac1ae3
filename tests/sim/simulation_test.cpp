#include "tests/sim/simulation.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace qtable::sim {
namespace {

constexpr int ops = 1200;

bool is_found(canary bug) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        if (simulation({seed, ops, bug}).run().failure) return true;
    }
    return false;
}

TEST(simulation, finds_nothing) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const sim_report report = simulation({seed, ops, canary::none}).run();
        EXPECT_EQ(report.failure, std::nullopt) << "seed " << seed << ", operation " << report.failed_at;
    }
}

TEST(simulation, is_the_same_from_the_same_seed) {
    const std::uint64_t first = simulation({7, ops, canary::none}).run().hash;
    EXPECT_EQ(simulation({7, ops, canary::none}).run().hash, first);
    EXPECT_NE(simulation({8, ops, canary::none}).run().hash, first);
}

TEST(simulation, of_two_nodes_is_the_same_from_the_same_seed) {
    const std::uint64_t first = simulation({7, ops, canary::none, 2}).run().hash;
    EXPECT_EQ(simulation({7, ops, canary::none, 2}).run().hash, first);
    EXPECT_NE(simulation({7, ops, canary::none, 1}).run().hash, first);
}

TEST(simulation, draws_two_nodes_for_some_seeds) {
    std::uint64_t two = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) two += simulation({seed, 0}).run().nodes == 2 ? 1U : 0U;
    EXPECT_GT(two, 3U);
    EXPECT_LT(two, 20U);
}

// What only several nodes meet.
TEST(simulation, of_two_nodes_meets_what_it_is_there_for) {
    using count = std::uint64_t sim_counts::*;
    constexpr std::pair<const char*, count> counted[] = {
        {"bells", &sim_counts::bells},       {"bells_lost", &sim_counts::bells_lost},
        {"swept_up", &sim_counts::swept_up}, {"taken_seqs", &sim_counts::taken_seqs},
        {"freezes", &sim_counts::freezes},   {"ahead", &sim_counts::ahead},
        {"moved", &sim_counts::moved},       {"crashes", &sim_counts::crashes},
        {"replayed", &sim_counts::replayed},
    };
    std::map<std::string, std::uint64_t> all;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const sim_report report = simulation({seed, ops, canary::none, 2}).run();
        EXPECT_EQ(report.failure, std::nullopt) << "seed " << seed << ", operation " << report.failed_at;
        for (const auto& [name, member] : counted) all[name] += report.*member;
    }
    for (const auto& [name, sum] : all) EXPECT_GT(sum, 0U) << name;
}

// All that can go wrong does, in a few seeds.
TEST(simulation, meets_everything_that_it_is_there_for) {
    using count = std::uint64_t sim_counts::*;
    constexpr std::pair<const char*, count> counted[] = {
        {"accepted", &sim_counts::accepted},
        {"refused", &sim_counts::refused},
        {"uncertain", &sim_counts::uncertain},
        {"replayed", &sim_counts::replayed},
        {"lost", &sim_counts::lost},
        {"resyncs", &sim_counts::resyncs},
        {"holds", &sim_counts::holds},
        {"seated", &sim_counts::seated},
        {"late", &sim_counts::late},
        {"conflicts", &sim_counts::conflicts},
        {"unknown_outcomes", &sim_counts::unknown_outcomes},
        {"crashes", &sim_counts::crashes},
        {"drains", &sim_counts::drains},
        {"restarts", &sim_counts::restarts},
        {"strangers", &sim_counts::strangers},
        {"days", &sim_counts::days},
        {"serialization_failures", &sim_counts::serialization_failures},
        {"exclusion_violations", &sim_counts::exclusion_violations},
        {"refusals", &sim_counts::refusals},
        {"duplicates", &sim_counts::duplicates},
        {"ghosts", &sim_counts::ghosts},
        {"frames", &sim_counts::frames},
        {"resumed", &sim_counts::resumed},
        {"cut_off", &sim_counts::cut_off},
    };
    constexpr std::uint64_t seeds = 12;
    std::map<std::string, std::uint64_t> all;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const sim_report report = simulation({seed, ops, canary::none}).run();
        for (const auto& [name, member] : counted) all[name] += report.*member;
    }
    for (const auto& [name, sum] : all) EXPECT_GT(sum, 0U) << name;
}

TEST(simulation, draws_other_faults_for_other_seeds) {
    std::set<std::vector<bool>> drawn;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        random_source chance(seed);
        const fault_rates faults = draw_faults(chance);
        drawn.insert({faults.process_crash > 0, faults.drain > 0, faults.unknown > 0, faults.stranger > 0,
                      faults.serialization_failure > 0, faults.slow_reader > 0});
    }
    EXPECT_GT(drawn.size(), 10U);
}

TEST(simulation, a_trace_changes_nothing) {
    std::size_t lines = 0;
    sim_options traced{7, ops, canary::none};
    traced.trace = [&lines](const std::string&) { ++lines; };
    EXPECT_EQ(simulation(traced).run().hash, simulation({7, ops, canary::none}).run().hash);
    EXPECT_GT(lines, static_cast<std::size_t>(ops) / 2);
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
