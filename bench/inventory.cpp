// What capacity costs: the feasibility check, a booking with its publication, availability and search as
// readers do them, and the bytes of a restaurant-day.
#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/inventory/availability_reader.hpp"
#include "core/inventory/inventory.hpp"

namespace qtable {
namespace {

template <class Id>
Id make_id(std::uint64_t number) {
    uuid value;
    for (std::size_t i = 0; i < 8; ++i) value.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return Id(value);
}

// Thirty tables, open 11:30–14:30 and 17:30–23:00, starts every 15 minutes, parties of up to 12.
restaurant usual_restaurant() {
    restaurant place;
    place.id = make_id<restaurant_id>(1);
    place.profile.hours.days.fill(*parse_day_hours("11:30-14:30,17:30-23:00"));
    place.rules.slot_interval_min = 15;
    place.rules.max_party = 12;
    place.rules.buffer_after_min = 10;
    place.rules.pacing_covers = 60;
    for (unsigned t = 1; t <= 30; ++t) {
        table made;
        made.id = make_id<table_id>(t);
        made.label = "T" + std::to_string(t);
        made.capacity = t <= 14 ? 2 : t <= 26 ? 4 : 8;
        place.tables.push_back(made);
    }
    for (unsigned c = 0; c < 6; ++c) {
        table_combination made;
        made.id = make_id<combination_id>(c + 1);
        made.label = "C" + std::to_string(c);
        made.table_ids = {make_id<table_id>(15 + 2 * c), make_id<table_id>(16 + 2 * c)};
        made.capacity = 8;
        place.combinations.push_back(made);
    }
    place.combinations.back().capacity = 12;
    return place;
}

// As a zone of the system's has it: two changes a year for a century. Restaurants share it.
std::shared_ptr<const zone> usual_zone() {
    static std::shared_ptr<const zone> shared;
    if (shared) return shared;
    std::vector<zone::period> periods;
    for (int year = 1940; year < 2040; ++year) {
        periods.push_back({{from_civil(year, 3, 28).days * ms_per_day + 3'600'000}, 7200});
        periods.push_back({{from_civil(year, 10, 28).days * ms_per_day + 3'600'000}, 3600});
    }
    shared = std::make_shared<const zone>("Europe/Berlin", std::move(periods));
    return shared;
}

const date first_day = from_civil(2026, 11, 23);
const instant now{from_civil(2026, 11, 20).days * ms_per_day};

struct setting {
    explicit setting(int booked_days = 0, int bookings_a_day = 0)
        : stock(make_view(std::make_shared<const restaurant>(usual_restaurant()), usual_zone())) {
        std::mt19937 random(1);
        for (int d = 0; d < booked_days; ++d) {
            for (int i = 0; i < bookings_a_day; ++i) {
                const int minute = 17 * 60 + 30 + 15 * static_cast<int>(random() % 16);
                book(first_day.plus_days(d), minute, 1 + static_cast<int>(random() % 6));
            }
        }
        stock.publish(live, graveyard);
    }

    ask asking(date on, int minute, int party_size) const {
        ask wanted;
        wanted.date = on;
        wanted.start = stock.start_at(on, minute).value();
        wanted.party_size = party_size;
        wanted.now = now;
        return wanted;
    }
    std::optional<reservation_id> book(date on, int minute, int party_size) {
        const verdict answer = stock.check(asking(on, minute, party_size));
        if (!answer.is_available()) return std::nullopt;
        reservation r;
        r.id = make_id<reservation_id>(next_ * 0x9e3779b97f4a7c15ULL);
        r.customer = make_id<customer_id>(next_++ * 0x9e3779b97f4a7c15ULL);
        r.date = on;
        r.minute = minute;
        r.party_size = party_size;
        r.tables = stock.tables_of(answer);
        r.starts_at = answer.starts_at;
        r.ends_at = answer.ends_at;
        r.blocks_from = answer.blocks_from;
        r.blocks_until = answer.blocks_until;
        stock.take(r);
        return r.id;
    }

