// Restaurant search over clustered points: what a query costs at 10k, 100k and 1M restaurants, what a build
// costs, and what it costs to ask who has a table, most of them full or free, with memory gone cold.
#include "geo/search.hpp"

#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "bench/cities.hpp"
#include "bench/houses.hpp"
#include "net/api/search_answer.hpp"

namespace {
using namespace qtable;
using bench::evening;

std::vector<geo::listing> listings_at(const std::vector<geo::point>& points) {
    std::vector<geo::listing> listings;
    for (std::uint32_t i = 0; i < points.size(); ++i) {
        geo::listing entry;
        std::memcpy(entry.id.bytes.data() + 12, &i, 4);
        entry.at = points[i];
        entry.name = "Restaurant number " + std::to_string(i);
        entry.cuisine_type = i % 10 == 0 ? "Thai" : "Italian;Pizza";
        entry.price_range = static_cast<std::uint8_t>(1 + i % 4);
        entry.rating = 3 + (i % 20) / 10.0;
        entry.json.assign(300, 'x');
        entry.handle = i;
        listings.push_back(std::move(entry));
    }
    return listings;
}

struct world {
    std::shared_ptr<const geo::catalogue> restaurants;
    std::vector<geo::point> centres;
};

const world& world_of(std::int64_t count) {
    static std::map<std::int64_t, world> worlds;
    auto& made = worlds[count];
    if (!made.restaurants) {
        const auto points = bench::clustered_points(static_cast<std::size_t>(count));
        made.restaurants = geo::catalogue::build(listings_at(points));
        made.centres = bench::centres_among(points);
    }
    return made;
}

// Counts what it is asked; `every` = 10: one in ten has a table, as only `accept` knows.
class counting final : public geo::row_filter {
  public:
    explicit counting(std::uint32_t every) : every_(every) {}
    bool accept(std::uint32_t row) override {
        ++asked;
        return row * 7 % every_ == 0;
    }
    std::size_t asked = 0;

