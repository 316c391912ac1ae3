// The search as a request runs it, over restaurants with inventories: the same hits as asking every one of
// them, whatever is booked meanwhile, and nothing allocated on the way from the question to the answer's
// text.
#include "net/api/search_answer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "net/rt/runtime.hpp"
#include "tests/unit/core/inventory/fixture.hpp"
#include "tests/unit/net/allocation_counter.hpp"

namespace qtable::net {
namespace search_answer_test {

using test::clock_min;
using test::day;
using test::house;
using test::make_id;

const date friday = day("2026-11-27");

class search_answer : public ::testing::Test {
  protected:
    static constexpr unsigned count = 400;

    search_answer() {
        for (unsigned i = 0; i < count; ++i) add(i);
        rebuild();
    }

    void add(unsigned number) {
        restaurant place = test::small_restaurant();
        place.id = make_id<restaurant_id>(number + 1);
        place.profile.name = "House " + std::to_string(number);
        place.profile.latitude = 55.6 + 0.0002 * static_cast<double>(random_() % 1000);
        place.profile.longitude = 12.5 + 0.0003 * static_cast<double>(random_() % 1000);
        place.profile.hours = test::every_day(number % 5 == 0 ? "11:00-15:00,18:00-23:00" : "17:00-01:00");
        houses_.push_back(std::make_unique<house>(place));
        house& made = *houses_.back();
        made.live.id = place.id;
        made.live.refusals = nullptr;  // the catalogue gives it its place
        builder_.put_at_start(made.live);
    }
    void rebuild() {
        catalogue_ = builder_.build_now();
        for (const auto& each : houses_) each->publish();
    }

    // Somebody takes tables for the evening, or gives them back.
    void something_happens() {
        house& there = *houses_[random_() % houses_.size()];
        const date on = friday.plus_days(static_cast<int>(random_() % 3));
        const auto key = make_id<hold_id>(static_cast<unsigned>(on.days));
        if (there.stock.find_claim(key) != nullptr) {
            there.stock.release_claim(key);
        } else {
            capacity_claim taken;
            for (const table& t : there.place.tables) {
                if (random_() % 8 != 0) taken.tables.push_back(t.id);
            }
            taken.party_size = 2;
            taken.starts_at = {on.days * ms_per_day + 17 * 60 * ms_per_minute};
            taken.blocks_from = taken.starts_at;
            taken.blocks_until = taken.starts_at.plus_minutes(7 * 60);
            there.stock.take_claim(key, taken);
        }
        there.publish();
    }

    wanted_search some_search() {
        wanted_search wanted;
        wanted.area.centre = {55.6 + 0.0002 * static_cast<double>(random_() % 1000),
                              12.5 + 0.0003 * static_cast<double>(random_() % 1000)};
        wanted.area.radius_m = 500 + static_cast<double>(random_() % 8000);
        wanted.area.limit = 1 + random_() % 40;
        wanted.seat = wanted_time{friday.plus_days(static_cast<int>(random_() % 3)),
                                  static_cast<int>(random_() % 288) * 5, static_cast<int>(random_() % 3) * 30,
                                  1 + static_cast<int>(random_() % 5)};
        if (random_() % 4 != 0) wanted.seat->minute = clock_min(19, 0);
        return wanted;
    }

    static void expect_equal(const std::vector<start_view>& some, const std::vector<start_view>& others) {
        ASSERT_EQ(some.size(), others.size());
        for (std::size_t i = 0; i < some.size(); ++i) {
            EXPECT_EQ(some[i].minute, others[i].minute);
            EXPECT_EQ(some[i].starts_at, others[i].starts_at);
            EXPECT_EQ(some[i].ends_at, others[i].ends_at);
            EXPECT_EQ(some[i].available_tables, others[i].available_tables);
            EXPECT_EQ(some[i].slot, others[i].slot);
        }
    }

    // Asks every restaurant. Nearest first, then by id.
    std::vector<restaurant_id> by_asking_all(const wanted_search& wanted) const {
        std::vector<std::pair<double, restaurant_id>> near;
        for (const auto& each : houses_) {
            const geo::point at{*each->place.profile.latitude, *each->place.profile.longitude};
            const double away_m = geo::geodesic_m(wanted.area.centre, at);
            std::vector<start_view> bookable, of_all;
            for_each_bookable(each->live, *wanted.seat, now_,
                              [&](const start_view& start) { bookable.push_back(start); });
            for_each_start(each->live, wanted.seat->date, wanted.seat->party_size, now_,
                           wanted.seat->ranges(), [&](const start_view& start) {
                               if (start.is_available()) of_all.push_back(start);
                           });
            expect_equal(bookable, of_all);
            if (away_m <= wanted.area.radius_m && !bookable.empty())
                near.emplace_back(geo::shown_m(away_m), each->place.id);
        }
        std::sort(near.begin(), near.end());
        std::vector<restaurant_id> ids;
        for (const auto& [away_m, id] : near) {
            if (ids.size() < wanted.area.limit) ids.push_back(id);
        }
        return ids;
    }

