#include "storage/zone/zone_loader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace qtable::storage {
namespace zone_loader_test {

std::shared_ptr<const zone> load(const std::string& name) {
    zone_loader loader;
    const auto found = loader.load(name);
    EXPECT_TRUE(found) << name;
    return *found;
}

instant utc(const char* text) {
    return parse_rfc3339(text).value();
}

date day(const char* text) {
    return parse_date(text).value();
}

// Made with Python's zoneinfo from the same tzdata: Unix second, offset in seconds. Each before and after the
// changes of one of the zones, and far beyond 2037, where the listed changes of tzdata end.
TEST(zone_loader, offsets_are_those_of_zoneinfo) {
    struct expectation {
        const char* name;
        std::vector<std::pair<std::int64_t, std::int32_t>> offsets;
    };
    const expectation expected[] = {
        {"America/New_York",
         {{0, -18000},
          {504901740, -18000},
          {504921600, -18000},
          {1325239140, -18000},
          {1325239200, -18000},
          {1615705140, -18000},
          {1615705200, -14400},
          {1768478400, -18000},
          {1771588800, -18000},
          {1784116800, -14400},
          {1793512740, -14400},
          {1793512800, -18000},
          {1909094400, -14400},
          {2130019200, -14400},
          {2161555200, -14400},
          {2840140800, -18000},
          {4086547200, -14400}}},
        {"Europe/Berlin",
         {{0, 3600},
          {504901740, 3600},
          {504921600, 3600},
          {1325239140, 3600},
          {1325239200, 3600},
          {1615705140, 3600},
          {1615705200, 3600},
          {1768478400, 3600},
          {1771588800, 3600},
          {1784116800, 7200},
          {1793512740, 3600},
          {1793512800, 3600},
          {1909094400, 7200},
          {2130019200, 7200},
          {2161555200, 7200},
          {2840140800, 3600},
          {4086547200, 7200}}},
        {"Australia/Lord_Howe",
         {{0, 36000},
          {504901740, 39600},
          {504921600, 39600},
          {1325239140, 39600},
          {1325239200, 39600},
          {1615705140, 39600},
          {1615705200, 39600},
          {1768478400, 39600},
          {1771588800, 39600},
          {1784116800, 37800},
          {1793512740, 39600},
          {1793512800, 39600},
          {1909094400, 37800},
          {2130019200, 37800},
          {2161555200, 37800},
          {2840140800, 39600},
          {4086547200, 37800}}},
        {"Pacific/Apia",
         {{0, -39600},
          {504901740, -39600},
          {504921600, -39600},
          {1325239140, -36000},
          {1325239200, 50400},
          {1615705140, 50400},
          {1615705200, 50400},
          {1768478400, 46800},
          {1771588800, 46800},
          {1784116800, 46800},
          {1793512740, 46800},
          {1793512800, 46800},
          {1909094400, 46800},
          {2130019200, 46800},
          {2161555200, 46800},
          {2840140800, 46800},
          {4086547200, 46800}}},
        {"Asia/Kathmandu",
         {{0, 19800},
          {504901740, 19800},
          {504921600, 20700},
          {1325239140, 20700},
          {1325239200, 20700},
          {1615705140, 20700},
          {1615705200, 20700},
          {1768478400, 20700},
          {1771588800, 20700},
          {1784116800, 20700},
          {1793512740, 20700},
          {1793512800, 20700},
          {1909094400, 20700},
          {2130019200, 20700},
          {2161555200, 20700},
          {2840140800, 20700},
          {4086547200, 20700}}},
        {"America/St_Johns",
         {{0, -12600},
          {504901740, -12600},
          {504921600, -12600},
          {1325239140, -12600},
          {1325239200, -12600},
          {1615705140, -9000},
          {1615705200, -9000},
          {1768478400, -12600},
          {1771588800, -12600},
          {1784116800, -9000},
          {1793512740, -12600},
          {1793512800, -12600},
          {1909094400, -9000},
          {2130019200, -9000},
          {2161555200, -9000},
          {2840140800, -12600},
          {4086547200, -9000}}},
        {"Africa/Casablanca",
         {{0, 0},
          {504901740, 3600},
          {504921600, 0},
          {1325239140, 0},
          {1325239200, 0},
          {1615705140, 3600},
          {1615705200, 3600},
          {1768478400, 3600},
          {1771588800, 0},
          {1784116800, 3600},
          {1793512740, 3600},
          {1793512800, 3600},
          {1909094400, 3600},
          {2130019200, 3600},
          {2161555200, 3600},
          {2840140800, 3600},
          {4086547200, 3600}}},
    };
    for (const auto& [name, offsets] : expected) {
        const auto made = load(name);
        for (const auto& [second, offset_s] : offsets) {
            EXPECT_EQ(made->offset_s_at({second * ms_per_second}), offset_s) << name << " at " << second;
        }
    }
}

struct gap {
    const char* name;
    const char* date;
    int from_minute, until_minute;  // wall time that doesn't exist: [from, until)
};

TEST(zone_loader, a_wall_time_in_a_gap_is_refused) {
    const gap gaps[] = {
        {"America/New_York", "2026-03-08", 2 * 60, 3 * 60},
        {"Europe/Berlin", "2026-03-29", 2 * 60, 3 * 60},
        {"Australia/Lord_Howe", "2026-10-04", 2 * 60, 2 * 60 + 30},
        {"America/St_Johns", "2026-03-08", 2 * 60, 3 * 60},
        {"Africa/Casablanca", "2026-03-22", 2 * 60, 3 * 60},
        {"Pacific/Apia", "2011-12-30", 0, minutes_per_day},
        {"Asia/Kathmandu", "1986-01-01", 0, 15},
        {"Europe/Berlin", "2061-03-27", 2 * 60, 3 * 60},
    };
    for (const gap& of : gaps) {
        const auto made = load(of.name);
        for (int minute = of.from_minute; minute < of.until_minute; ++minute) {
            const auto resolved = made->resolve(day(of.date), minute);
            ASSERT_FALSE(resolved) << of.name << ' ' << minute;
            EXPECT_EQ(resolved.error(), errc::invalid_local_time);
        }
        const auto last = made->resolve(day(of.date).plus_days(-1), of.from_minute + minutes_per_day - 1);
        const auto first = made->resolve(day(of.date), of.until_minute);
        ASSERT_TRUE(last && first) << of.name;
        EXPECT_EQ(first->ms - last->ms, ms_per_minute) << of.name;  // one minute apart in truth
    }
}

TEST(zone_loader, the_first_of_two_is_meant_in_a_fold) {
    struct fold {
        const char *name, *date;
        int minute;
        const char* meant;
    };
    const fold folds[] = {
        {"America/New_York", "2026-11-01", 60 + 30, "2026-11-01T01:30:00-04:00"},
        {"Europe/Berlin", "2026-10-25", 2 * 60, "2026-10-25T02:00:00+02:00"},
        {"Australia/Lord_Howe", "2026-04-05", 60 + 45, "2026-04-05T01:45:00+11:00"},
        {"America/St_Johns", "2026-11-01", 60 + 30, "2026-11-01T01:30:00-02:30"},
        {"Africa/Casablanca", "2026-02-15", 2 * 60 + 59, "2026-02-15T02:59:00+01:00"},
    };
    for (const fold& of : folds) {
        const auto resolved = load(of.name)->resolve(day(of.date), of.minute);
        ASSERT_TRUE(resolved) << of.name;
        EXPECT_EQ(*resolved, utc(of.meant)) << of.name;
    }
}

TEST(zone_loader, minutes_after_midnight_belong_to_the_day_before) {
    const auto berlin = load("Europe/Berlin");
    EXPECT_EQ(*berlin->resolve(day("2026-03-28"), minutes_per_day + 60), utc("2026-03-29T01:00:00+01:00"));
    EXPECT_FALSE(berlin->resolve(day("2026-03-28"), minutes_per_day + 150));
    EXPECT_EQ(*berlin->resolve(day("2026-03-28"), minutes_per_day + 180), utc("2026-03-29T03:00:00+02:00"));
    const auto kathmandu = load("Asia/Kathmandu");
    EXPECT_EQ(*kathmandu->resolve(day("2026-11-22"), 19 * 60 + 30), utc("2026-11-22T19:30:00+05:45"));
    EXPECT_EQ(kathmandu->local_at(utc("2026-11-22T18:15:00Z")).date, day("2026-11-23"));
}

// Of all instants that a zone shows as a wall time the first is meant; with none, it is a gap. Every quarter
// hour around every change, against a search through all of the zone's offsets.
TEST(zone_loader, resolve_agrees_with_a_search_of_every_offset) {
    for (const char* name :
         {"America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "America/St_Johns",
          "Africa/Casablanca", "Pacific/Kwajalein", "America/Nuuk", "Asia/Gaza"}) {
        const auto made = load(name);
        std::set<std::int32_t> offsets;
        std::set<std::int32_t> days;
        const std::int32_t end = from_civil(2040, 1, 1).days;
        for (std::int32_t d = 0; d < end; ++d) {
            const std::int32_t offset_s = made->offset_s_at({d * ms_per_day});
            offsets.insert(offset_s);
            if (offset_s == made->offset_s_at({(d + 1) * ms_per_day})) continue;
            for (int near = -1; near <= 2; ++near) days.insert(d + near);
        }
        for (const std::int32_t d : days) {
            for (int minute = 0; minute < 2 * minutes_per_day; minute += 15) {
                const std::int64_t wall_ms = d * ms_per_day + minute * ms_per_minute;
                std::set<std::int64_t> shown;
                for (const std::int32_t offset_s : offsets) {
                    const std::int64_t at_ms = wall_ms - offset_s * ms_per_second;
                    if (made->offset_s_at({at_ms}) == offset_s) shown.insert(at_ms);
                }
                const auto resolved = made->resolve({d}, minute);
                ASSERT_EQ(resolved.has_value(), !shown.empty())
                    << name << ' ' << to_string(date{d}) << ' ' << minute;
                if (!resolved) continue;
                ASSERT_EQ(resolved->ms, *shown.begin()) << name << ' ' << to_string(date{d}) << ' ' << minute;
            }
        }
    }
}

TEST(zone_loader, unknown_names_and_paths_are_refused) {
    zone_loader loader;
    for (const char* name :
         {"", "Nowhere", "europe/berlin", "../../etc/passwd", "Europe/../Europe/Berlin", "/etc/localtime",
          "Europe", "Europe/", "posix/Europe/Berlin", "right/UTC", "localtime", "tzdata.zi", "Factory"}) {
        const auto found = loader.load(name);
        ASSERT_FALSE(found) << name;
        EXPECT_EQ(found.error(), errc::invalid_input);
        EXPECT_FALSE(loader.knows(name));
    }
    EXPECT_FALSE(loader.load(std::string_view("Europe/Berlin\0x", 15)));
}

TEST(zone_loader, names_are_sorted_and_all_load) {
    zone_loader loader;
    EXPECT_GT(loader.names().size(), 400U);
    EXPECT_TRUE(std::is_sorted(loader.names().begin(), loader.names().end()));
    for (const std::string& name : loader.names()) EXPECT_TRUE(loader.load(name)) << name;
    for (const char* name : {"UTC", "Asia/Calcutta", "Asia/Kolkata", "America/Argentina/Buenos_Aires"}) {
        EXPECT_TRUE(loader.knows(name)) << name;
    }
    EXPECT_EQ(loader.load("Europe/Berlin")->get(), loader.load("Europe/Berlin")->get());
}

}  // namespace zone_loader_test
}  // namespace qtable::storage
