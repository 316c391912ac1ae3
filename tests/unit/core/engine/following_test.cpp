// What one engine writes, the other's memory has after a look at the log: by the log alone, or read whole.
#include "core/engine/compare.hpp"
#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace following_test {

class engine_following : public engine_fixture {
  protected:
    engine_following() {
        EXPECT_EQ(other_.adopt(tables.image(here)), std::nullopt);
        // The log of both goes on from a row that they know.
        create_reservation known = booking(90);
        known.date = dinner.plus_days(1);
        there(known);
        follow_whole();
    }

    std::uint64_t submit_there(command_body body) {
        other_.submit(command(++others_, here, std::move(body)));
        return others_;
    }
    slot two_at_seven() const {
        slot made;
        made.id = make_id<slot_id>(1);
        made.date = dinner;
        made.minute = clock_min(19, 0);
        made.party_size = 2;
        made.available_tables = 2;
        return made;
    }
    void there(command_body body) {
        const std::uint64_t ticket = submit_there(std::move(body));
        other_log_.finish_all();
        ASSERT_TRUE(other_sink_.answers.at(ticket).ok())
            << static_cast<int>(other_sink_.answers[ticket].code);
    }
    void let_other_follow() {
        other_.reload(std::vector<restaurant_id>{here});
        other_log_.finish_all();
    }
    void follow() { owner.follow(std::vector<restaurant_id>{here}); }
    void expect_same() {
        EXPECT_EQ(stock().check_invariants(), std::nullopt);
        const owned_restaurant& memory = *owner.find(here);
        const restaurant_image stored = tables.image(here, memory.log.released_seq());
        EXPECT_TRUE(is_comparable(memory, stored));
        EXPECT_THAT(differences(memory, stored, clock.now()), testing::IsEmpty());
        expect_no_holes();
    }
    // Reads once, and it was enough.
    void follow_by_log() {
        const auto [followed, reloads] = std::pair(owner.counts().followed, owner.counts().reloads);
        const int configurations = sink.configurations;
        follow();
        ASSERT_EQ(log.loads.size(), 1U);
        EXPECT_TRUE(log.loads.front().first.front().only_changes);
        log.finish_load();
        EXPECT_TRUE(log.loads.empty());
        EXPECT_EQ(owner.counts().followed, followed + 1);
        EXPECT_EQ(owner.counts().reloads, reloads);
        EXPECT_EQ(sink.configurations, configurations);
        expect_same();
    }
    // Reads the whole restaurant, once it was seen that the log doesn't say all.
    void follow_whole() {
        const auto [followed, reloads] = std::pair(owner.counts().followed, owner.counts().reloads);
        follow();
        log.finish_all();
        EXPECT_EQ(owner.counts().followed, followed);
        EXPECT_EQ(owner.counts().reloads, reloads + 1);
        expect_same();
    }

    hand_journal other_log_{tables};
    recording_sink other_sink_;
    engine other_{1, clock, other_log_, render, other_sink_};
    std::uint64_t others_ = 1000;
};

TEST_F(engine_following, a_booking_takes_its_table) {
    EXPECT_EQ(shown_tables(), 3);
    there(booking(1));
    EXPECT_EQ(shown_tables(), 3);
    const std::size_t told = sink.notices.size();
    follow_by_log();
    EXPECT_EQ(shown_tables(), 2);
    EXPECT_EQ(told_seqs().back(), tables.image(here).last_seq);
    ASSERT_EQ(sink.notices.size(), told + 1);
    EXPECT_EQ(sink.notices.back().customer, make_id<customer_id>(1));
    EXPECT_EQ(sink.notices.back().type, customer_event_type::reservation_confirmed);
    EXPECT_TRUE(sink.events.back().is_value_unknown);
}

TEST_F(engine_following, a_cancelled_one_gives_it_back) {
    there(booking(1));
    follow_by_log();
    there(cancelling(1));
    follow_by_log();
    EXPECT_EQ(shown_tables(), 3);
    EXPECT_EQ(reservation_of(1).status, reservation_status::cancelled);
}

TEST_F(engine_following, one_that_moves_leaves_its_place_and_takes_another) {
    there(booking(1));
    follow_by_log();
    auto later = changing(1);
    later.minute = clock_min(21, 0);
    there(later);
    follow_by_log();
    EXPECT_EQ(shown_tables(), 3);
    EXPECT_EQ(shown_tables(clock_min(21, 0)), 2);
}

TEST_F(engine_following, what_comes_and_goes_between_two_looks) {
    there(booking(1));
    there(booking(2));
    there(cancelling(1));
    there(booking(3));
    auto later = changing(2);
    later.minute = clock_min(21, 0);
    there(later);
    follow_by_log();
    EXPECT_EQ(reservation_of(1).status, reservation_status::cancelled);
    EXPECT_EQ(reservation_of(2).minute, clock_min(21, 0));
}

TEST_F(engine_following, places_are_exchanged) {
    for (const unsigned each : {1U, 2U, 3U}) there(booking(each));
    follow_by_log();
    EXPECT_EQ(shown_tables(), 0);
    there(cancelling(2));
    there(booking(4));
    follow_by_log();
    EXPECT_EQ(shown_tables(), 0);
    EXPECT_EQ(reservation_of(4).tables, reservation_of(2).tables);
}

TEST_F(engine_following, is_late_when_it_is) {
    there(booking(1));
    follow_by_log();
    come_to("2026-11-21T19:30:00Z");
    EXPECT_TRUE(reservation_of(1).late_flagged_at);
}

