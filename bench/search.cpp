// Restaurant search over clustered points: what a query costs at 10k, 100k and 1M restaurants, and what a
// build costs. Cities are normal clouds whose sizes follow 1/rank; queries come from where restaurants are,
// moved by up to a kilometre.
#include "geo/search.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstring>
#include <map>
#include <numbers>
#include <random>

namespace {
using namespace qtable;

std::vector<geo::point> clustered_points(std::size_t count) {
    constexpr double degrees_per_m = 1 / 111'195.0;
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> unit(-1, 1);
    std::normal_distribution<double> normal(0, 4000 * degrees_per_m);
    std::vector<geo::point> cities(std::max<std::size_t>(20, count / 1000));
    for (auto& city : cities) city = {60 * unit(random), 180 * unit(random)};
    std::vector<double> weights;
    for (std::size_t rank = 1; rank <= cities.size(); ++rank)
        weights.push_back(1 / (4 + static_cast<double>(rank)));
    std::discrete_distribution<std::size_t> pick(weights.begin(), weights.end());
    std::vector<geo::point> points;
    while (points.size() < count) {
        const auto& city = cities[pick(random)];
        const double shrink = std::cos(city.lat_deg * std::numbers::pi / 180);
        const geo::point at{city.lat_deg + normal(random), city.lon_deg + normal(random) / shrink};
        if (geo::is_valid(at)) points.push_back(at);
    }
    return points;
}

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
        const auto points = clustered_points(static_cast<std::size_t>(count));
        made.restaurants = geo::catalogue::build(listings_at(points));
        std::mt19937_64 random(11);
        std::uniform_real_distribution<double> off(-0.009, 0.009);
        for (int i = 0; i < 4096; ++i) {
            const auto& at = points[random() % points.size()];
            made.centres.push_back({at.lat_deg + off(random), at.lon_deg + off(random)});
        }
    }
    return made;
}

template <class Accept>
void run(benchmark::State& state, geo::search_query query, Accept accept) {
    const auto& here = world_of(state.range(0));
    geo::search_scratch scratch;
    std::vector<geo::hit> hits;
    std::size_t next = 0, found = 0, asked = 0;
    const auto counted = [&](const geo::listing& entry, std::uint32_t handle) {
        ++asked;
        return accept(entry, handle);
    };
    for (auto _ : state) {
        query.centre = here.centres[next++ % here.centres.size()];
        geo::search(*here.restaurants, query, counted, scratch, hits);
        benchmark::DoNotOptimize(hits.data());
        found += hits.size();
    }
    const auto per_query = benchmark::Counter::kAvgIterations;
    state.counters["hits"] = benchmark::Counter(static_cast<double>(found), per_query);
    state.counters["asked"] = benchmark::Counter(static_cast<double>(asked), per_query);
}

void nearest_20_within(benchmark::State& state) {
    geo::search_query query;
    query.radius_m = static_cast<double>(state.range(1)) * 1000;
    query.limit = 20;
    run(state, query, geo::accept_all);
}

void one_in_ten_has_a_table(benchmark::State& state) {
    geo::search_query query;
    query.radius_m = static_cast<double>(state.range(1)) * 1000;
    query.limit = 20;
    run(state, query, [](const geo::listing&, std::uint32_t handle) { return handle % 10 == 3; });
}

void by_cuisine_and_rating(benchmark::State& state) {
    geo::search_query query;
    query.radius_m = static_cast<double>(state.range(1)) * 1000;
    query.limit = 20;
    query.cuisine_type = "thai";
    query.min_rating = 3;
    run(state, query, geo::accept_all);
}

// The whole radius has to be read.
void name_that_nobody_has(benchmark::State& state) {
    geo::search_query query;
    query.radius_m = static_cast<double>(state.range(1)) * 1000;
    query.limit = 20;
    query.name_part = "zzz";
    run(state, query, geo::accept_all);
}

void exact_distance(benchmark::State& state) {
    const auto a = geo::locate({55.6761, 12.5683});
    const double away = static_cast<double>(state.range(0)) / 111.0;
    const auto b = geo::locate({55.6761 - away, 12.5683 - away / 100});
    for (auto _ : state) benchmark::DoNotOptimize(geo::geodesic_m(a, b));
}

void build(benchmark::State& state) {
    const auto listings = listings_at(clustered_points(static_cast<std::size_t>(state.range(0))));
    for (auto _ : state) {
        state.PauseTiming();
        auto copy = listings;
        state.ResumeTiming();
        auto made = geo::catalogue::build(std::move(copy));
        state.PauseTiming();
        made.reset();
        state.ResumeTiming();
    }
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
BENCHMARK(exact_distance)->Arg(3)->Arg(100)->Arg(1000);
BENCHMARK(build)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