    inventory stock;
    live_restaurant live;
    std::vector<retired> graveyard;
    std::uint64_t next_ = 1;
};

void start_at(benchmark::State& state) {
    const setting s;
    for (auto _ : state) benchmark::DoNotOptimize(s.stock.start_at(first_day, 19 * 60));
}
BENCHMARK(start_at)->Name("inventory/start_at");

void check(benchmark::State& state) {
    const setting s(1, 40);
    const ask wanted = s.asking(first_day, 19 * 60, 4);
    for (auto _ : state) benchmark::DoNotOptimize(s.stock.check(wanted));
}
BENCHMARK(check)->Name("inventory/check");

void take_and_publish(benchmark::State& state) {
    setting s(1, 20);
    std::size_t changes = 0;
    for (auto _ : state) {
        const auto id = s.book(first_day, 19 * 60, 2);
        changes += s.stock.publish(s.live, s.graveyard).changes.size();
        state.PauseTiming();
        s.stock.commit_release(s.stock.begin_release(*id));
        s.stock.publish(s.live, s.graveyard);
        s.graveyard.clear();
        state.ResumeTiming();
    }
    state.counters["changes"] =
        benchmark::Counter(static_cast<double>(changes), benchmark::Counter::kAvgIterations);
}
BENCHMARK(take_and_publish)->Name("inventory/check_take_publish")->Iterations(100'000);

void alternatives(benchmark::State& state) {
    const setting s(1, 60);
    const ask wanted = s.asking(first_day, 19 * 60, 4);
    for (auto _ : state) benchmark::DoNotOptimize(s.stock.alternatives(wanted));
}
BENCHMARK(alternatives)->Name("inventory/alternatives");

void read_day(benchmark::State& state, int booked_days) {
    const setting s(booked_days, 40);
    for (auto _ : state) {
        int available = 0;
        for_each_start(s.live, first_day, 4, now,
                       [&](const start_view& start) { available += start.available_tables; });
        benchmark::DoNotOptimize(available);
    }
}
BENCHMARK_CAPTURE(read_day, board, 1)->Name("reader/day_by_board");
BENCHMARK_CAPTURE(read_day, template, 0)->Name("reader/day_by_template");

void search(benchmark::State& state, int booked_days) {
    const setting s(booked_days, 40);
    const wanted_time wanted{first_day, 19 * 60, static_cast<int>(state.range(0)), 4};
    for (auto _ : state) benchmark::DoNotOptimize(can_seat(s.live, wanted, now));
}
BENCHMARK_CAPTURE(search, board, 1)->Name("reader/can_seat_by_board")->ArgName("window_min")->Arg(0)->Arg(60);
BENCHMARK_CAPTURE(search, template, 0)
    ->Name("reader/can_seat_by_template")
    ->ArgName("window_min")
    ->Arg(0)
    ->Arg(60);

// Search over many restaurants: the memory of each is cold.
void search_many(benchmark::State& state, int booked_days) {
    std::vector<std::unique_ptr<setting>> all;
    for (int i = 0; i < 5'000; ++i) all.push_back(std::make_unique<setting>(booked_days, 10));
    const wanted_time wanted{first_day, 19 * 60, 0, 4};
    for (auto _ : state) {
        int found = 0;
        for (const auto& each : all) found += can_seat(each->live, wanted, now) ? 1 : 0;
        benchmark::DoNotOptimize(found);
    }
    state.counters["per_restaurant"] = benchmark::Counter(
        5'000, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(search_many, board, 1)
    ->Name("reader/can_seat_5000_by_board")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(search_many, template, 0)
    ->Name("reader/can_seat_5000_by_template")
    ->Unit(benchmark::kMicrosecond);

void rebuild(benchmark::State& state) {
    setting s(30, 40);
    const restaurant place = usual_restaurant();
    const auto where = s.stock.view().zone;
    for (auto _ : state) {
        s.stock.reconfigure(make_view(std::make_shared<const restaurant>(place), where));
        s.stock.publish(s.live, s.graveyard);
        s.graveyard.clear();
    }
}
BENCHMARK(rebuild)->Name("inventory/reconfigure_30_days")->Unit(benchmark::kMicrosecond);

void bytes(benchmark::State& state) {
    constexpr int days = 30;
    for (auto _ : state) {
        const setting s(days, 40);
        const auto use = s.stock.memory();
        state.counters["board_per_day"] = static_cast<double>(use.board_bytes) / days;
        state.counters["occupancy_per_day"] = static_cast<double>(use.occupancy_bytes) / days;
        state.counters["pacing_per_day"] = static_cast<double>(use.pacing_bytes) / days;
        state.counters["view"] = static_cast<double>(s.stock.view().bytes());
        state.counters["empty_inventory"] = sizeof(inventory) + sizeof(live_restaurant) + sizeof(board_index);
        state.counters["reservation"] = sizeof(reservation);
    }
}
BENCHMARK(bytes)->Name("inventory/bytes")->Iterations(1);

}  // namespace
}  // namespace qtable
