// The runtime has threads by nature: these tests wait for what the threads say, never for time to pass.
#include "net/rt/runtime.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>

namespace qtable::net {
namespace runtime_test {

TEST(runtime, runs_messages_on_their_core) {
    runtime cores(3);
    cores.start();
    for (std::uint32_t i = 0; i < cores.size(); ++i) {
        std::promise<std::uint32_t> seen;
        cores.post(i, [&](core_thread& core) { seen.set_value(core.index()); });
        EXPECT_EQ(seen.get_future().get(), i);
    }
    cores.stop();
}

TEST(runtime, takes_move_only_callables_and_hops_back) {
    runtime cores(2);
    cores.start();
    std::promise<int> answer;
    cores.post(0, [&cores, &answer, value = std::make_unique<int>(20)]() mutable {
        cores.post(1, [&cores, &answer, value = std::move(value)]() mutable {
            cores.post(0, [&answer, value = std::move(value)] { answer.set_value(*value + 1); });
        });
    });
    EXPECT_EQ(answer.get_future().get(), 21);
    cores.stop();
}

TEST(runtime, starts_each_core_before_its_messages) {
    std::atomic<int> started{0};
    runtime cores(2);
    std::promise<int> seen;
    cores.post(1, [&] { seen.set_value(started.load()); });
    cores.start([&](core_thread& core) {
        if (core.index() == 1) started = 1;
    });
    EXPECT_EQ(seen.get_future().get(), 1);
    cores.stop();
}

TEST(runtime, discards_what_never_ran) {
    auto held = std::make_shared<int>(1);
    {
        runtime cores(1);
        cores.post(0, [held] {});
        EXPECT_EQ(held.use_count(), 2);
    }
    EXPECT_EQ(held.use_count(), 1);
}

TEST(runtime, survives_an_exception_and_counts_it) {
    runtime cores(1);
    cores.start();
    cores.post(0, [] { throw std::runtime_error("a test's exception"); });
    std::promise<void> alive;
    cores.post(0, [&] { alive.set_value(); });
    alive.get_future().get();
    EXPECT_EQ(cores.core(0).metrics().exceptions.value(), 1u);
    cores.stop();
}

// Order of a turn: the message itself, then what it put off, then the deletions.
TEST(core_thread, ends_a_turn_with_tasks_and_then_deletions) {
    struct task final : turn_task {
        std::string* log = nullptr;
        ~task() override = default;
        void on_turn_end() override { *log += "task "; }
    };
    struct dead final : deletable {
        std::string* log = nullptr;
        ~dead() override { *log += "deleted"; }
    };
    std::string log;
    task later;
    later.log = &log;
    runtime cores(1);
    cores.start();
    cores.post(0, [&](core_thread& core) {
        auto doomed = std::make_unique<dead>();
        doomed->log = &log;
        core.delete_later(std::move(doomed));
        core.at_turn_end(later);
        core.at_turn_end(later);
        log += "message ";
    });
    // Delivered in a later turn, since it is posted after the first was taken.
    std::promise<void> second_turn;
    cores.post(0,
               [&](core_thread& core) { core.post(new function_message([&] { second_turn.set_value(); })); });
    second_turn.get_future().get();
    cores.stop();
    EXPECT_EQ(log, "message task deleted");
}

}  // namespace runtime_test
}  // namespace qtable::net
