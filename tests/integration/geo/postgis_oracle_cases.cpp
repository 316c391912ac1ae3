// Writes what qtable_geo answers to a folder of CSV files, for postgis_oracle.py to ask PostGIS the same:
//   points.csv  id,lat,lon          queries.csv  id,lat,lon,radius_m
//   hits.csv    query,point,distance_m           pairs.csv  id,a_lat,a_lon,b_lat,b_lon,distance_m
#include <cstdio>
#include <cstdlib>
#include <string>

#include "geo/search.hpp"
#include "tests/unit/geo/places.hpp"

namespace {
using namespace qtable::geo;

class csv {
  public:
    csv(const std::string& folder, const char* name) : file_(std::fopen((folder + "/" + name).c_str(), "w")) {
        if (file_ == nullptr) std::exit(1);
    }
    ~csv() { std::fclose(file_); }
    csv(const csv&) = delete;
    csv& operator=(const csv&) = delete;

    template <class... Numbers>
    void line(std::size_t id, Numbers... numbers) {
        std::fprintf(file_, "%zu", id);
        (std::fprintf(file_, ",%.17g", static_cast<double>(numbers)), ...);
        std::fputc('\n', file_);
    }

  private:
    std::FILE* file_;
};

void write_searches(const std::string& folder, std::mt19937_64& random) {
    const auto listings = testing::listings_of_the_world(3000, 20);
    const auto restaurants = catalogue::build(listings);
    csv points(folder, "points.csv"), queries(folder, "queries.csv"), hits(folder, "hits.csv");
    for (const listing& entry : listings) points.line(entry.handle, entry.at.lat_deg, entry.at.lon_deg);
    search_scratch scratch;
    std::vector<hit> found;
    accept_all all;
    std::size_t id = 0;
    for (const double radius_m : {500.0, 3000.0, 10'000.0, 100'000.0, 2e6, 1.9e7}) {
        for (const point city : testing::city_centres()) {
            search_query query;
            query.centre = testing::near_to(city, radius_m / 2, random);
            if (radius_m == 10'000.0) query.centre = city;
            query.radius_m = radius_m;
            query.limit = listings.size();
            search(*restaurants, query, all, scratch, found);
            queries.line(id, query.centre.lat_deg, query.centre.lon_deg, radius_m);
            for (const hit& h : found) hits.line(id, h.entry->handle, h.distance_m);
            ++id;
        }
    }
}

void write_pairs(const std::string& folder, std::mt19937_64& random) {
    csv pairs(folder, "pairs.csv");
    std::size_t id = 0;
    const auto add = [&](point a, point b) {
        pairs.line(id++, a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg, geodesic_m(a, b));
    };
    for (const double spread_m : {1.0, 1000.0, 1e5, 1.3e5, 1e6}) {
        for (int i = 0; i < 1000; ++i) {
            const point from = i % 3 == 0 ? testing::city_centres()[random() % 8] : testing::anywhere(random);
            add(from, testing::near_to(from, spread_m, random));
        }
    }
    for (int i = 0; i < 3000; ++i) add(testing::anywhere(random), testing::anywhere(random));
    for (int i = 0; i < 3000; ++i) {
        const point from = testing::anywhere(random);
        const point antipode = testing::wrapped(-from.lat_deg, from.lon_deg + 180);
        add(from, testing::near_to(antipode, i % 2 == 0 ? 50'000 : 100, random));
    }
    for (const point pole : {point{90, 0}, point{-90, 123}}) {
        for (const point to : testing::city_centres()) add(pole, to);
    }
    add({12.5, 180}, {12.5, -180});
    add({55.6761, 12.5683}, {55.6761, 12.5683});
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: postgis_oracle_cases FOLDER\n", stderr);
        return 2;
    }
    std::mt19937_64 random(21);
    write_searches(arguments[1], random);
    write_pairs(arguments[1], random);
}
