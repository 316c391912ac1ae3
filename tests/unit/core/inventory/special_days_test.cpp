// Special days: they take the place of the week's hours, merge with the days around, and keep their wall
// clock over every change of offset.
#include <gtest/gtest.h>

#include "core/model/opening.hpp"
#include "tests/unit/core/inventory/fixture.hpp"
#include "tests/unit/core/inventory/oracle_day.hpp"

namespace qtable {
namespace special_days_test {

using test::at;
using test::clock_min;
using test::day;
using test::every_day;

const date monday = day("2026-11-23");

special_day special(date on, const char* hours) {
    return {on, *parse_day_hours(hours), ""};
}

struct calendar {
    calendar(const char* week, std::vector<special_day> days, zone in, int interval_min = 60)
        : specials(std::move(days)), where(std::move(in)) {
        place.profile.hours = every_day(week);
        place.special_days = specials;
        place.rules.slot_interval_min = interval_min;
        place.tables = {test::make_table(1, 4)};
        plan.emplace(place.profile.hours, specials, interval_min, std::make_shared<const zone>(where));
    }
    std::vector<int> minutes(date on) const {
        std::vector<int> all;
        plan->for_each_start(on, [&all](const day_start& s) { all.push_back(s.minute); });
        return all;
    }
    int room(date on, int minute) const {
        int found = -1;
        plan->for_each_start(on, minute, minute, [&found](const day_start& s) { found = s.room_min; });
        return found;
    }
    bool is_open(const char* when) const {
        return is_open_at(place.profile.hours, specials, where, at(when));
    }
    // The naive calendar says the same of that and the days around.
    void expect_as_naive(date around) const {
        for (int away = -5; away <= 5; ++away) {
            const date on = around.plus_days(away);
            const auto expected = test::oracle_starts(place, where, on);
            std::size_t found = 0;
            plan->for_each_start(on, [&](const day_start& s) {
                ASSERT_EQ(expected.count(s.minute), 1U)
                    << where.name() << " " << to_string(on) << " " << s.minute;
                EXPECT_EQ(s.starts_at, expected.at(s.minute).starts_at) << to_string(on) << " " << s.minute;
                EXPECT_EQ(std::min(s.room_min, limits::turn_time_max_min),
                          std::min(expected.at(s.minute).room_min, limits::turn_time_max_min))
                    << where.name() << " " << to_string(on) << " " << s.minute;
                ++found;
            });
            EXPECT_EQ(found, expected.size()) << where.name() << " " << to_string(on);
        }
    }

