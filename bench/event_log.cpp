// What an owner pays for a log row in memory: numbering and releasing it, and answering a socket that
// resumes.
#include <benchmark/benchmark.h>

#include "core/event/event_log.hpp"

namespace qtable {
namespace {

logged_event row_of_a_reservation() {
    logged_event row;
    row.type = event_type::customer_reservation_received;
    row.data = std::string(600, 'x');  // a reservation's JSON is about that long
    return row;
}

void append(benchmark::State& state) {
    event_log log(1, 0, 0);
    const logged_event sample = row_of_a_reservation();
    for (auto _ : state) {
        logged_event row = sample;
        log.number(row, true);
        log.release(row);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(append);

void resume(benchmark::State& state) {
    event_log log(1, 0, 0);
    for (int i = 0; i < 1000; ++i) {
        logged_event row = row_of_a_reservation();
        log.number(row, true);
        log.release(row);
    }
    for (auto _ : state) benchmark::DoNotOptimize(log.since(log.released_seq() - state.range(0), false));
}
BENCHMARK(resume)->Arg(0)->Arg(1)->Arg(100);

}  // namespace
}  // namespace qtable
