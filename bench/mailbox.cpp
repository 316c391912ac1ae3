// What a message to another core costs: the push alone, a burst taken at once, and the round trip between two
// busy cores.
#include "core/sync/mailbox.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <atomic>
#include <thread>

namespace {

using qtable::mailbox;
using qtable::mailbox_node;

void mailbox_push_and_take(benchmark::State& state) {
    mailbox box;
    std::array<mailbox_node, 64> nodes;
    const auto burst = static_cast<std::size_t>(state.range(0));
    for (auto _ : state) {
        bool wake_up = false;
        for (std::size_t i = 0; i < burst; ++i) wake_up |= box.push(&nodes[i]);
        benchmark::DoNotOptimize(wake_up);
        benchmark::DoNotOptimize(box.take_all());
        benchmark::DoNotOptimize(box.try_sleep());
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(mailbox_push_and_take)->Arg(1)->Arg(8)->Arg(64);

// Both sides spin, so this is the queue and the cache line between the cores, without any wake-up.
void mailbox_round_trip(benchmark::State& state) {
    mailbox there, back;
    std::atomic<bool> is_done{false};
    std::thread other([&] {
        while (!is_done.load(std::memory_order_relaxed))
            if (mailbox_node* const node = there.take_all()) static_cast<void>(back.push(node));
    });
    mailbox_node node;
    for (auto _ : state) {
        static_cast<void>(there.push(&node));
        while (back.take_all() == nullptr) {
        }
    }
    is_done = true;
    other.join();
}
BENCHMARK(mailbox_round_trip)->UseRealTime();

}  // namespace
