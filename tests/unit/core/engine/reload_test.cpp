// Restaurants that change behind the engine's back, vanish, or are not sound.
#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace reload_test {

class engine_reload : public engine_fixture {
  protected:
    void append_events(int count) {
        for (int i = 0; i < count; ++i) {
            logged_event row;
            row.restaurant = here;
            row.seq = static_cast<std::int64_t>(tables.at(here).events.size()) + 1;
            row.type = event_type::settings_changed;
            tables.at(here).events.push_back(row);
        }
    }
    // Two parties at one table, as no constraint would let them in.
    void corrupt() {
        for (unsigned i = 1; i <= 2; ++i) {
            reservation r;
            r.id = make_id<reservation_id>(i);
            r.restaurant = here;
            r.date = dinner;
            r.party_size = 2;
            r.tables = {make_id<table_id>(1)};
            r.starts_at = r.blocks_from = at("2026-11-21T19:00:00Z");
            r.ends_at = r.blocks_until = at("2026-11-21T21:00:00Z");
            tables.at(here).reservations[r.id] = r;
        }
    }
};

TEST_F(engine_reload, shows_what_others_changed) {
    tables.at(here).what.tables.push_back(make_table(4, 2));
    append_events(1);
    ring();
    EXPECT_EQ(shown_tables(), 3);
    log.finish_load();
    EXPECT_EQ(shown_tables(), 4);
    EXPECT_EQ(sink.configurations, 1);
    EXPECT_EQ(told_seqs(), std::vector<std::int64_t>{1});
}

// A session of a process that is gone, or another node, may have stored just what is asked for now.
TEST_F(engine_reload, says_of_a_refusal_that_it_may_be_of_its_own_making) {
    const auto party_of_nine = booking(1, clock_min(19, 0), 9);
    EXPECT_FALSE(answer(submit(party_of_nine)).may_be_stored);
    ring();
    log.finish_load();
    EXPECT_FALSE(answer(submit(party_of_nine)).may_be_stored) << "there was nothing new";
    append_events(1);
    ring();
    log.finish_load();
    EXPECT_TRUE(answer(submit(party_of_nine)).may_be_stored);
    EXPECT_NE(code(submit(party_of_nine)), errc::ok);
}

TEST_F(engine_reload, commands_wait_for_it) {
    ring();
    const auto ticket = submit(booking(1));
    EXPECT_FALSE(log.is_writing());
    log.finish_load();
    log.finish_all();
    EXPECT_TRUE(answer(ticket).ok());
}

TEST_F(engine_reload, comes_after_what_is_on_its_way) {
    const auto ticket = submit(booking(1));
    ring();
    EXPECT_TRUE(log.loads.empty());
    log.commit();
    EXPECT_TRUE(answer(ticket).ok());
    ASSERT_EQ(log.loads.size(), 1U);
    log.finish_load();
    EXPECT_TRUE(log.loads.empty());
    EXPECT_EQ(sink.events.size(), 2U) << "our own rows are not told again";
}

TEST_F(engine_reload, reads_again_what_changed_meanwhile) {
    ring();
    ring();
    ASSERT_EQ(log.loads.size(), 1U);
    log.finish_load();
    ASSERT_EQ(log.loads.size(), 1U);
    log.finish_load();
    EXPECT_TRUE(log.loads.empty());
    EXPECT_TRUE(owner.is_idle());
}

TEST_F(engine_reload, brings_in_a_new_restaurant) {
    const auto place = make_id<restaurant_id>(2);
    restaurant made = tables.at(here).what;
    made.id = place;
    tables.add_restaurant(made, 5);
    owner.reload(std::vector<restaurant_id>{place});
    log.finish_load();
    EXPECT_TRUE(owner.find(place)->exists());
    const auto ticket = submit_at(place, booking(1));
    log.finish_all();
    EXPECT_TRUE(answer(ticket).ok());
}

TEST_F(engine_reload, takes_a_restaurant_away_that_is_gone) {
    tables.at(here).what.profile.timezone = "Nowhere";  // doesn't load
    ring();
    log.finish_load();
    EXPECT_FALSE(owner.find(here)->exists());
    EXPECT_EQ(owner.find(here)->live.boards.load(), nullptr);
    EXPECT_EQ(owner.find(here)->live.view.load(), nullptr);
    EXPECT_EQ(code(submit(booking(1))), errc::not_found);
}

TEST_F(engine_reload, does_not_serve_what_is_not_sound) {
    corrupt();
    ring();
    log.finish_load();
    EXPECT_EQ(owner.counts().unsound, 1U);
    EXPECT_EQ(shown_tables(), -1);
    EXPECT_EQ(code(submit(booking(3))), errc::not_found);
    tables.at(here).reservations.clear();
    append_events(1);
    ring();
    log.finish_load();
    EXPECT_EQ(shown_tables(), 3);
    EXPECT_EQ(told_seqs(), std::vector<std::int64_t>{1});
}

TEST_F(engine_reload, says_at_boot_why_a_restaurant_is_not_served) {
    corrupt();
    engine fresh(0, clock, log, render, sink);
    const auto problem = fresh.adopt(tables.image(here));
    ASSERT_TRUE(problem.has_value());
    EXPECT_NE(problem->find("taken twice"), std::string::npos);
    EXPECT_EQ(fresh.find(here)->live.boards.load(), nullptr);
}

