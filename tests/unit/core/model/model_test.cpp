#include <gtest/gtest.h>

#include "core/model/reasons.hpp"
#include "core/model/reservation.hpp"
#include "core/model/restaurant.hpp"
#include "core/model/rules.hpp"
#include "core/model/table.hpp"

namespace qtable {
namespace model_test {

TEST(Reservation, MovesOfTheContractAndNoOthers) {
    using enum reservation_status;
    const auto legal = [](reservation_status from, reservation_status to) {
        return (from == confirmed && (to == seated || to == cancelled || to == no_show)) ||
               (from == seated && to == completed) || (from == no_show && to == confirmed);
    };
    for (int from = 0; from < 5; ++from) {
        for (int to = 0; to < 5; ++to) {
            const auto a = static_cast<reservation_status>(from), b = static_cast<reservation_status>(to);
            EXPECT_EQ(may_move(a, b), legal(a, b)) << to_string(a) << " to " << to_string(b);
        }
    }
}

TEST(Reservation, WordsGoRound) {
    for (int i = 0; i < 5; ++i) {
        const auto status = static_cast<reservation_status>(i);
        EXPECT_EQ(parse_reservation_status(to_string(status)), status);
    }
    EXPECT_FALSE(parse_reservation_status("Confirmed"));
    EXPECT_FALSE(parse_reservation_status(""));
}

TEST(Reservation, ConfirmedAndSeatedTakeCapacity) {
    reservation r;
    EXPECT_TRUE(r.takes_capacity());
    r.status = reservation_status::seated;
    EXPECT_TRUE(r.takes_capacity());
    for (const auto status :
         {reservation_status::cancelled, reservation_status::completed, reservation_status::no_show}) {
        r.status = status;
        EXPECT_FALSE(r.takes_capacity());
    }
}

TEST(Table, WordsGoRound) {
    for (int i = 0; i < 5; ++i) {
        const auto status = static_cast<table_status>(i);
        EXPECT_EQ(parse_table_status(to_string(status)), status);
    }
    EXPECT_FALSE(parse_table_status("free"));
}

TEST(Rules, TurnTimeGrowsWithTheParty) {
    booking_rules rules;
    rules.turn_times = {{2, 90}, {4, 105}, {6, 120}};
    EXPECT_EQ(rules.turn_time_min(1), 90);
    EXPECT_EQ(rules.turn_time_min(2), 90);
    EXPECT_EQ(rules.turn_time_min(3), 105);
    EXPECT_EQ(rules.turn_time_min(6), 120);
    EXPECT_EQ(rules.turn_time_min(50), 120) << "the last entry holds for all larger parties";
    rules.turn_times.clear();
    EXPECT_EQ(rules.turn_time_min(2), 120);
}

TEST(Reasons, AreASet) {
    reasons why;
    EXPECT_TRUE(why.none());
    why.add(reason::pacing);
    why.add(reason::past);
    why.add(reason::pacing);
    EXPECT_TRUE(why.has(reason::pacing) && why.has(reason::past) && !why.has(reason::no_table));
    EXPECT_EQ(reasons(why.bits()), why);
    EXPECT_EQ(reason_words[static_cast<std::size_t>(reason::past)], "past");
    EXPECT_EQ(reason_words[static_cast<std::size_t>(reason::party_too_large)], "party_too_large");
}

TEST(Restaurant, FindsStaffById) {
    restaurant place;
    for (std::uint8_t i = 1; i <= 5; ++i) {
        staff_member member;
        member.id.bytes[15] = static_cast<std::uint8_t>(2 * i);
        member.role = staff_role::manager;
        place.staff.push_back(member);
    }
    staff_id wanted;
    wanted.bytes[15] = 6;
    ASSERT_NE(place.find_staff(wanted), nullptr);
    EXPECT_EQ(place.find_staff(wanted)->id, wanted);
    wanted.bytes[15] = 7;
    EXPECT_EQ(place.find_staff(wanted), nullptr);
    for (const auto role : {staff_role::host, staff_role::manager, staff_role::owner}) {
        EXPECT_EQ(parse_staff_role(to_string(role)), role);
    }
    EXPECT_FALSE(parse_staff_role("admin"));
}

}  // namespace model_test
}  // namespace qtable