  private:
    std::uint32_t every_;
};

void run(benchmark::State& state, geo::search_query query, std::uint32_t every = 1) {
    const auto& here = world_of(state.range(0));
    geo::search_scratch scratch;
    std::vector<geo::hit> hits;
    std::size_t next = 0, found = 0;
    counting counted(every);
    for (auto _ : state) {
        query.centre = here.centres[next++ % here.centres.size()];
        geo::search(*here.restaurants, query, counted, scratch, hits);
        benchmark::DoNotOptimize(hits.data());
        found += hits.size();
    }
    const auto per_query = benchmark::Counter::kAvgIterations;
    state.counters["hits"] = benchmark::Counter(static_cast<double>(found), per_query);
    state.counters["asked"] = benchmark::Counter(static_cast<double>(counted.asked), per_query);
}

void nearest_20_within(benchmark::State& state) {
    geo::search_query query;
    query.radius_m = static_cast<double>(state.range(1)) * 1000;
    query.limit = 20;
    run(state, query);
}

void one_in_ten_has_a_table(benchmark::State& state) {
    geo::search_query query;
    query.radius_m = static_cast<double>(state.range(1)) * 1000;
    query.limit = 20;
    run(state, query, 10);
}

void by_cuisine_and_rating(benchmark::State& state) {
    geo::search_query query;
    query.radius_m = static_cast<double>(state.range(1)) * 1000;
    query.limit = 20;
    query.cuisine_type = "thai";
    query.min_rating = 3;
    run(state, query);
}

// The whole radius has to be read.
void name_that_nobody_has(benchmark::State& state) {
    geo::search_query query;
    query.radius_m = static_cast<double>(state.range(1)) * 1000;
    query.limit = 20;
    query.name_part = "zzz";
    run(state, query);
}

void exact_distance(benchmark::State& state) {
    const auto a = geo::locate({55.6761, 12.5683});
    const double away = static_cast<double>(state.range(0)) / 111.0;
    const auto b = geo::locate({55.6761 - away, 12.5683 - away / 100});
    for (auto _ : state) benchmark::DoNotOptimize(geo::geodesic_m(a, b));
}

void build(benchmark::State& state) {
    const auto listings = listings_at(bench::clustered_points(static_cast<std::size_t>(state.range(0))));
    for (auto _ : state) {
        auto made = geo::catalogue::build(listings);
        state.PauseTiming();
        made.reset();
        state.ResumeTiming();
    }
}

const bench::houses& houses() {
    static const bench::houses made(100'000);
    return made;
}

// Centres with about a thousand restaurants within 3 km.
const std::vector<geo::point>& busy_centres() {
    static const std::vector<geo::point> chosen = [] {
        std::vector<geo::point> busy;
        geo::search_query query;
        query.radius_m = 3000;
        query.limit = 2000;
        geo::search_scratch scratch;
        std::vector<geo::hit> hits;
        geo::accept_all all;
        for (const geo::point& at : bench::centres_among(houses().points())) {
            query.centre = at;
            geo::search(*houses().catalogue().listings, query, all, scratch, hits);
            if (hits.size() > 850 && hits.size() < 1200) busy.push_back(at);
        }
        return busy;
    }();
    return chosen;
}

std::int64_t thread_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

// Other things pass through the caches meanwhile: more than they hold.
void forget_caches() {
    static std::vector<char> others(48 << 20);
    for (std::size_t at = 0; at < others.size(); at += 64) ++others[at];
    benchmark::DoNotOptimize(others.data());
}

// A table for four at 19:30 among a thousand, each time elsewhere and on another evening. Counts the thread's
// own time: p50 and p99 of the queries one by one. Cold: everything that a query reads left the caches
// before.
void table_for_four(benchmark::State& state, evening kind, bool is_cold, bool is_written) {
    const auto& centres = busy_centres();
    geo::search_scratch scratch;
    std::vector<geo::hit> hits;
    std::string out;
    std::vector<double> taken_us;
    std::size_t next = 0, found = 0;
    for (auto _ : state) {
        if (is_cold) forget_caches();
        net::wanted_search wanted;
        wanted.area.centre = centres[next * 7 % centres.size()];
        wanted.area.radius_m = 3000;
        wanted.area.limit = 20;
        wanted.seat = wanted_time{bench::houses::day_of(kind, next++), 19 * 60 + 30, 0, 4};
        const std::int64_t start_ns = thread_ns();
        const bool more =
            net::find_restaurants(houses().catalogue(), wanted, bench::houses::now, scratch, hits);
        if (is_written) {
            out.clear();
            net::write_restaurants(out, houses().catalogue(), wanted, bench::houses::now, hits, more,
                                   proto::list_writer::form::plain);
        }
        const std::int64_t ns = thread_ns() - start_ns;
        state.SetIterationTime(static_cast<double>(ns) * 1e-9);
        taken_us.push_back(static_cast<double>(ns) / 1000);
        found += hits.size();
    }
    std::sort(taken_us.begin(), taken_us.end());
    state.counters["p50_us"] = taken_us[taken_us.size() / 2];
    state.counters["p99_us"] = taken_us[taken_us.size() * 99 / 100];
    state.counters["hits"] =
        benchmark::Counter(static_cast<double>(found), benchmark::Counter::kAvgIterations);
    state.counters["refusal_bytes"] = houses().memory().refusals_a_restaurant;
    state.counters["sold_out_bytes_per_day"] = houses().memory().sold_out_a_restaurant_day;
}

void sizes_and_radii(benchmark::internal::Benchmark* registered) {
    for (const int count : {10'000, 100'000, 1'000'000}) {
        for (const int radius_km : {3, 10, 100}) registered->Args({count, radius_km});
    }
}

}  // namespace

BENCHMARK(nearest_20_within)->Apply(sizes_and_radii);
BENCHMARK(one_in_ten_has_a_table)->Apply(sizes_and_radii);
BENCHMARK(by_cuisine_and_rating)->Apply(sizes_and_radii);
BENCHMARK(name_that_nobody_has)->Args({100'000, 3})->Args({100'000, 10});
BENCHMARK_CAPTURE(table_for_four, nearly_all_full, evening::nearly_all_full, false, false)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(table_for_four, nearly_all_full_cold, evening::nearly_all_full, true, false)
    ->UseManualTime()
    ->Iterations(1000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(table_for_four, half_full_cold, evening::half_full, true, false)
    ->UseManualTime()
    ->Iterations(1000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(table_for_four, nearly_all_free_cold, evening::nearly_all_free, true, false)
    ->UseManualTime()
    ->Iterations(1000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(table_for_four, nothing_booked_cold, evening::nothing_booked, true, false)
    ->UseManualTime()
    ->Iterations(1000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(table_for_four, half_full_written, evening::half_full, false, true)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(exact_distance)->Arg(3)->Arg(100)->Arg(1000);
BENCHMARK(build)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
