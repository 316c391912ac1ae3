// Holds and walk-ins: what they take, when they give it back, and what is stored of it.
#include <gtest/gtest.h>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable {
namespace claims_test {

using test::at;
using test::clock_min;
using test::day;
using test::house;
using test::make_id;

const date monday = day("2026-11-23");
const int seven = clock_min(19, 0);
const guest_id walk_in = make_id<guest_id>(900);

restaurant one_table() {
    restaurant place = test::small_restaurant();
    place.tables = {test::make_table(1, 4)};
    return place;
}

guest seated(const std::vector<unsigned>& tables, const char* from, int minutes, int party = 2) {
    guest g;
    g.id = walk_in;
    g.party_size = party;
    g.status = guest_status::seated;
    for (const unsigned number : tables) g.tables.push_back(make_id<table_id>(number));
    g.blocks_from = at(from);
    g.blocks_until = g.blocks_from.plus_minutes(minutes);
    return g;
}

TEST(Claims, OfAGuestAndOfAHold) {
    const guest g = seated({1, 2}, "2026-11-23T18:05:00Z", 95, 3);
    const capacity_claim of_guest = claim_of(g);
    EXPECT_EQ(of_guest.tables, g.tables);
    EXPECT_EQ(of_guest.slot, std::nullopt);
    EXPECT_EQ(of_guest.party_size, 3);
    EXPECT_EQ(of_guest.starts_at, g.blocks_from);
    EXPECT_EQ(of_guest.blocks_until, g.blocks_until);
    hold h;
    h.slot = make_id<slot_id>(1);
    h.starts_at = at("2026-11-23T18:05:00Z");
    h.blocks_from = at("2026-11-23T18:00:00Z");
    EXPECT_EQ(claim_of(h).slot, h.slot);
    EXPECT_EQ(claim_of(h).starts_at, h.starts_at);
    EXPECT_EQ(claim_of(h).blocks_from, h.blocks_from);
}

TEST(Claims, AWalkInGivesBackAtTheCommit) {
    house h(one_table());
    h.stock.take_claim(walk_in, claim_of(seated({1}, "2026-11-23T18:00:00Z", 120)));
    const release_ticket ticket = h.stock.begin_release_claim(walk_in);
    EXPECT_EQ(h.stock.find_claim(walk_in), nullptr);
    EXPECT_EQ(h.check(monday, seven, 2).reasons, reason::no_table);
    EXPECT_TRUE(h.stock.table_in_use(make_id<table_id>(1), h.now));
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    h.stock.commit_release(ticket);
    EXPECT_TRUE(h.check(monday, seven, 2).is_available());
    EXPECT_EQ(h.stock.memory().occupancy_days, 0U);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Claims, AWalkInMovesAndStaysOnOverlappingTime) {
    house h(one_table());
    h.stock.take_claim(walk_in, claim_of(seated({1}, "2026-11-23T18:00:00Z", 120)));
    const guest longer = seated({1}, "2026-11-23T18:00:00Z", 180, 3);
    const release_ticket first = h.stock.begin_move_claim(walk_in, claim_of(longer));
    const guest shorter = seated({1}, "2026-11-23T18:00:00Z", 60, 3);
    const release_ticket second = h.stock.begin_move_claim(walk_in, claim_of(shorter));
    EXPECT_EQ(h.stock.find_claim(walk_in)->blocks_until, shorter.blocks_until);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    EXPECT_FALSE(h.check(monday, clock_min(20, 30), 2).is_available());
    h.stock.commit_release(first);
    EXPECT_FALSE(h.check(monday, clock_min(20, 30), 2).is_available()) << "the longer stay is still there";
    h.stock.commit_release(second);
    EXPECT_TRUE(h.check(monday, seven, 2).is_available());
    EXPECT_FALSE(h.check(monday, clock_min(18, 30), 2).is_available());
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Claims, CountInThePacing) {
    restaurant place = test::small_restaurant();
    place.rules.house_pacing_parties = 1;
    house h(place);
    h.stock.take_claim(walk_in, claim_of(seated({1}, "2026-11-23T19:10:00Z", 120)));
    h.publish();
    EXPECT_EQ(h.check(monday, seven, 2).reasons, reason::pacing);
    EXPECT_EQ(h.read_at(monday, seven, 2).reasons, reason::pacing);
    const instant then = at("2026-11-23T19:30:00Z");
    EXPECT_TRUE(h.stock.pacing_reasons(then, 2, booking_channel::house, {}).has(reason::pacing));
    EXPECT_TRUE(h.stock.pacing_reasons(then, 2, booking_channel::house, walk_in).none());
    const release_ticket ticket = h.stock.begin_release_claim(walk_in);
    EXPECT_EQ(h.check(monday, seven, 2).reasons, reason::pacing) << "until the commit";
    h.stock.commit_release(ticket);
    EXPECT_TRUE(h.check(monday, seven, 2).is_available());
}

// Seated the evening before, it still counts for the pacing of the start that it booked.
TEST(Claims, PacingKnowsAPartyWhoseTablesAreTakenElsewhen) {
    restaurant place = test::small_restaurant();
    place.rules.house_pacing_covers = 3;
    house h(place);
    reservation early = h.book(1, monday, seven, 2);
    early.status = reservation_status::seated;
    early.blocks_from = early.blocks_from.plus_minutes(-24 * 60);
    early.blocks_until = early.blocks_until.plus_minutes(-24 * 60);
    h.stock.commit_release(h.stock.begin_move(early));
    h.publish();
    EXPECT_EQ(h.check(monday, seven, 2).reasons, reason::pacing);
    EXPECT_EQ(h.read_at(monday, seven, 2).reasons, reason::pacing);
    EXPECT_EQ(h.read_at(monday, clock_min(20, 0), 2).available_tables, 3);
    EXPECT_EQ(h.read_at(monday.plus_days(-1), seven, 2).available_tables, 2);
}

TEST(Claims, RestoredAtBoot) {
    house h(one_table());
    h.stock.restore_claim(walk_in, claim_of(seated({1}, "2026-11-23T18:00:00Z", 120)));
    EXPECT_EQ(h.check(monday, seven, 2).reasons, reason::no_table);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    // A table that is gone does no harm; one that is taken twice is found.
    h.stock.restore_claim(make_id<guest_id>(901), claim_of(seated({77}, "2026-11-23T18:00:00Z", 120)));
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    EXPECT_EQ(h.stock.check_restored(), std::nullopt);
    h.stock.restore_claim(make_id<guest_id>(902), claim_of(seated({1}, "2026-11-23T19:00:00Z", 30)));
    const auto wrong = h.stock.check_invariants();
    ASSERT_TRUE(wrong);
    EXPECT_NE(wrong->find("taken twice"), std::string::npos) << *wrong;
    EXPECT_EQ(h.stock.check_restored(), wrong);
}

TEST(Claims, AHoldOfASlotMovesAndGoesWithoutTouchingWhatIsStored) {
    house h(one_table());
    h.stock.upsert_slot(test::make_slot(1, monday, seven, 2, 2));
    h.stock.upsert_slot(test::make_slot(2, monday, clock_min(21, 0), 2, 1));
    const hold_id hold = make_id<hold_id>(5);
    const auto holding = [&](int minute) {
        const verdict v = h.check(monday, minute, 2, hold);
        return capacity_claim{h.stock.tables_of(v), v.slot, 2, v.starts_at, v.blocks_from, v.blocks_until};
    };
    const auto expect_stored = [&] {
        for (const unsigned number : {1U, 2U}) {
            const slot* const stored = h.stock.find_slot(make_id<slot_id>(number));
            EXPECT_EQ(stored->available_tables, number == 1 ? 2 : 1);
            EXPECT_EQ(stored->version, 1);
        }
        EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    };
    h.stock.take_claim(hold, holding(seven));
    expect_stored();
    const release_ticket moved = h.stock.begin_move_claim(hold, holding(clock_min(21, 0)));
    expect_stored();
    EXPECT_EQ(h.check(monday, clock_min(21, 0), 1).reasons.has(reason::blocked), true);
    h.stock.commit_release(moved);
    expect_stored();
    h.publish();
    EXPECT_TRUE(h.read_at(monday, seven, 2).is_available());
    EXPECT_TRUE(h.read_at(monday, clock_min(21, 0), 2).reasons.has(reason::blocked));
    h.stock.release_claim(hold);
    expect_stored();
    h.publish();
    EXPECT_TRUE(h.read_at(monday, clock_min(21, 0), 2).is_available());
    EXPECT_EQ(h.stock.find_claim(hold), nullptr);
}

TEST(ClaimsDeathTest, OneClaimAKeyAndOneClaimATable) {
    house h(one_table());
    const capacity_claim claim = claim_of(seated({1}, "2026-11-23T18:00:00Z", 120));
    h.stock.take_claim(walk_in, claim);
    EXPECT_DEATH(h.stock.take_claim(walk_in, claim), "held");
    EXPECT_DEATH(h.stock.take_claim(make_id<guest_id>(2), claim), "is_free");
    EXPECT_DEATH(h.stock.begin_release(reservation_id(walk_in)), "active");
    const release_ticket ticket = h.stock.begin_release_claim(walk_in);
    EXPECT_DEATH(h.stock.begin_release_claim(walk_in), "held");
    h.stock.commit_release(ticket);
    EXPECT_DEATH(h.stock.commit_release(ticket), "assertion failed");
}

}  // namespace claims_test
}  // namespace qtable
