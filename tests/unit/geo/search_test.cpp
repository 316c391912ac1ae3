#include "geo/search.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <tuple>

#include "geo/text.hpp"
#include "tests/unit/geo/places.hpp"

namespace qtable::geo {
namespace search_test {

using namespace testing;

using found = std::pair<double, restaurant_id>;

std::string folded(std::string_view text) {
    std::string result;
    fold(text, result);
    return result;
}

bool passes(const catalogue& restaurants, std::size_t row, const search_query& query) {
    const catalogue::entry& entry = restaurants.entry_of(row);
    const catalogue::row& numbers = restaurants.rows()[row];
    if (query.box && !query.box->contains(entry.at)) return false;
    if (query.price_range != 0 && numbers.price_range != query.price_range) return false;
    if (query.min_rating > 0 && !(numbers.rating >= query.min_rating)) return false;
    if (!query.cuisine_type.empty() && !has_cuisine(entry.cuisine_folded(), folded(query.cuisine_type)))
        return false;
    return entry.name_folded().find(folded(query.name_part)) != std::string::npos;
}

constexpr auto everyone = [](std::uint32_t) { return true; };
constexpr auto every_third = [](std::uint32_t handle) { return handle % 3 == 0; };

// Accepts by handle. Some of those that it refuses it doesn't even keep.
template <class Accept>
class by_handle final : public row_filter {
  public:
    by_handle(const catalogue& restaurants, Accept accept) : restaurants_(restaurants), accept_(accept) {}

    std::uint32_t keep(std::uint32_t first, std::uint32_t rows) override {
        EXPECT_EQ(first % 16, 0U);
        for (std::uint32_t i = 0; i < 16; ++i) {
            if (((rows >> i) & 1U) == 0) continue;
            EXPECT_LT(first + i, restaurants_.size());
            const std::uint32_t handle = restaurants_.entry_of(first + i).handle;
            if (handle % 2 == 0 && !accept_(handle)) rows &= ~(1U << i);
        }
        return rows;
    }
    void prepare(std::span<const spatial_index::found_row> next) override {
        for (const auto& each : next) prepared_.insert(each.row);
    }
    bool accept(std::uint32_t row) override {
        EXPECT_TRUE(prepared_.contains(row));
        asked.push_back(row);
        const std::uint32_t handle = restaurants_.entry_of(row).handle;
        EXPECT_TRUE(handle % 2 != 0 || accept_(handle)) << "it wasn't kept";
        return accept_(handle);
    }
    std::vector<std::uint32_t> asked;