TEST_F(engine_following, the_own_rows_are_no_news) {
    EXPECT_TRUE(ask_for(booking(1)).ok());
    const std::size_t told = sink.events.size();
    follow_by_log();
    EXPECT_EQ(sink.events.size(), told);
}

TEST_F(engine_following, a_party_that_is_seated_is_read_whole) {
    clock.time = at("2026-11-21T18:55:00Z");
    there(booking(1));
    follow_by_log();
    by = {actor::kind::staff, make_id<uuid>(1)};
    there(serving(1, reservation_status::seated));
    follow_whole();
    EXPECT_EQ(guest_of(101).status, guest_status::seated);
    there(serving(1, reservation_status::completed));
    follow_whole();
    EXPECT_EQ(reservation_of(1).status, reservation_status::completed);
}

TEST_F(engine_following, a_published_slot_is_read_whole) {
    const slot published = two_at_seven();
    publish_in_database(published);
    let_other_follow();
    there(booking(1));
    follow_whole();
    EXPECT_EQ(stock().find_slot(published.id)->available_tables, 1);
}

// No row of the log is of the publishing alone: the one of what was free by then names it.
TEST_F(engine_following, slots_published_in_one_batch_with_a_booking_are_read_whole) {
    const slot published = two_at_seven();
    submit_there(booking(1));
    submit_there(booking(2));
    submit_there(publish_slots{{published}});
    submit_there(booking(3, clock_min(21, 0)));
    other_log_.finish_all();
    ASSERT_EQ(other_log_.last().slots.size(), 1U);
    ASSERT_EQ(other_log_.last().reservations.size(), 2U) << "one batch has all";
    EXPECT_EQ(other_log_.last().events.back().action, "slots.publish");
    follow_whole();
    EXPECT_NE(stock().find_slot(published.id), nullptr);
}

TEST_F(engine_following, what_is_held_here_and_booked_there_is_read_whole) {
    EXPECT_TRUE(ask_for(holding(1)).ok());
    let_other_follow();
    there(booking(2));
    follow_whole();
    EXPECT_EQ(notices(customer_event_type::hold_expired), 1U);
    EXPECT_EQ(shown_tables(), 2);
}

TEST_F(engine_following, holds_elsewhere_are_nothing_to_read) {
    there(holding(1));
    follow_by_log();
    EXPECT_EQ(shown_tables(), 3);
}

TEST_F(engine_following, after_a_start_the_first_time_is_whole) {
    engine late{2, clock, log, render, sink};
    EXPECT_EQ(late.adopt(tables.image(here)), std::nullopt);
    late.follow(std::vector<restaurant_id>{here});
    ASSERT_EQ(log.loads.size(), 1U);
    EXPECT_FALSE(log.loads.front().first.front().only_changes);
    log.finish_load();
}

TEST_F(engine_following, another_history_is_read_whole) {
    there(booking(1));
    tables.at(here).events.at(tables.at(here).events.size() - 2).command = make_id<command_id>(7);
    tables.at(here).events.back().command = make_id<command_id>(7);
    there(booking(2));
    follow_by_log();  // not what was told
    tables.at(here).events.back().command = make_id<command_id>(8);
    there(booking(3));
    follow_whole();
}

TEST_F(engine_following, a_database_that_lacks_what_was_told_is_read_whole) {
    there(booking(1));
    follow_by_log();
    auto& stored = tables.at(here);
    stored.events.resize(stored.events.size() - 2);
    stored.reservations.erase(make_id<reservation_id>(1));
    follow();
    log.finish_all();
    EXPECT_EQ(owner.counts().reloads, 2U);
    EXPECT_EQ(shown_tables(), 3);
}

TEST_F(engine_following, what_anything_may_have_changed_is_read_whole) {
    there(booking(1));
    follow();
    ring();
    follow();
    ASSERT_EQ(log.loads.size(), 1U);
    log.finish_load();
    ASSERT_EQ(log.loads.size(), 1U);
    EXPECT_FALSE(log.loads.front().first.front().only_changes);
    log.finish_load();
    EXPECT_TRUE(log.loads.empty());
}

TEST_F(engine_following, commands_wait_and_are_decided_by_what_is_new) {
    for (const unsigned each : {1U, 2U, 3U}) there(booking(each));
    follow();
    const auto ticket = submit(booking(4));
    EXPECT_FALSE(log.is_writing());
    log.finish_all();
    EXPECT_EQ(code(ticket), errc::slot_unavailable);
    expect_same();
}

TEST_F(engine_following, commands_wait_for_the_whole_too) {
    by = {actor::kind::staff, make_id<uuid>(1)};
    there(walk_in(1));
    follow();
    const auto ticket = submit(booking(4));
    log.finish_load();
    EXPECT_FALSE(is_answered(ticket));
    log.finish_all();
    EXPECT_TRUE(answer(ticket).ok());
    expect_same();
}

TEST_F(engine_following, a_restaurant_that_is_gone_is_gone_here) {
    tables.at(here).is_deleted = true;
    follow();
    log.finish_all();
    EXPECT_FALSE(owner.find(here)->exists());
}

TEST_F(engine_following, without_a_database_memory_is_stale) {
    there(booking(1));
    follow();
    const auto ticket = submit(booking(4));
    log.fail_load();
    EXPECT_EQ(code(ticket), errc::database_unavailable);
    owner.on_journal_available();
    log.finish_all();
    EXPECT_EQ(shown_tables(), 2);
    expect_same();
}

}  // namespace following_test
}  // namespace qtable::test