    bool find(const wanted_search& wanted) {
        return find_restaurants(*catalogue_, wanted, now_, scratch_, hits_);
    }
    void expect_same(const wanted_search& wanted) {
        find(wanted);
        std::vector<restaurant_id> found;
        for (const geo::hit& each : hits_) found.push_back(each.entry->id);
        ASSERT_EQ(found, by_asking_all(wanted));
    }

    std::mt19937 random_{1};
    runtime cores_{1};
    catalogue_builder builder_{cores_, {}};
    std::vector<std::unique_ptr<house>> houses_;
    std::shared_ptr<const search_catalogue> catalogue_;
    geo::search_scratch scratch_;
    std::vector<geo::hit> hits_;
    instant now_ = test::at("2026-11-26T12:00:00Z");
};

TEST_F(search_answer, finds_whom_asking_everyone_finds) {
    std::size_t found = 0, limited = 0;
    for (int i = 0; i < 3000; ++i) {
        something_happens();
        if (i < 1000) continue;
        const wanted_search wanted = some_search();
        expect_same(wanted);
        found += hits_.size();
        limited += hits_.size() == wanted.area.limit ? 1U : 0U;
    }
    EXPECT_GT(found, 5000U);
    EXPECT_GT(limited, 200U);
}

TEST_F(search_answer, neighbours_share_a_block_and_keep_their_places) {
    const auto& numbers = catalogue_->refusal_numbers;
    ASSERT_EQ(numbers.size(), count);
    for (std::uint32_t row = 0; row < count; ++row) EXPECT_EQ(numbers[row], row);
    const auto before = catalogue_;
    for (unsigned i = count; i < count + 70; ++i) add(i);
    catalogue_ = builder_.build_now();
    EXPECT_EQ(catalogue_->refusals.size(), (count + 70 + 63) / 64);
    for (std::size_t row = 0; row < catalogue_->live.size(); ++row)
        EXPECT_EQ(catalogue_->refusal_numbers[row], catalogue_->live[row]->refusal_number);
    for (std::size_t row = 0; row < count; ++row)
        EXPECT_EQ(before->live[row]->refusal_number, before->refusal_numbers[row]);
    // The new ones have told nothing yet: they are asked.
    for (int i = 0; i < 200; ++i) expect_same(some_search());
    for (const auto& each : houses_) each->publish();
    for (int i = 0; i < 200; ++i) expect_same(some_search());
}

TEST_F(search_answer, is_open_at_a_moment) {
    wanted_search wanted;
    wanted.area.centre = {55.7, 12.65};
    wanted.area.radius_m = 50'000;
    wanted.area.limit = 1000;
    wanted.open_at = test::at("2026-11-27T12:00:00Z");
    EXPECT_FALSE(find(wanted));
    EXPECT_EQ(hits_.size(), count / 5);
}

TEST_F(search_answer, allocates_nothing_once_warm) {
    for (int i = 0; i < 1000; ++i) something_happens();
    std::string out;
    const auto answer_some = [&] {
        random_.seed(7);
        std::size_t written = 0;
        for (int i = 0; i < 200; ++i) {
            wanted_search wanted = some_search();
            if (i % 3 == 0) wanted.seat.reset();
            if (i % 7 == 0) wanted.area.cuisine_type = "a cuisine that is longer than any short string";
            if (i % 5 == 0) wanted.open_at = now_;
            if (i % 2 == 0) wanted.area.after = geo::cursor{200, {}};
            const bool more = find(wanted);
            out.clear();
            write_restaurants(
                out, *catalogue_, wanted, now_, hits_, more,
                i % 4 == 0 ? proto::list_writer::form::geojson : proto::list_writer::form::plain);
            written += out.size();
        }
        return written;
    };
    const std::size_t warm_up = answer_some();
    const std::size_t before = allocation_count();
    const std::size_t again = answer_some();
    EXPECT_EQ(allocation_count(), before);
    EXPECT_EQ(again, warm_up);
    EXPECT_GT(again, 500'000U);
    EXPECT_GT(before, 0U);
}

}  // namespace search_answer_test
}  // namespace qtable::net
