// What a log got since memory knew it, and the reservations that it is about: one answer, one snapshot.
#include "tests/integration/store/place_test.hpp"

namespace qtable::storage {
namespace changes_test {

class changes : public place_test {
  protected:
    restaurant_image changes_of(const restaurant_id& id, std::int64_t since_seq) {
        return images({{id, since_seq, true}}).at(0);
    }
    std::vector<restaurant_image> images(std::vector<journal::load_request> wanted) {
        const auto got = wait_for<result<std::vector<restaurant_image>>>(
            [&](auto done) { journal_->load(wanted, std::move(done)); });
        EXPECT_TRUE(got && *got);
        return got && *got ? **got : std::vector<restaurant_image>(wanted.size());
    }
    // Its row says what it is about, and its windows.
    reservation book(std::size_t table, int from_min = 0) {
        const reservation made = make_reservation(place_, {place_.tables[table].id}, from_min);
        batch work = booking(made);
        work.events[0].subject = made.id;
        work.events[0].action = "reservation.create";
        expect_committed(work);
        return made;
    }
};

TEST_F(changes, begin_with_the_row_that_is_known) {
    book(0);
    const std::int64_t known = seq_;
    const reservation second = book(1), third = book(2);
    const restaurant_image got = changes_of(place_.id, known);
    EXPECT_TRUE(got.is_changes);
    EXPECT_TRUE(got.exists);
    EXPECT_EQ(got.log_epoch, load_place().log_epoch);
    EXPECT_EQ(got.last_seq, seq_);
    ASSERT_EQ(got.events_since.size(), 3U);
    EXPECT_EQ(got.events_since.front().seq, known);
    EXPECT_EQ(got.events_since.back().action, "reservation.create");
    ASSERT_EQ(got.reservations.size(), 2U) << "the known row's is not read again";
    EXPECT_EQ(got.reservations[0].id, second.id);
    EXPECT_EQ(got.reservations[0].tables, second.tables);
    EXPECT_EQ(got.reservations[1].blocks_until, third.blocks_until);
    EXPECT_EQ(got.reservations[1].version, third.version);
}

TEST_F(changes, a_reservation_stands_as_the_last_row_left_it_and_once) {
    reservation made = book(0);
    made.status = reservation_status::cancelled;
    made.version = 2;
    batch work = booking(made);
    work.events[0].subject = made.id;
    expect_committed(work);
    const restaurant_image got = changes_of(place_.id, 1);
    EXPECT_EQ(got.events_since.size(), 3U);
    ASSERT_EQ(got.reservations.size(), 1U);
    EXPECT_EQ(got.reservations[0].status, reservation_status::cancelled);
}

TEST_F(changes, a_known_row_that_holds_two_events_is_known_by_its_second) {
    batch work = next_batch();
    logged_event window = next_event(place_.id, ++seq_);
    window.type = event_type::availability_updated;
    window.public_seq = 1;
    window.command = work.events[0].command;
    window.data = R"({"date":null})";
    window.subject = {};
    work.events[0].type = event_type::customer_reservation_received;
    work.events[0].public_seq = 0;
    window.at = work.events[0].at;
    window.by = work.events[0].by;
    window.action = work.events[0].action;
    work.events.push_back(window);
    expect_committed(work);
    ASSERT_EQ(count("select count(*) from restaurant_events where windows is not null"), 1);
    const restaurant_image got = changes_of(place_.id, seq_);
    ASSERT_EQ(got.events_since.size(), 1U);
    EXPECT_EQ(got.events_since[0].seq, seq_);
    EXPECT_EQ(got.events_since[0].command, window.command);
    EXPECT_EQ(got.last_seq, seq_);
}

TEST_F(changes, nothing_new_is_an_answer_too) {
    const restaurant_image got = changes_of(place_.id, seq_);
    EXPECT_TRUE(got.exists);
    EXPECT_EQ(got.last_seq, seq_);
    EXPECT_EQ(got.events_since.size(), 1U);
    EXPECT_TRUE(got.reservations.empty());
}

TEST_F(changes, a_log_that_lacks_what_is_known_begins_elsewhere) {
    const restaurant_image got = changes_of(place_.id, seq_ + 5);
    EXPECT_TRUE(got.exists);
    EXPECT_TRUE(got.events_since.empty());
}

TEST_F(changes, who_is_gone_does_not_exist) {
    EXPECT_FALSE(changes_of(next_id<restaurant_id>(), 3).exists);
    sql_->exec("update restaurants set deleted_at = now()");
    const restaurant_image got = changes_of(place_.id, 1);
    EXPECT_FALSE(got.exists);
    EXPECT_TRUE(got.is_changes);
}

TEST_F(changes, together_with_whole_ones_in_the_order_of_asking) {
    const restaurant other = make_restaurant(2);
    EXPECT_EQ(write(*journal_, new_restaurant_batch(other)).outcome, batch_outcome::committed);
    const reservation made = book(0);
    const auto got = images({{place_.id, 1, true}, {other.id, 0, false}});
    ASSERT_EQ(got.size(), 2U);
    EXPECT_TRUE(got[0].is_changes);
    ASSERT_EQ(got[0].reservations.size(), 1U);
    EXPECT_EQ(got[0].reservations[0].id, made.id);
    EXPECT_FALSE(got[1].is_changes);
    EXPECT_EQ(got[1].what.tables.size(), 2U);
    EXPECT_EQ(images({{other.id, 0, false}, {place_.id, 1, true}})[1].reservations.size(), 1U);
}

}  // namespace changes_test
}  // namespace qtable::storage
