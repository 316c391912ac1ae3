#include "net/rt/queue_probe.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace qtable::net {
namespace queue_probe_test {

// Turns begin, and no socket gets one: a core with more to do than it can.
void compute_ms(core_thread& core, std::int64_t ms) {
    const std::int64_t until_us = core_thread::read_cpu_us() + ms * 1000;
    while (core_thread::read_cpu_us() <= until_us) const turn_scope turn(core);
}

void come_back(core_thread& core, const queue_probe& probe) {
    core.poller().start();
    while (probe.last_us() == 0) core.context().run_one();
}

TEST(queue_probe, tells_of_a_queue_before_it_is_through_it) {
    core_thread core(0);
    queue_probe probe(core);
    probe.start();
    probe.touch();
    EXPECT_FALSE(probe.has_news());
    EXPECT_EQ(probe.standing_us(), 0);

    compute_ms(core, queue_probe::overdue_ms + 1);
    EXPECT_GT(probe.standing_us(), queue_probe::overdue_ms * 1000);
    EXPECT_TRUE(probe.has_news());
    EXPECT_FALSE(probe.has_news()) << "again after an interval";
    compute_ms(core, queue_probe::interval_ms + 1);
    EXPECT_TRUE(probe.has_news());

    come_back(core, probe);
    EXPECT_GT(probe.last_us(), (queue_probe::overdue_ms + queue_probe::interval_ms) * 1000);
    EXPECT_TRUE(probe.has_news());
    EXPECT_EQ(probe.standing_us(), 0) << "one that waited is no queue that stands";
}

TEST(queue_probe, knows_a_machine_that_others_keep_busy_from_a_queue) {
    core_thread core(0);
    queue_probe probe(core);
    probe.start();
    probe.touch();
    std::this_thread::sleep_for(std::chrono::milliseconds(queue_probe::overdue_ms + 5));
    compute_ms(core, 1);
    EXPECT_TRUE(probe.has_news());
    EXPECT_LT(probe.standing_us(), queue_probe::overdue_ms * 1000);
    come_back(core, probe);
    EXPECT_GT(probe.last_us(), queue_probe::overdue_ms * 1000);
}

}  // namespace queue_probe_test
}  // namespace qtable::net
