// Random bookings, moves, cancels, commits, holds, walk-ins, slots and changes of configuration, over
// restaurants of every kind, from plain seeds: the inventory, its boards and the changes that it tells have
// to agree with the naive oracle at every step.
#include <gtest/gtest.h>

#include "tests/unit/core/inventory/random_house.hpp"

namespace qtable {
namespace property_test {

TEST(InventoryProperty, AgreesWithTheOracleWhateverHappens) {
    int not_seated = 0, refused = 0;
    for (const test::setting& s : test::settings()) {
        for (unsigned seed = 1; seed <= 3; ++seed) {
            SCOPED_TRACE(std::string(s.name) + ", seed " + std::to_string(seed));
            test::random_house m(s, seed);
            for (int step = 0; step < 150 && !testing::Test::HasFailure(); ++step) m.step();
            if (testing::Test::HasFailure()) return;
            m.finish();
            not_seated += m.seen().not_seated();
            refused += m.seen().refused();
        }
    }
    // Most of what can't be had is known to search at once; what it isn't told of: pauses, notice, last
    // seatings.
    EXPECT_GT(not_seated, 20'000);
    EXPECT_GT(refused, not_seated / 2);
}

// The template and a board computed for an empty day say the same.
TEST(InventoryProperty, TheTemplateIsTheBoardOfAnEmptyDay) {
    for (const test::setting& s : test::settings()) {
        if (!s.has_tables) continue;
        restaurant place = test::small_restaurant();
        place.profile.hours = test::every_day(s.hours);
        place.rules.pacing_covers = s.paced ? 3 : 0;
        test::house h(place, s.where);
        h.now = s.where.resolve(s.first.plus_days(-2), 600).value();
        for (int d = 0; d < 7; ++d) {
            const date on = s.first.plus_days(d);
            std::vector<std::vector<start_view>> by_template;
            for (int party = 0; party <= 6; ++party) by_template.push_back(h.read(on, party));
            ASSERT_FALSE(by_template[2].empty());
            // A slot that caps nothing makes a board of the day.
            slot loose = test::make_slot(1, on, by_template[2][0].minute % minutes_per_day, 1, 1000);
            h.stock.upsert_slot(loose);
            h.publish();
            ASSERT_EQ(h.stock.memory().boards, 1U);
            for (int party = 0; party <= 6; ++party) {
                const auto by_board = h.read(on, party);
                const auto& expected = by_template[static_cast<std::size_t>(party)];
                ASSERT_EQ(by_board.size(), expected.size()) << s.name;
                for (std::size_t i = 0; i < by_board.size(); ++i) {
                    ASSERT_EQ(by_board[i].minute, expected[i].minute);
                    ASSERT_EQ(by_board[i].starts_at, expected[i].starts_at);
                    ASSERT_EQ(by_board[i].ends_at, expected[i].ends_at);
                    ASSERT_EQ(by_board[i].reasons, expected[i].reasons)
                        << s.name << " " << to_string(on) << " " << i;
                    ASSERT_EQ(by_board[i].available_tables, expected[i].available_tables);
                }
            }
            h.stock.remove_slot(loose.id);
            h.publish();
        }
    }
}

}  // namespace property_test
}  // namespace qtable
