// Guests, the tables that they take, and what is said of visits: what memory must not let through, the
// database alone refuses.
#include "core/base/limits.hpp"
#include "tests/integration/store/place_test.hpp"

namespace qtable::storage {

namespace {

class parties_test : public place_test {
  protected:
    table_id table(std::size_t index) const { return place_.tables[index].id; }
    // A reservation at that table from noon on, where walk-ins sit.
    reservation at_noon(std::size_t index) {
        reservation r = make_reservation(place_, {table(index)});
        r.blocks_from = r.starts_at = noon;
        r.blocks_until = r.ends_at = noon.plus_minutes(90);
        return r;
    }
    std::int64_t taken() { return count("select count(*) from reservation_tables"); }
};

TEST_F(parties_test, guests_come_back_as_they_were) {
    batch work = next_batch();
    guest waiting = make_guest(guest_status::waiting);
    waiting.source = guest_source::waitlist;
    waiting.customer = next_id<customer_id>();
    waiting.quoted_min = 25;
    waiting.notes = "with a dog";
    guest told = make_guest(guest_status::notified);
    told.notified_at = noon;
    guest seated = make_guest(guest_status::seated, {table(0), table(1)});
    guest booked = make_guest(guest_status::seated, {table(2)});
    booked.source = guest_source::reservation;
    booked.reservation = next_id<reservation_id>();
    guest left = make_guest(guest_status::left);
    guest long_gone = make_guest(guest_status::completed, {table(0)});
    long_gone.left_at = noon.plus_ms(-limits::guests_kept_ms - 1);
    guest deleted = make_guest(guest_status::waiting);
    for (const guest& each : {waiting, told, seated, booked, left, long_gone})
        work.guests.push_back({each, place_.id, false});
    work.guests.push_back({deleted, place_.id, true});
    expect_committed(work);

    restaurant_image got = load_place();
    restaurant_image expected = got;
    expected.guests = {waiting, told, seated, booked, left};
    EXPECT_TRUE(got == expected);
    EXPECT_EQ(got.guests.size(), 5U);
    EXPECT_EQ(taken(), 2) << "a reservation's guest takes nothing itself";
}

TEST_F(parties_test, a_walk_in_does_not_sit_where_somebody_is_booked) {
    expect_committed(booking(at_noon(0)));
    expect_conflict(receiving(make_guest(guest_status::seated, {table(0)})));
    expect_committed(receiving(make_guest(guest_status::seated, {table(1)})));
    expect_conflict(booking(at_noon(1)));
    expect_conflict(receiving(make_guest(guest_status::seated, {table(1)})));
    EXPECT_EQ(taken(), 2);
}

TEST_F(parties_test, who_leaves_gives_the_tables_back_and_keeps_their_names) {
    guest walk_in = make_guest(guest_status::waiting);
    expect_committed(receiving(walk_in));
    guest seated = make_guest(guest_status::seated, {table(0)});
    seated.id = walk_in.id;
    seated.version = 2;
    expect_committed(receiving(seated));
    EXPECT_EQ(taken(), 1);
    seated.status = guest_status::completed;
    seated.left_at = noon.plus_minutes(50);
    seated.version = 3;
    expect_committed(receiving(seated));
    EXPECT_EQ(taken(), 0);
    EXPECT_EQ(load_place().guests.at(0).tables, std::vector<table_id>{table(0)});
    expect_committed(booking(at_noon(0)));
}

TEST_F(parties_test, a_guest_and_a_reservation_change_places_in_one_batch) {
    reservation booked = at_noon(0);
    guest walk_in = make_guest(guest_status::seated, {table(1)});
    batch first = booking(booked);
    first.guests.push_back({walk_in, place_.id, false});
    expect_committed(first);
    std::swap(booked.tables, walk_in.tables);
    booked.version = walk_in.version = 2;
    batch swapped = booking(booked);
    swapped.guests.push_back({walk_in, place_.id, false});
    expect_committed(swapped);
    EXPECT_EQ(taken(), 2);
}

TEST_F(parties_test, an_older_version_of_a_guest_is_refused) {
    guest waiting = make_guest(guest_status::waiting);
    waiting.version = 3;
    expect_committed(receiving(waiting));
    expect_conflict(receiving(waiting));
    waiting.version = 2;
    expect_conflict(receiving(waiting));
}

TEST_F(parties_test, a_deleted_guest_takes_nothing_and_is_gone) {
    guest waiting = make_guest(guest_status::waiting);
    expect_committed(receiving(waiting));
    waiting.version = 2;
    expect_committed(receiving(waiting, true));
    EXPECT_TRUE(load_place().guests.empty());
    EXPECT_EQ(count("select count(*) from guests where deleted_at is not null"), 1);
}

TEST_F(parties_test, bugs_with_guests_are_refused) {
    guest backwards = make_guest(guest_status::seated, {table(0)});
    backwards.source = guest_source::reservation;
    backwards.reservation = next_id<reservation_id>();
    backwards.blocks_until = backwards.blocks_from.plus_minutes(-5);
    expect_conflict(receiving(backwards));
    guest nobody = make_guest(guest_status::waiting);
    nobody.party_size = 0;
    expect_conflict(receiving(nobody));
    guest unbooked = make_guest(guest_status::seated, {table(0)});
    unbooked.source = guest_source::reservation;  // of none
    expect_conflict(receiving(unbooked));
    guest nowhere = make_guest(guest_status::seated, {next_id<table_id>()});
    expect_conflict(receiving(nowhere));
    reservation late = at_noon(0);
    late.running_late_min = -1;
    expect_conflict(booking(late));
}

// Seated an hour before it booked, at its own table, until the next party comes.
TEST_F(parties_test, a_seated_party_may_take_less_and_earlier_than_it_booked) {
    reservation seated = at_noon(0);
    expect_committed(booking(seated));
    seated.status = reservation_status::seated;
    seated.version = 2;
    seated.blocks_from = noon.plus_minutes(-60);
    seated.blocks_until = noon.plus_minutes(20);
    expect_committed(booking(seated));
    seated.version = 3;
    seated.blocks_until = seated.blocks_from;
    expect_conflict(booking(seated));
}

TEST_F(parties_test, a_visit_is_reviewed_once) {
    reservation visit = at_noon(0);
    visit.customer = make_customer("Ada", "Lovelace");
    visit.status = reservation_status::completed;
    expect_committed(booking(visit));
    auto rated = std::make_shared<restaurant>(place_);
    rated->rating = 4;
    rated->review_count = 1;
    batch work = next_batch();
    work.restaurants.push_back({rated, false, 0});
    work.reviews.push_back({visit.id, place_.id, visit.customer, 4, "good\nbread", noon});
    expect_committed(work);
    EXPECT_DOUBLE_EQ(load_place().what.rating, 4);
    EXPECT_EQ(load_place().what.review_count, 1);
    batch again = next_batch();
    again.reviews = work.reviews;
    expect_conflict(again, conflict_kind::review_exists);
    batch unknown = next_batch();
    unknown.reviews = work.reviews;
    unknown.reviews[0].reservation = next_id<reservation_id>();
    expect_conflict(unknown);
    batch wild = next_batch();
    wild.reviews = work.reviews;
    wild.reviews[0].rating = 6;
    expect_conflict(wild);
}

}  // namespace

}  // namespace qtable::storage
