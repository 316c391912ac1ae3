#include "net/api/availability_pages.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/base/limits.hpp"
#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable::net {
namespace availability_pages_test {

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
    EXPECT_FALSE(pages.find("/two", h.now));
    const std::string tag(pages.keep("/two", h.live, monday, h.life(), "two").tag);
    pages.keep("/four", h.live, monday, h.life(), "four");
    ASSERT_TRUE(pages.find("/two", h.now));
    EXPECT_EQ(pages.find("/two", h.now)->body, "two");
    EXPECT_EQ(pages.find("/two", h.now)->tag, tag);
    EXPECT_EQ(pages.find("/four", h.now)->body, "four");
    EXPECT_FALSE(pages.find("/tw", h.now));
    EXPECT_FALSE(pages.find("/two?", h.now));
    EXPECT_FALSE(pages.find("/two", h.now.plus_ms(2 * ms_per_day))) << "the clock";
    EXPECT_FALSE(pages.find("/two", h.now.plus_ms(-2 * ms_per_day))) << "a clock set back";
}

TEST(availability_pages, a_booking_ends_the_pages_of_its_day_and_changes_the_tag) {
    kept_house h;
    availability_pages pages(1);
    h.book(1, monday, test::clock_min(19, 0), 2);
    h.publish();
    const std::string tag(pages.keep("/two", h.live, monday, h.life(), "before").tag);
    h.book(2, monday, test::clock_min(19, 0), 2);
    h.publish();
    EXPECT_FALSE(pages.find("/two", h.now));
    const auto page = pages.keep("/two", h.live, monday, h.life(), "after");
    EXPECT_EQ(page.body, "after");
    EXPECT_NE(page.tag, tag);
    EXPECT_EQ(pages.find("/two", h.now)->body, "after");
}

TEST(availability_pages, a_configuration_ends_all_pages_of_its_restaurant) {
    kept_house h;
    availability_pages pages(1);
    pages.keep("/two", h.live, monday, h.life(), "public");
    h.place.profile.is_public = !h.place.profile.is_public;
    h.reconfigure();
    h.publish();
    EXPECT_FALSE(pages.find("/two", h.now));
}

TEST(availability_pages, a_tag_is_this_process_only) {
    kept_house h;
    availability_pages one(1), other(2);
    const std::string tag(one.keep("/two", h.live, monday, h.life(), "x").tag);
    EXPECT_EQ(tag.size(), 18U);
    EXPECT_NE(tag, other.keep("/two", h.live, monday, h.life(), "x").tag);
    EXPECT_EQ(tag, one.keep("/two", h.live, monday, h.life(), "x").tag);
}

TEST(availability_pages, the_oldest_text_makes_room) {
    kept_house h;
    availability_pages pages(1);
    const std::string large(limits::availability_page_bytes - 10, 'x');
    constexpr std::size_t fits = limits::availability_pages_bytes / limits::availability_page_bytes;
    const auto target_of = [](std::size_t i) { return "/" + std::to_string(i); };
    for (std::size_t i = 0; i < fits + 3; ++i) {
        const date on = monday.plus_days(static_cast<int>(i));
        pages.keep(target_of(i), h.live, on, h.life(on), large);
        ASSERT_EQ(pages.find(target_of(i), h.now)->body, large) << i;
    }
    EXPECT_FALSE(pages.find(target_of(0), h.now));
    EXPECT_TRUE(pages.find(target_of(10), h.now));
}

TEST(availability_pages, what_is_too_large_is_given_back_but_not_kept) {
    kept_house h;
    availability_pages pages(1);
    const std::string body(limits::availability_page_bytes + 1, 'x');
    EXPECT_EQ(pages.keep("/two", h.live, monday, h.life(), body).body.data(), body.data());
    EXPECT_FALSE(pages.find("/two", h.now));
}

}  // namespace availability_pages_test
}  // namespace qtable::net
