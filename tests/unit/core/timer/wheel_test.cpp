#include "core/timer/wheel.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <vector>

namespace qtable {
namespace wheel_test {

struct probe final : timer_entry {
    std::vector<std::int64_t> fired;
    std::function<void(std::int64_t)> then;
    void on_deadline(std::int64_t now_ms) override {
        fired.push_back(now_ms);
        if (then) then(now_ms);
    }
};

TEST(timer_wheel, fires_at_most_a_tick_late_and_never_early) {
    for (const std::int64_t deadline :
         {1, 49, 50, 51, 99, 100, 1234, 25'599, 25'600, 25'601, 60'000, 3'600'000}) {
        timer_wheel wheel(50, 0);
        probe entry;
        wheel.schedule(entry, deadline);
        for (std::int64_t now = 0; entry.fired.empty(); now += 10) wheel.advance(now);
        EXPECT_GE(entry.fired[0], deadline);
        EXPECT_LT(entry.fired[0], deadline + 50);
        EXPECT_FALSE(entry.is_scheduled());
    }
}

TEST(timer_wheel, starts_at_any_time) {
    timer_wheel wheel(50, 987'654'321);
    probe entry;
    wheel.schedule(entry, 987'654'321 + 100);
    wheel.advance(987'654'321 + 99);
    EXPECT_TRUE(entry.fired.empty());
    wheel.advance(987'654'321 + 150);
    EXPECT_EQ(entry.fired.size(), 1u);
}

TEST(timer_wheel, follows_a_deadline_that_moves_either_way) {
    timer_wheel wheel(50, 0);
    probe later, sooner;
    wheel.schedule(later, 100);
    wheel.schedule(later, 5'000);
    wheel.schedule(sooner, 5'000);
    wheel.schedule(sooner, 100);
    wheel.advance(4'950);
    EXPECT_EQ(sooner.fired.size(), 1u);
    EXPECT_TRUE(later.fired.empty());
    EXPECT_EQ(later.deadline_ms(), 5'000);
    wheel.advance(5'000);
    EXPECT_EQ(later.fired.size(), 1u);
}

TEST(timer_wheel, forgets_what_is_cancelled_or_destroyed) {
    timer_wheel wheel(50, 0);
    probe cancelled;
    auto destroyed = std::make_unique<probe>();
    wheel.schedule(cancelled, 100);
    wheel.schedule(*destroyed, 100);
    wheel.cancel(cancelled);
    destroyed.reset();
    wheel.advance(1'000);
    EXPECT_TRUE(cancelled.fired.empty());
    wheel.cancel(cancelled);
}

TEST(timer_wheel, what_is_overdue_fires_with_the_next_tick) {
    timer_wheel wheel(50, 1'000);
    probe entry;
    wheel.schedule(entry, 10);
    wheel.advance(1'049);
    EXPECT_TRUE(entry.fired.empty());
    wheel.advance(1'050);
    EXPECT_EQ(entry.fired.size(), 1u);
}

TEST(timer_wheel, entries_may_schedule_cancel_and_destroy_while_firing) {
    timer_wheel wheel(50, 0);
    probe again, victim;
    auto doomed = std::make_unique<probe>();
    again.then = [&](std::int64_t now) {
        wheel.cancel(victim);
        doomed.reset();
        if (again.fired.size() < 3) wheel.schedule(again, now);
    };
    wheel.schedule(again, 100);
    wheel.schedule(victim, 100);
    wheel.schedule(*doomed, 100);
    wheel.advance(100);
    EXPECT_EQ(again.fired.size(), 1u) << "not twice in one advance";
    EXPECT_TRUE(victim.fired.empty());
    wheel.advance(150);
    wheel.advance(200);
    wheel.advance(300);
    EXPECT_EQ(again.fired.size(), 3u);
}

TEST(timer_wheel, a_long_pause_fires_everything_due_once) {
    timer_wheel wheel(50, 0);
    std::vector<std::unique_ptr<probe>> entries;
    for (int i = 0; i < 2'000; ++i) {
        entries.push_back(std::make_unique<probe>());
        wheel.schedule(*entries.back(), i * 37);
    }
    wheel.advance(1'000'000);
    for (const auto& each : entries) EXPECT_EQ(each->fired.size(), 1u);
}

TEST(timer_wheel, may_die_before_its_entries) {
    probe entry;
    {
        timer_wheel wheel(50, 0);
        wheel.schedule(entry, 100);
    }
    EXPECT_FALSE(entry.is_scheduled());
}

}  // namespace wheel_test
}  // namespace qtable