TEST_F(engine_reload, retires_nothing_that_a_reader_can_still_come_upon) {
    ask_for(booking(1));
    const auto* const shown = owner.find(here)->live.boards.load();
    bool is_replaced = false;
    sink.on_retire = [&] { is_replaced = owner.find(here)->live.boards.load() != shown; };
    ring();
    log.finish_load();
    EXPECT_TRUE(is_replaced);
}

TEST_F(engine_reload, resyncs_subscribers_when_too_much_was_missed) {
    ask_for(booking(1));
    append_events(5);
    ring();
    auto [which, done] = std::move(log.loads.front());
    log.loads.pop_front();
    EXPECT_EQ(which.at(0).since_seq, 2);
    restaurant_image image = tables.image(here, 2);
    image.events_since.erase(image.events_since.begin(), image.events_since.begin() + 2);
    done(std::vector{std::move(image)});
    EXPECT_EQ(sink.resyncs, 1);
    EXPECT_EQ(sink.events.size(), 2U);
    EXPECT_TRUE(ask_for(booking(2)).ok());
    EXPECT_EQ(sink.events[2].what.seq, 8);
    EXPECT_TRUE(tables.violations().empty());
}

TEST_F(engine_reload, goes_back_with_a_database_that_lacks_what_was_told) {
    ask_for(booking(1));
    const auto before = tables;
    append_events(3);
    ring();
    log.finish_load();
    EXPECT_EQ(sink.events.size(), 5U);
    tables = before;  // another server took over
    ring();
    log.finish_load();
    EXPECT_EQ(sink.resyncs, 1);
    EXPECT_TRUE(ask_for(booking(2)).ok());
    EXPECT_EQ(sink.events[5].what.seq, 3) << "the log has no hole";
    EXPECT_TRUE(tables.violations().empty());
}

TEST_F(engine_reload, tells_no_row_twice) {
    ask_for(booking(1));
    append_events(1);
    ring();
    auto [which, done] = std::move(log.loads.front());
    log.loads.pop_front();
    done(std::vector{tables.image(here, 0)});  // more of the log than was asked for
    EXPECT_EQ(told_seqs(), (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(sink.resyncs, 0);
}

TEST_F(engine_reload, forgets_days_that_are_over) {
    ask_for(booking(1));
    ask_for(cancelling(1));
    clock.time = at("2026-11-23T12:00:00Z");
    owner.forget_past_days();
    EXPECT_EQ(owner.find(here)->closed.size(), 1U);
    clock.time = at("2026-11-24T12:00:00Z");
    owner.forget_past_days();
    EXPECT_TRUE(owner.find(here)->closed.empty());
    EXPECT_EQ(owner.find(here)->live.boards.load()->days.size(), 0U);
}

TEST_F(engine_reload, does_not_publish_with_the_past_what_was_not_committed) {
    ask_for(booking(1));
    submit(publish_slots{
        {make_slot(1, dinner, clock_min(18, 0), 2, 9), make_slot(2, dinner, clock_min(17, 0), 2, 9)}});
    owner.forget_past_days();
    EXPECT_EQ(shown_tables(clock_min(17, 0)), -1);
    log.is_available = false;
    log.answer(batch_outcome::unavailable);
    owner.forget_past_days();
    EXPECT_EQ(shown_tables(clock_min(17, 0)), -1);
}

TEST_F(engine_reload, starts_from_the_database_like_it_ended) {
    for (unsigned i = 1; i <= 3; ++i) ask_for(booking(i));
    ask_for(cancelling(2));
    engine fresh(0, clock, log, render, sink);
    EXPECT_EQ(fresh.adopt(tables.image(here)), std::nullopt);
    fresh.show(here);
    EXPECT_EQ(fresh.find(here)->stock->reservation_count(), 2U);
    EXPECT_EQ(fresh.find(here)->closed.size(), 1U);
    EXPECT_EQ(fresh.find(here)->log.released_seq(), owner.find(here)->log.released_seq());
    EXPECT_EQ(fresh.find(here)->log.released_public_seq(), owner.find(here)->log.released_public_seq());
}

// Of another node's part: it is read, decided and told, and then memory forgets it.
TEST_F(engine_reload, a_visited_restaurant_is_let_go_of) {
    restaurant second = tables.at(here).what;
    second.id = make_id<restaurant_id>(2);
    tables.add_restaurant(second, 5);
    owner.visit(second.id);
    const auto ticket = submit_at(second.id, booking(1));
    owner.on_second();
    EXPECT_EQ(owner.restaurant_count(), 2U) << "it is being read";
    log.finish_load();
    owner.on_second();
    EXPECT_EQ(owner.restaurant_count(), 2U) << "its booking is on its way";
    log.finish_all();
    EXPECT_TRUE(answer(ticket).ok());
    EXPECT_EQ(tables.at(second.id).reservations.size(), 1U);
    owner.on_second();
    EXPECT_EQ(owner.restaurant_count(), 1U);
    EXPECT_EQ(owner.find(second.id), nullptr);
    sink.graveyard.clear();
    come_to("2026-11-22T09:00:00Z");
    EXPECT_EQ(code(submit_at(second.id, booking(2))), errc::not_found);

    owner.visit(second.id);
    const auto again = submit_at(second.id, booking(3));
    owner.visit(second.id);
    log.is_available = false;
    log.fail_load();
    EXPECT_EQ(code(again), errc::database_unavailable);
    owner.on_second();
    EXPECT_EQ(owner.restaurant_count(), 1U);
    EXPECT_TRUE(owner.is_idle());
    EXPECT_EQ(sink.behind_now, 0);
}

}  // namespace reload_test
}  // namespace qtable::test