    std::vector<special_day> specials;
    zone where;
    restaurant place;
    std::optional<opening_plan> plan;
};

TEST(SpecialDays, TakeThePlaceOfTheWeek) {
    const calendar c("18:00-21:00", {special(monday, ""), special(monday.plus_days(1), "11:00-13:00")},
                     zone::utc());
    EXPECT_EQ(c.minutes(monday.plus_days(-1)), (std::vector{1080, 1140, 1200}));
    EXPECT_TRUE(c.minutes(monday).empty());
    EXPECT_EQ(c.minutes(monday.plus_days(1)), (std::vector{660, 720}));
    EXPECT_EQ(c.minutes(monday.plus_days(2)), (std::vector{1080, 1140, 1200}));
    EXPECT_EQ(c.minutes(monday.plus_days(7)).size(), 3U) << "that Monday alone";
    EXPECT_EQ(c.plan->find(monday, 1080)->room_min, 0);
    c.expect_as_naive(monday);
    EXPECT_FALSE(c.is_open("2026-11-23T19:00:00Z"));
    EXPECT_TRUE(c.is_open("2026-11-24T12:00:00Z"));
    EXPECT_FALSE(c.is_open("2026-11-24T19:00:00Z"));
    EXPECT_TRUE(c.is_open("2026-11-25T19:00:00Z"));
}

TEST(SpecialDays, TheNightBeforeRunsOnIntoAClosedDay) {
    const calendar c("18:00-02:00", {special(monday, "")}, zone::utc());
    EXPECT_EQ(c.minutes(monday.plus_days(-1)).size(), 8U);
    EXPECT_EQ(c.room(monday.plus_days(-1), clock_min(25, 0)), 60);
    EXPECT_TRUE(c.is_open("2026-11-23T01:30:00Z")) << "Sunday's night";
    EXPECT_FALSE(c.is_open("2026-11-23T19:00:00Z"));
    EXPECT_FALSE(c.is_open("2026-11-24T01:30:00Z")) << "Monday has no night";
    c.expect_as_naive(monday);
}

TEST(SpecialDays, MergeWithTheDaysAround) {
    const calendar around_the_clock("00:00-24:00", {special(monday, "00:00-15:00")}, zone::utc());
    EXPECT_EQ(around_the_clock.room(monday.plus_days(-1), clock_min(23, 0)), 16 * 60);
    EXPECT_EQ(around_the_clock.room(monday, clock_min(14, 0)), 60);
    EXPECT_EQ(around_the_clock.room(monday.plus_days(-2), clock_min(23, 0)), 40 * 60);
    around_the_clock.expect_as_naive(monday);

    const calendar feast("18:00-23:00",
                         {special(monday, "18:00-06:00"), special(monday.plus_days(1), "05:00-14:00")},
                         zone::utc());
    EXPECT_EQ(feast.room(monday, clock_min(29, 0)), 9 * 60) << "the brunch after the feast";
    feast.expect_as_naive(monday);

    const calendar closed_between("00:00-24:00", {special(monday, "")}, zone::utc());
    EXPECT_EQ(closed_between.room(monday.plus_days(-1), clock_min(23, 0)), 60);
    closed_between.expect_as_naive(monday);
}

struct change_of_clock {
    zone where;
    date on;  // the day of the change
};

std::vector<change_of_clock> changes_of_clock() {
    return {{test::new_york(), day("2027-03-14")},   {test::new_york(), day("2026-11-01")},
            {test::berlin(), day("2027-03-28")},     {test::berlin(), day("2026-10-25")},
            {test::lord_howe(), day("2027-04-04")},  {test::lord_howe(), day("2026-10-04")},
            {test::apia(), day("2011-12-30")},       {test::kathmandu(), day("2026-11-01")},
            {test::st_johns(), day("2027-03-14")},   {test::st_johns(), day("2026-11-01")},
            {test::casablanca(), day("2027-02-07")}, {test::casablanca(), day("2027-03-14")}};
}

// On the day of the change, the day before and the day after, by hours of every kind.
TEST(SpecialDays, OverEveryChangeOfTheClock) {
    const char* const texts[] = {"",
                                 "00:00-24:00",
                                 "18:00-04:00",
                                 "01:00-05:00",
                                 "02:30-03:00",
                                 "02:15-02:45,22:00-02:15",
                                 "00:30-01:30,02:00-12:00"};
    for (const change_of_clock& change : changes_of_clock()) {
        for (const char* const week : {"18:00-23:00", "20:00-04:00", "00:00-24:00"}) {
            for (const char* const text : texts) {
                for (int away = -1; away <= 1; ++away) {
                    const date on = change.on.plus_days(away);
                    const calendar c(week, {special(on, text)}, change.where, 15);
                    SCOPED_TRACE(std::string(week) + " and " + text + " on " + to_string(on));
                    c.expect_as_naive(change.on);
                    if (testing::Test::HasFailure()) return;
                }
            }
        }
    }
}

TEST(SpecialDays, InTheSpringGap) {
    const date spring = day("2027-03-14");
    const calendar c("18:00-23:00", {special(spring, "01:00-04:00")}, test::new_york(), 30);
    EXPECT_EQ(c.minutes(spring), (std::vector{60, 90, 180, 210}));
    EXPECT_EQ(c.room(spring, 90), 90) << "an hour of the night is missing";
    EXPECT_EQ(to_errc(c.plan->find(spring, 150).error()), errc::invalid_local_time);
    EXPECT_EQ(c.plan->find(spring, 180)->starts_at, at("2027-03-14T07:00:00Z"));

    const calendar half("18:00-23:00", {special(day("2026-10-04"), "01:30-03:30")}, test::lord_howe(), 15);
    EXPECT_EQ(half.minutes(day("2026-10-04")), (std::vector{90, 105, 150, 165, 180, 195}))
        << "02:00 to 02:30 is not there";
    EXPECT_EQ(half.room(day("2026-10-04"), 105), 75);
}

TEST(SpecialDays, InTheAutumnFold) {
    const date autumn = day("2026-11-01");
    const calendar c("18:00-23:00", {special(autumn, "00:00-03:00")}, test::new_york(), 30);
    EXPECT_EQ(c.plan->find(autumn, 90)->starts_at, at("2026-11-01T05:30:00Z")) << "the first 01:30";
    EXPECT_EQ(c.room(autumn, 90), 150) << "an hour longer than the clock says";
    EXPECT_EQ(c.room(autumn, 120), 60);
    EXPECT_TRUE(c.is_open("2026-11-01T05:30:00Z"));
    EXPECT_TRUE(c.is_open("2026-11-01T06:30:00Z")) << "the second 01:30";
    EXPECT_FALSE(c.is_open("2026-11-01T08:00:00Z"));
    // The night before lasts through the fold.
    const calendar night("18:00-23:00", {special(autumn.plus_days(-1), "20:00-03:00")}, test::st_johns());
    EXPECT_EQ(night.room(autumn.plus_days(-1), clock_min(20, 0)), 8 * 60);
    EXPECT_EQ(night.plan->find(autumn.plus_days(-1), 60)->starts_at, at("2026-11-01T03:30:00Z"));
}

TEST(SpecialDays, ADayThatDidNotTakePlace) {
    const date skipped = day("2011-12-30");
    const calendar c("18:00-23:00",
                     {special(skipped.plus_days(-1), "22:00-02:00"), special(skipped, "10:00-20:00"),
                      special(skipped.plus_days(1), "00:00-03:00")},
                     test::apia());
    EXPECT_TRUE(c.minutes(skipped).empty());
    EXPECT_EQ(c.minutes(skipped.plus_days(-1)), (std::vector{clock_min(22, 0), clock_min(23, 0)}))
        << "midnight leads to the 31st";
    EXPECT_EQ(c.room(skipped.plus_days(-1), clock_min(23, 0)), 4 * 60) << "which opens at once";
    EXPECT_EQ(c.minutes(skipped.plus_days(1)).size(), 3U);
}

TEST(SpecialDays, RamadanInCasablanca) {
    const date back = day("2027-02-07");
    const calendar c("12:00-23:00", {special(back, "00:00-04:00")}, test::casablanca());
    EXPECT_EQ(c.minutes(back), (std::vector{0, 60, 120, 180}));
    EXPECT_EQ(c.plan->find(back, 120)->starts_at, at("2027-02-07T01:00:00Z")) << "the first 02:00";
    EXPECT_EQ(c.room(back, 120), 180) << "at 03:00 it is 02:00 again";
    EXPECT_EQ(c.room(back, 180), 60);
    EXPECT_TRUE(c.is_open("2027-02-07T03:30:00Z"));
    EXPECT_FALSE(c.is_open("2027-02-07T04:00:00Z"));
    const date forth = day("2027-03-14");
    const calendar gap("12:00-23:00", {special(forth, "01:00-04:00")}, test::casablanca());
    EXPECT_EQ(gap.minutes(forth), (std::vector{60, 180})) << "02:00 is not there";
}

TEST(SpecialDays, AreSharedWhenNothingOpensOrCloses) {
    restaurant place = test::small_restaurant();
    place.special_days = {special(monday, "")};
    const auto first = test::view_of(place, zone::utc());
    place.special_days[0].note = "holiday";
    const auto noted = test::view_of(place, zone::utc(), first.get());
    EXPECT_EQ(noted->opening, first->opening);
    place.special_days[0].hours = *parse_day_hours("12:00-14:00");
    const auto opened = test::view_of(place, zone::utc(), noted.get());
    EXPECT_NE(opened->opening, noted->opening);
    EXPECT_GT(opened->bytes(), 0U);
}

TEST(SpecialDays, APublishedDayChanges) {
    test::house h(test::small_restaurant());
    h.book(1, monday, clock_min(19, 0), 4);
    h.publish();
    EXPECT_EQ(h.read(monday, 2).size(), 10U);
    h.place.special_days = {special(monday, "12:00-14:00"), special(monday.plus_days(1), "")};
    h.reconfigure();
    EXPECT_TRUE(h.publish().everything_changed);
    EXPECT_EQ(h.read(monday, 2).size(), 4U);
    EXPECT_TRUE(h.read(monday.plus_days(1), 2).empty());
    EXPECT_EQ(h.check(monday, clock_min(19, 0), 2).reasons, reason::closed);
    EXPECT_TRUE(h.read_at(monday, clock_min(12, 0), 2).is_available());
    EXPECT_FALSE(can_seat(h.live, {monday.plus_days(1), clock_min(19, 0), 300, 2}, h.now));
    EXPECT_NE(h.stock.find(test::make_id<reservation_id>(1)), nullptr) << "who has booked keeps the table";
    h.place.special_days.clear();
    h.reconfigure();
    h.publish();
    EXPECT_EQ(h.read_at(monday, clock_min(19, 0), 4).reasons, reason::no_table);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

}  // namespace special_days_test
}  // namespace qtable
