// While an answer's life holds, the answer made anew is the same.
#include "core/inventory/availability_life.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable {
namespace availability_life_test {

using test::at;
using test::clock_min;
using test::day;
using test::house;
using test::make_id;

const date monday = day("2026-11-23");
const int seven = clock_min(19, 0);

std::string shown(const house& h, date on, instant now) {
    std::string text;
    for_each_start(h.live, on, 2, now, [&text](const start_view& s) {
        text += std::to_string(s.minute) + ":" + std::to_string(s.available_tables) + ":";
        for (int i = 0; i < static_cast<int>(reason_words.size()); ++i)
            text += s.reasons.has(static_cast<reason>(i)) ? '1' : '0';
        text += ' ';
    });
    return text;
}

// Goes through the hours around `from` by the minute; how many different lives there were.
int expect_true_lives(const house& h, date on, instant from, int minutes) {
    int lives = 0;
    std::optional<availability_life> life;
    std::string told;
    for (int i = 0; i < minutes; ++i) {
        for (const std::int64_t beside_ms : {0, 1}) {
            const instant now = from.plus_minutes(i).plus_ms(beside_ms);
            if (!life || !life->holds_at(now)) {
                life = life_of_answer(h.live, on, now);
                EXPECT_TRUE(life.has_value());
                EXPECT_TRUE(life->holds_at(now));
                told = shown(h, on, now);
                ++lives;
            }
            EXPECT_EQ(told, shown(h, on, now)) << i << " minutes later";
        }
    }
    return lives;
}

TEST(AvailabilityLife, EndsWithEachStartThatPasses) {
    house h(test::small_restaurant());
    h.place.rules.min_notice_min = 0;
    h.reconfigure();
    h.publish();
    const auto starts = h.read(monday, 2);
    const int lives = expect_true_lives(h, monday, starts.front().starts_at.plus_minutes(-30), 6 * 60);
    EXPECT_EQ(lives, static_cast<int>(starts.size()) + 1) << "a stretch before, and one after each";
}

TEST(AvailabilityLife, FollowsNoticeWindowAndPause) {
    restaurant place = test::small_restaurant();
    place.rules.min_notice_min = 45;
    place.rules.window_days = 3;
    place.paused_until = at("2026-11-20T20:07:00Z");
    house h(place, test::berlin());
    const instant from = at("2026-11-20T18:00:00Z");
    EXPECT_GT(expect_true_lives(h, day("2026-11-20"), from, 26 * 60), 15);
    EXPECT_EQ(expect_true_lives(h, day("2026-11-24"), from, 26 * 60), 3)
        << "ended by the end of the pause and by midnight";
}

TEST(AvailabilityLife, TheStateChangesWithTheDayAndWithTheConfiguration) {
    house h(test::small_restaurant());
    const auto monday_before = published_state_of(h.live, monday);
    const auto tuesday_before = published_state_of(h.live, monday.plus_days(1));
    h.book(1, monday, seven, 2);
    h.publish();
    const auto with_board = published_state_of(h.live, monday);
    EXPECT_NE(with_board, monday_before);
    const auto tuesday_after = published_state_of(h.live, monday.plus_days(1));
    EXPECT_NE(tuesday_after, tuesday_before) << "another index";

    h.book(2, monday, seven, 2);
    h.publish();
    EXPECT_NE(published_state_of(h.live, monday), with_board) << "the board's words";
    EXPECT_EQ(published_state_of(h.live, monday.plus_days(1)), tuesday_after);

    h.place.profile.name = "Another name";
    h.reconfigure();
    h.publish();
    EXPECT_NE(published_state_of(h.live, monday.plus_days(1)), tuesday_after);
}

TEST(AvailabilityLife, AStateIsNeverGivenTwice) {
    house h(test::small_restaurant());
    std::vector<published_state> seen;
    for (unsigned i = 1; i <= 20; ++i) {
        h.book(i, monday, seven, 2);
        h.publish();
        seen.push_back(*published_state_of(h.live, monday));
        h.stock.commit_release(h.stock.begin_release(make_id<reservation_id>(i)));
        h.publish();
        seen.push_back(*published_state_of(h.live, monday));
    }
    for (std::size_t a = 0; a < seen.size(); ++a)
        for (std::size_t b = a + 1; b < seen.size(); ++b) EXPECT_NE(seen[a], seen[b]);
}

TEST(AvailabilityLife, NothingIsThereBeforeTheFirstPublication) {
    const live_restaurant live;
    EXPECT_FALSE(published_state_of(live, monday));
    EXPECT_FALSE(life_of_answer(live, monday, instant{}));
}

}  // namespace availability_life_test
}  // namespace qtable
