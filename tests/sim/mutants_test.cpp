// Each planted fault (core/base/mutant.hpp) is found within a thousand seeds; says after how many, and by
// what.
#include <gtest/gtest.h>

#include <cstdio>
#include <ostream>
#include <string>

#include "tests/sim/mutants.hpp"
#include "tests/sim/seed_runner.hpp"

namespace qtable::sim {
namespace {

struct planted_fault {
    mutant which;
    const char* name;
    std::uint32_t nodes = 0;  // 0: as each seed draws
    friend std::ostream& operator<<(std::ostream& out, const planted_fault& what) { return out << what.name; }
};

constexpr planted_fault faults[] = {
    {mutant::acknowledges_before_sync, "acknowledges_before_sync"},
    {mutant::frees_before_commit, "frees_before_commit"},
    {mutant::skips_next_day, "skips_next_day"},
    {mutant::key_without_actor, "key_without_actor"},
    {mutant::publishes_before_commit, "publishes_before_commit"},
    {mutant::loses_wake_up, "loses_wake_up"},
    {mutant::numbers_again, "numbers_again"},
    {mutant::closed_ranges, "closed_ranges"},
    {mutant::releases_twice, "releases_twice"},
    {mutant::timer_not_cancelled, "timer_not_cancelled"},
    {mutant::drain_drops_queue, "drain_drops_queue"},
    {mutant::stale_word, "stale_word"},
    {mutant::forgets_the_rest, "forgets_the_rest"},
    {mutant::appends_without_seq, "appends_without_seq", 2},
    {mutant::follows_without_taking, "follows_without_taking", 2},
    {mutant::feeds_by_serial, "feeds_by_serial", 2},
};

constexpr std::uint64_t seeds_enough = 1000;

class mutants : public testing::TestWithParam<planted_fault> {
  protected:
    ~mutants() override { plant(mutant::none); }
};

TEST_P(mutants, is_found) {
    plant(GetParam().which);
    sim_options options;
    options.nodes = GetParam().nodes;
    const auto found = run_seeds(options, {1, seeds_enough, 1, true}, [](const seed_outcome&) {});
    ASSERT_TRUE(found) << "not within " << seeds_enough << " seeds";
    std::printf("%s: found after %llu seeds: %s\n", GetParam().name,
                static_cast<unsigned long long>(found->seed), found->report.failure->c_str());
}

INSTANTIATE_TEST_SUITE_P(planted, mutants, testing::ValuesIn(faults),
                         [](const auto& each) { return std::string(each.param.name); });

// The same seeds in the same build, with nothing planted.
TEST(mutants, none_is_none) {
    plant(mutant::none);
    EXPECT_FALSE(run_seeds({}, {1, 20, 2, false}, [](const seed_outcome&) {}));
    sim_options options;
    options.nodes = 2;
    EXPECT_FALSE(run_seeds(options, {1, 20, 2, false}, [](const seed_outcome&) {}));
}

}  // namespace
}  // namespace qtable::sim