  private:
    const catalogue& restaurants_;
    Accept accept_;
    std::set<std::uint32_t> prepared_;
};

// Everything that matches, in order, by looking at each listing: without tree, chord or limit.
template <class Accept>
std::vector<found> by_brute_force(const catalogue& restaurants, const search_query& query, Accept accept) {
    std::vector<found> all;
    for (std::size_t row = 0; row < restaurants.size(); ++row) {
        const catalogue::entry& entry = restaurants.entry_of(row);
        // A degree of latitude is longer than 110.5 km: spares the slow distances of the far.
        if (std::abs(entry.at.lat_deg - query.centre.lat_deg) * 110'500 > query.radius_m) continue;
        if (!passes(restaurants, row, query) || !accept(entry.handle)) continue;
        const double distance = geodesic_m(query.centre, entry.at);
        if (distance <= query.radius_m) all.emplace_back(distance, entry.id);
    }
    std::sort(all.begin(), all.end(), [](const found& a, const found& b) {
        const double first = shown_m(a.first), second = shown_m(b.first);
        return first != second ? first < second : a.second < b.second;
    });
    return all;
}

// Walks all pages; each page's `more` must tell the truth.
template <class Accept>
std::vector<found> by_pages(const catalogue& restaurants, search_query query, Accept accept,
                            std::size_t page) {
    std::vector<found> all;
    search_scratch scratch;
    std::vector<hit> hits;
    query.limit = page;
    while (true) {
        by_handle filter(restaurants, accept);
        const bool more = search(restaurants, query, filter, scratch, hits);
        EXPECT_LE(hits.size(), page);
        for (const hit& h : hits) all.emplace_back(h.distance_m, h.entry->id);
        if (!more) return all;
        EXPECT_EQ(hits.size(), page);
        if (hits.empty()) return all;
        query.after = cursor{hits.back().distance_m, hits.back().entry->id};
    }
}

class search_of_the_world : public ::testing::Test {
  protected:
    static const catalogue& restaurants() {
        static const auto built = catalogue::build(listings_of_the_world(6000, 42));
        return *built;
    }
    template <class Accept>
    void expect_same(const search_query& query, Accept accept, std::size_t page) {
        const auto expected = by_brute_force(restaurants(), query, accept);
        ASSERT_EQ(by_pages(restaurants(), query, accept, page), expected)
            << query.centre.lat_deg << ' ' << query.centre.lon_deg << " radius " << query.radius_m;
        total_ += expected.size();
    }
    std::size_t total_ = 0;
};

TEST_F(search_of_the_world, equals_brute_force_in_every_city_and_radius) {
    std::mt19937_64 random(1);
    for (const point city : city_centres()) {
        for (const double radius_m : {0.5, 300.0, 3000.0, 10'000.0, 100'000.0}) {
            for (const double off_m : {0.0, 2000.0, 50'000.0}) {
                search_query query;
                query.centre = off_m == 0 ? city : near_to(city, off_m, random);
                query.radius_m = radius_m;
                expect_same(query, everyone, 20);
                expect_same(query, every_third, 7);
            }
        }
    }
    EXPECT_GT(total_, 20'000U);
}

TEST_F(search_of_the_world, equals_brute_force_around_the_globe) {
    std::mt19937_64 random(2);
    for (const double radius_m : {1e6, 1e7, 1.99e7, 2.1e7, 1e9}) {
        for (const point centre : {anywhere(random), point{90, 0}, point{0, 180}}) {
            search_query query;
            query.centre = centre;
            query.radius_m = radius_m;
            expect_same(query, every_third, 1000);
        }
    }
}

TEST_F(search_of_the_world, equals_brute_force_with_page_size_one_among_duplicates) {
    search_query query;
    query.centre = city_centres()[0];
    query.radius_m = 900;
    expect_same(query, everyone, 1);
    EXPECT_GT(total_, 50U);
}

TEST_F(search_of_the_world, equals_brute_force_with_filters) {
    std::mt19937_64 random(3);
    const std::vector<std::string_view> cuisines{"",     "PIZZA",         "thai", "bakery",
                                                 "CAFÉ", "Italian;Pizza", "pizz"};
    const std::vector<std::string_view> names{"", "golden", "ÅSE", "fork 12", "nobody"};
    for (int i = 0; i < 300; ++i) {
        search_query query;
        query.centre = near_to(city_centres()[random() % city_centres().size()], 3000, random);
        query.radius_m = i % 2 == 0 ? 5000 : 50'000;
        query.cuisine_type = cuisines[random() % cuisines.size()];
        query.name_part = names[random() % names.size()];
        query.price_range = static_cast<std::uint8_t>(random() % 5);
        query.min_rating = static_cast<double>(random() % 3);
        expect_same(query, everyone, 5);
    }
    EXPECT_GT(total_, 1000U);
}

TEST_F(search_of_the_world, equals_brute_force_in_boxes) {
    for (const bounding_box box : {bounding_box{-17, 179.99, -16, -179.99},
                                   {55.6, 12.5, 55.7, 12.6},
                                   {89.98, 0, 90, 90},
                                   {-1, -180, 1, -179.9},
                                   {-90, -180, 90, 180}}) {
        for (const point city : city_centres()) {
            search_query query;
            query.centre = city;
            query.radius_m = 20'000;
            query.box = box;
            expect_same(query, everyone, 20);
        }
    }
    EXPECT_GT(total_, 4000U);
}

TEST_F(search_of_the_world, takes_the_edge_of_the_radius_exactly) {
    std::mt19937_64 random(4);
    search_scratch scratch;
    std::vector<hit> hits;
    accept_all all;
    for (int i = 0; i < 500; ++i) {
        const catalogue::entry& target = restaurants().entry_of(random() % restaurants().size());
        search_query query;
        query.centre = near_to(target.at, i % 2 == 0 ? 3000 : 90'000, random);
        query.radius_m = geodesic_m(query.centre, target.at);
        query.limit = 10'000;
        const auto has_target = [&] {
            return std::any_of(hits.begin(), hits.end(), [&](const hit& h) { return h.entry == &target; });
        };
        search(restaurants(), query, all, scratch, hits);
        EXPECT_TRUE(has_target());
        query.radius_m = std::nextafter(query.radius_m, 0.0);
        search(restaurants(), query, all, scratch, hits);
        EXPECT_FALSE(has_target());
    }
}

TEST_F(search_of_the_world, asks_accept_once_each_and_stops_soon) {
    search_scratch scratch;
    std::vector<hit> hits;
    for (const point city : city_centres()) {
        search_query query;
        query.centre = city;
        query.radius_m = 100'000;
        query.limit = 20;
        class every_other final : public row_filter {
          public:
            bool accept(std::uint32_t row) override {
                asked.push_back(row);
                return asked.size() % 2 == 0;
            }
            std::vector<std::uint32_t> asked;
        } filter;
        EXPECT_TRUE(search(restaurants(), query, filter, scratch, hits));
        EXPECT_EQ(hits.size(), 20U);
        auto& asked = filter.asked;
        EXPECT_LE(asked.size(), 50U);
        std::sort(asked.begin(), asked.end());
        EXPECT_EQ(std::unique(asked.begin(), asked.end()), asked.end());
    }
}

TEST_F(search_of_the_world, finds_nothing_for_what_makes_no_sense) {
    search_scratch scratch;
    std::vector<hit> hits;
    accept_all all;
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    for (const auto& [centre, radius_m, limit] : {std::tuple{point{nan, 0}, 1000.0, 20U},
                                                  {point{0, 181}, 1000.0, 20U},
                                                  {point{0, 0}, 0.0, 20U},
                                                  {point{0, 0}, nan, 20U},
                                                  {point{0, 0}, -5.0, 20U},
                                                  {point{0, 0}, 1000.0, 0U}}) {
        search_query query;
        query.centre = centre;
        query.radius_m = radius_m;
        query.limit = limit;
        hits.assign(3, hit{});
        EXPECT_FALSE(search(restaurants(), query, all, scratch, hits));
        EXPECT_TRUE(hits.empty());
    }
}

// A cursor may outlive the listing that it names: the next page goes on where that one would have been.
TEST(search, continues_after_a_hit_that_is_gone) {
    auto given = listings_of_the_world(500, 7);
    search_query query;
    query.centre = city_centres()[0];
    query.radius_m = 50'000;
    const auto before = by_brute_force(*catalogue::build(given), query, everyone);
    ASSERT_GT(before.size(), 40U);
    std::erase_if(given, [&](const listing& entry) { return entry.id == before[9].second; });
    query.after = cursor{before[9].first, before[9].second};
    const auto rest = by_pages(*catalogue::build(given), query, everyone, 10);
    EXPECT_EQ(rest, std::vector<found>(before.begin() + 10, before.end()));
}

TEST(search, orders_those_at_one_place_by_id) {
    std::vector<listing> given(300);
    for (std::uint32_t i = 0; i < given.size(); ++i) {
        given[i].id = id_of((i * 7919) % 100'000);
        given[i].at = {12.5, i % 2 == 0 ? 180.0 : -180.0};
    }
    const auto mall = catalogue::build(given);
    search_query query;
    query.radius_m = 1000;
    for (const point centre : {point{12.501, 179.999}, point{12.5, 180}, point{12.5, -180 + 1e-12}}) {
        query.centre = centre;
        const auto all = by_pages(*mall, query, everyone, 7);
        EXPECT_EQ(all.size(), 300U);
        EXPECT_EQ(all, by_brute_force(*mall, query, everyone));
    }
}

TEST(search, takes_an_endless_radius_and_refuses_a_cursor_that_is_no_distance) {
    const auto restaurants = catalogue::build(listings_of_the_world(300, 8));
    search_scratch scratch;
    std::vector<hit> hits;
    accept_all all;
    search_query query;
    query.radius_m = std::numeric_limits<double>::infinity();
    query.limit = 1000;
    EXPECT_FALSE(search(*restaurants, query, all, scratch, hits));
    EXPECT_EQ(hits.size(), 300U);
    for (const double distance_m :
         {std::numeric_limits<double>::quiet_NaN(), -1.0, 1e300, std::numeric_limits<double>::infinity()}) {
        query.after = cursor{distance_m, {}};
        EXPECT_FALSE(search(*restaurants, query, all, scratch, hits));
        EXPECT_TRUE(hits.empty());
    }
}

TEST(search, of_an_empty_catalogue_finds_nothing) {
    const auto nothing = catalogue::build(std::vector<listing>());
    search_query query;
    query.radius_m = 1000;
    EXPECT_TRUE(by_pages(*nothing, query, everyone, 20).empty());
}

}  // namespace search_test
}  // namespace qtable::geo
