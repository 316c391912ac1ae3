// Are the ranges that waiting parties are told honest? Evenings of three kinds of houses, learned from and
// judged apart. The estimator's assumptions were set with other seeds than these.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <string>

#include "tests/sim/waitlist_score.hpp"

namespace qtable::sim {

namespace {

constexpr int evenings_learned = 8;
constexpr int evenings_judged = 20;
constexpr std::uint64_t houses_judged = 4;  // of each kind
constexpr std::uint64_t between_houses = 1000;
constexpr std::uint64_t held_out = 500;  // seeds of the evenings that are judged, from those that are learned

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "; ";
    return text;
}

struct kind {
    house model;
    std::uint64_t first_seed;
};

void PrintTo(const kind& what, std::ostream* out) {
    *out << what.model.name;
}

class wait_estimates : public testing::TestWithParam<kind> {
  protected:
    score judge(std::uint64_t number, int evenings, const estimator& say, bool has_learned = true) const {
        const std::uint64_t seed = GetParam().first_seed + number * between_houses;
        const house where = one_like(GetParam().model, seed);
        experience learned = learn_evenings(where, seed, evenings_learned);
        if (!has_learned) learned.turns = {};
        return judge_evenings(where, seed + held_out, evenings, learned, say);
    }
    score judge_bad(const estimator& say) const { return judge(0, evenings_judged / 2, say); }
    void print(const std::string& what, const score& of) const {
        std::printf("%s, %s: %s\n", std::string(GetParam().model.name).c_str(), what.c_str(),
                    describe(of).c_str());
    }
};

TEST_P(wait_estimates, hold_on_evenings_that_nobody_learned_from) {
    score all;
    for (std::uint64_t number = 0; number < houses_judged; ++number) {
        const score one = judge(number, evenings_judged, estimate_waits);
        print("house " + std::to_string(number), one);
        EXPECT_EQ(joined(complaints(one)), "") << "house " << number;
        all.add(one);
    }
    print("all", all);
    EXPECT_EQ(joined(complaints(all)), "");
}

TEST_P(wait_estimates, hold_from_the_first_evening_on) {
    score all;
    for (std::uint64_t number = 0; number < houses_judged; ++number)
        all.add(judge(number, evenings_judged / 2, estimate_waits, false));
    print("nothing learned", all);
    EXPECT_EQ(joined(complaints(all)), "");
}

TEST_P(wait_estimates, are_the_same_each_time) {
    const score once = judge(0, 2, estimate_waits), twice = judge(0, 2, estimate_waits);
    EXPECT_EQ(describe(once), describe(twice));
}

// Estimators that must not pass.

TEST_P(wait_estimates, without_a_spread_are_found_out) {
    const score bad = judge_bad([](const auto& floor, auto waiting, const auto& learned) {
        std::vector<wait_estimate> said = estimate_waits(floor, waiting, learned);
        for (wait_estimate& one : said) {
            if (one.wait) one.wait = wait_range{one.wait->p50_min, one.wait->p50_min, one.wait->p50_min};
        }
        return said;
    });
    print("no spread", bad);
    EXPECT_NE(joined(complaints(bad)), "");
}

TEST_P(wait_estimates, that_ignore_how_long_tables_have_been_sitting_are_found_out) {
    const score bad = judge_bad([](floor_now floor, auto waiting, const auto& learned) {
        for (floor_now::seat& seat : floor.tables) {
            if (seat.seated_at) seat.seated_at = floor.now;
        }
        return estimate_waits(floor, waiting, learned);
    });
    print("no elapsed time", bad);
    EXPECT_NE(joined(complaints(bad)), "");
}

TEST_P(wait_estimates, that_say_anything_is_possible_are_found_out) {
    const score bad = judge_bad([](const auto& floor, auto waiting, const auto& learned) {
        std::vector<wait_estimate> said = estimate_waits(floor, waiting, learned);
        for (wait_estimate& one : said) {
            if (one.wait) one.wait = wait_range{0, one.wait->p50_min, 4 * one.wait->p90_min + 60};
        }
        return said;
    });
    print("anything goes", bad);
    EXPECT_NE(joined(complaints(bad)), "");
}

std::string name_of(const testing::TestParamInfo<kind>& of) {
    std::string name(of.param.model.name);
    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(houses, wait_estimates,
                         testing::Values(kind{busy_house(), 31'000}, kind{calm_house(), 41'000},
                                         kind{large_tables_house(), 51'000}),
                         name_of);

}  // namespace
}  // namespace qtable::sim
