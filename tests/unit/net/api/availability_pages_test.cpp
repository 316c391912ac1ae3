#include "net/api/availability_pages.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/base/limits.hpp"
#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable::net {
namespace {

using test::day;
using test::house;

const date monday = day("2026-11-23");

struct kept_house : house {
    kept_house() : house(test::small_restaurant()) {}
    availability_life life(date on = monday) const { return *life_of_answer(live, on, now); }
};

TEST(availability_pages, gives_a_page_again_while_it_holds) {
    kept_house h;
    availability_pages pages(1);
    EXPECT_FALSE(pages.find(h.live, monday, 2, h.now));
    const std::string tag(pages.keep(h.live, monday, 2, h.life(), "two").tag);
    pages.keep(h.live, monday, 4, h.life(), "four");
    ASSERT_TRUE(pages.find(h.live, monday, 2, h.now));
    EXPECT_EQ(pages.find(h.live, monday, 2, h.now)->body, "two");
    EXPECT_EQ(pages.find(h.live, monday, 2, h.now)->tag, tag);
    EXPECT_EQ(pages.find(h.live, monday, 4, h.now)->body, "four");
    EXPECT_FALSE(pages.find(h.live, monday.plus_days(1), 2, h.now));
    EXPECT_FALSE(pages.find(h.live, monday, 2, h.now.plus_ms(2 * ms_per_day))) << "the clock";
    EXPECT_FALSE(pages.find(h.live, monday, 2, h.now.plus_ms(-2 * ms_per_day))) << "a clock set back";
}

TEST(availability_pages, a_booking_ends_the_pages_of_its_day_and_changes_the_tag) {
    kept_house h;
    availability_pages pages(1);
    h.book(1, monday, test::clock_min(19, 0), 2);
    h.publish();
    const std::string tag(pages.keep(h.live, monday, 2, h.life(), "before").tag);
    h.book(2, monday, test::clock_min(19, 0), 2);
    h.publish();
    EXPECT_FALSE(pages.find(h.live, monday, 2, h.now));
    const auto page = pages.keep(h.live, monday, 2, h.life(), "after");
    EXPECT_EQ(page.body, "after");
    EXPECT_NE(page.tag, tag);
}

TEST(availability_pages, a_tag_is_this_process_only) {
    kept_house h;
    availability_pages one(1), other(2);
    const std::string tag(one.keep(h.live, monday, 2, h.life(), "x").tag);
    EXPECT_EQ(tag.size(), 18U);
    EXPECT_NE(tag, other.keep(h.live, monday, 2, h.life(), "x").tag);
    EXPECT_EQ(tag, one.keep(h.live, monday, 2, h.life(), "x").tag);
}

TEST(availability_pages, the_oldest_text_makes_room) {
    kept_house h;
    availability_pages pages(1);
    const std::string large(limits::availability_page_bytes - 1, 'x');
    constexpr std::size_t fits = limits::availability_pages_bytes / limits::availability_page_bytes;
    for (std::size_t i = 0; i < fits + 3; ++i) {
        const date on = monday.plus_days(static_cast<int>(i));
        pages.keep(h.live, on, 2, h.life(on), large);
        ASSERT_EQ(pages.find(h.live, on, 2, h.now)->body, large) << i;
    }
    EXPECT_FALSE(pages.find(h.live, monday, 2, h.now));
    EXPECT_TRUE(pages.find(h.live, monday.plus_days(10), 2, h.now));
}

TEST(availability_pages, what_is_too_large_is_given_back_but_not_kept) {
    kept_house h;
    availability_pages pages(1);
    const std::string body(limits::availability_page_bytes + 1, 'x');
    EXPECT_EQ(pages.keep(h.live, monday, 2, h.life(), body).body.data(), body.data());
    EXPECT_FALSE(pages.find(h.live, monday, 2, h.now));
}

}  // namespace
}  // namespace qtable::net
