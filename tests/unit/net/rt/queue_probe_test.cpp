#include "net/rt/queue_probe.hpp"

#include <gtest/gtest.h>

namespace qtable::net {
namespace queue_probe_test {

// Turns begin, and no socket gets one: a core with more to do than it can.
void keep_busy_ms(core_thread& core, std::int64_t ms) {
    const std::int64_t until_ms = core.now_ms() + ms;
    while (core.now_ms() <= until_ms) const turn_scope turn(core);
}

TEST(queue_probe, tells_of_a_queue_before_it_is_through_it) {
    constexpr std::int64_t overdue_ms =
        queue_probe::interval_ms * static_cast<std::int64_t>(queue_probe::kept);
    core_thread core(0);
    queue_probe probe(core);
    probe.start();
    probe.touch();
    EXPECT_FALSE(probe.has_news());
    EXPECT_EQ(probe.standing_us(), 0);

    keep_busy_ms(core, overdue_ms);
    EXPECT_GT(probe.standing_us(), overdue_ms * 1000);
    EXPECT_TRUE(probe.has_news());
    EXPECT_FALSE(probe.has_news()) << "again after an interval";
    keep_busy_ms(core, queue_probe::interval_ms);
    EXPECT_TRUE(probe.has_news());

    core.poller().start();
    while (probe.last_us() == 0) core.context().run_one();
    EXPECT_GT(probe.last_us(), (overdue_ms + queue_probe::interval_ms) * 1000);
    EXPECT_TRUE(probe.has_news());
    EXPECT_EQ(probe.standing_us(), 0) << "one that waited is no queue that stands";
}

}  // namespace queue_probe_test
}  // namespace qtable::net
