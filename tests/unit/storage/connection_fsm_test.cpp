#include "storage/pg/connection_fsm.hpp"

#include <gmock/gmock.h>

#include "tests/unit/storage/scripted_wire.hpp"

namespace qtable::storage {
namespace connection_fsm_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::scripted_wire;
using event = connection_fsm::event;
using action = connection_fsm::action;
using progress = pg_wire::progress;

constexpr statement book{"book", "INSERT …"};

class connection_fsm_test : public ::testing::Test {
  protected:
    connection_fsm_test() { make({}); }

    void make(pg_options options) {
        connect_target target({{"a", "10.0.0.1", "5432"}, {"b", "10.0.0.2", "5432"}}, {});
        fsm = std::make_unique<connection_fsm>(wire, std::move(target), std::move(options));
        fsm->on_state([this](pg_state state, std::string_view why) {
            states.push_back(state == pg_state::up ? "up" : "down: " + std::string(why));
        });
    }

    // Resumes, plays the driver's part of closing, and delivers.
    action resume(event what) {
        action next = fsm->resume(what, now_ms);
        while (next.close) next = fsm->resume(event::closed, now_ms);
        for (auto& of : fsm->take_deliveries()) of.run();
        return next;
    }

    void come_up() {
        resume(event::start);
        wire.polls = {progress::connected};
        resume(event::writable);
        wire.greet();
        wire.sync();
        resume(event::readable);
        ASSERT_TRUE(fsm->ready());
        wire.sent.clear();
    }

    void submit(std::int64_t timeout_ms = 0) {
        unit work;
        work.add(book).timeout_ms = timeout_ms;
        fsm->submit(
            std::move(work),
            [this](unit_result result) {
                outcomes.push_back(std::string(to_string(result.outcome)));
                reasons.push_back(result.failure.message);
            },
            now_ms);
        last = resume(event::work);
    }

    void answer_one(bool first = false) {
        if (first) wire.ok();
        wire.ok();
        wire.sync();
        resume(event::readable);
    }

    scripted_wire wire;
    std::unique_ptr<connection_fsm> fsm;
    std::vector<std::string> states, outcomes, reasons;
    std::int64_t now_ms = 1000;
    action last;
};

TEST_F(connection_fsm_test, connects_polls_greets_and_is_up) {
    action next = resume(event::start);
    EXPECT_TRUE(next.new_socket && next.want_write && !next.want_read);
    wire.polls = {progress::want_read, progress::want_read, progress::connected};
    next = resume(event::writable);
    EXPECT_TRUE(next.new_socket && next.want_read &&
                !next.want_write);  // the socket may be another one after each poll
    next = resume(event::readable);
    EXPECT_TRUE(next.new_socket);
    next = resume(event::readable);
    EXPECT_TRUE(next.new_socket && next.want_read);
    EXPECT_THAT(wire.sent, ElementsAre("greeting", "sync"));
    EXPECT_FALSE(fsm->ready());
    wire.greet();
    resume(event::readable);
    EXPECT_FALSE(fsm->ready());
    wire.sync();
    next = resume(event::readable);
    EXPECT_TRUE(fsm->ready());
    EXPECT_TRUE(next.want_read && !next.new_socket && !next.want_write);
    EXPECT_EQ(next.wake_at_ms, action::never);
    EXPECT_THAT(states, ElementsAre("up"));
}

TEST_F(connection_fsm_test, a_role_without_synchronous_commit_is_refused_unless_told) {
    for (const bool allowed : {false, true}) {
        pg_options options;
        options.allow_asynchronous_commit = allowed;
        make(options);
        resume(event::start);
        wire.polls = {progress::connected};
        resume(event::writable);
        wire.greet("off");
        wire.sync();
        resume(event::readable);
        EXPECT_EQ(fsm->ready(), allowed);
    }
    ASSERT_EQ(states.size(), 2U);
    EXPECT_THAT(states[0], HasSubstr("synchronous_commit is off for role qtable"));
}

TEST_F(connection_fsm_test, a_unit_is_sent_at_once_and_answered_at_sync) {
    come_up();
    submit();
    EXPECT_THAT(wire.sent, ElementsAre("prepare book", "execute book", "sync"));
    EXPECT_EQ(fsm->in_flight(), 1U);
    wire.ok();
    wire.ok();
    resume(event::readable);
    EXPECT_THAT(outcomes, IsEmpty());
    wire.sync();
    resume(event::readable);
    EXPECT_THAT(outcomes, ElementsAre("committed"));
    EXPECT_EQ(fsm->in_flight(), 0U);
}

TEST_F(connection_fsm_test, units_queue_in_order_one_in_flight) {
    come_up();
    submit();
    submit();
    submit();
    EXPECT_EQ(fsm->in_flight(), 1U);
    EXPECT_EQ(fsm->waiting(), 2U);
    answer_one(true);
    EXPECT_EQ(fsm->waiting(), 1U);
    answer_one();
    answer_one();
    EXPECT_THAT(outcomes, ElementsAre("committed", "committed", "committed"));
}

TEST_F(connection_fsm_test, an_unfinished_flush_waits_for_reading_and_writing) {
    come_up();
    wire.flushes = pg_wire::flushed::more;
    submit();
    EXPECT_TRUE(last.want_read && last.want_write);
    EXPECT_TRUE(resume(event::readable).want_write);
    wire.flushes = pg_wire::flushed::all;
    EXPECT_FALSE(resume(event::writable).want_write);
}

TEST_F(connection_fsm_test, a_lost_connection_is_unknown_for_the_sent_and_unavailable_for_the_waiting) {
    come_up();
    submit();
    submit();
    wire.ok();
    wire.ok();
    wire.alive = false;
    const action next = resume(event::readable);
    EXPECT_THAT(outcomes, ElementsAre("outcome_unknown", "unavailable"));
    EXPECT_THAT(states, ElementsAre("up", "down: the server went away"));
    EXPECT_EQ(wire.finished, 1);
    EXPECT_GE(next.wake_at_ms, now_ms + limits::pg_reconnect_min_ms / 2);
    EXPECT_LE(next.wake_at_ms, now_ms + limits::pg_reconnect_min_ms);
    now_ms = next.wake_at_ms;
    EXPECT_TRUE(resume(event::tick).want_write);
    EXPECT_EQ(wire.targets.size(), 2U);
}

TEST_F(connection_fsm_test, a_sync_that_came_before_the_end_counts) {
    come_up();
    submit();
    wire.ok();
    wire.ok();
    wire.sync();
    wire.alive = false;
    resume(event::readable);
    EXPECT_THAT(outcomes, ElementsAre("committed"));
    EXPECT_FALSE(fsm->ready());
}

TEST_F(connection_fsm_test, a_unit_that_could_not_be_sent_took_no_effect) {
    come_up();
    wire.sends = false;
    submit();
    EXPECT_THAT(outcomes, ElementsAre("unavailable"));
    EXPECT_FALSE(fsm->ready());
}

TEST_F(connection_fsm_test, a_unit_without_an_answer_costs_the_connection_at_its_deadline) {
    come_up();
    submit(250);
    EXPECT_EQ(last.wake_at_ms, now_ms + 250);
    now_ms += 249;
    resume(event::tick);
    EXPECT_THAT(outcomes, IsEmpty());
    now_ms += 1;
    resume(event::tick);
    EXPECT_THAT(outcomes, ElementsAre("outcome_unknown"));
    EXPECT_EQ(wire.finished, 1);
}

TEST_F(connection_fsm_test, without_a_connection_a_unit_waits_a_little_and_no_longer) {
    resume(event::start);
    submit();
    EXPECT_EQ(last.wake_at_ms, now_ms + limits::database_gone_answer_ms);
    now_ms += limits::database_gone_answer_ms;
    resume(event::tick);
    EXPECT_THAT(outcomes, ElementsAre("unavailable"));
    EXPECT_THAT(reasons[0], HasSubstr("no connection"));
}

TEST_F(connection_fsm_test, a_unit_that_waited_for_the_connection_runs) {
    resume(event::start);
    submit();
    wire.polls = {progress::connected};
    resume(event::writable);
    wire.greet();
    wire.sync();
    resume(event::readable);
    EXPECT_EQ(fsm->in_flight(), 1U);
    answer_one(true);
    EXPECT_THAT(outcomes, ElementsAre("committed"));
}

TEST_F(connection_fsm_test, more_than_the_queue_holds_is_refused_at_once) {
    pg_options options;
    options.queued_units = 1;
    make(options);
    come_up();
    submit();  // in flight
    submit();
    submit();
    EXPECT_THAT(outcomes, ElementsAre("unavailable"));
}

TEST_F(connection_fsm_test, a_failure_keeps_the_connection_unless_its_code_says_otherwise) {
    come_up();
    submit();
    wire.ok();
    wire.error("23505");
    wire.sync();
    resume(event::readable);
    EXPECT_TRUE(fsm->ready());
    for (const char* code : {"57014", "53100", "25006", "26000"}) {
        submit();
        wire.error(code);
        wire.sync();
        resume(event::readable);
        EXPECT_FALSE(fsm->ready()) << code;
        EXPECT_EQ(outcomes.back(), "failed");
        now_ms += limits::pg_reconnect_max_ms;
        resume(event::tick);
        wire.polls = {progress::connected};
        resume(event::writable);
        wire.greet();
        wire.sync();
        resume(event::readable);
        ASSERT_TRUE(fsm->ready());
        submit();  // prepared anew
        answer_one(true);
        EXPECT_EQ(outcomes.back(), "committed");
    }
}

TEST_F(connection_fsm_test, delays_grow_to_a_second_and_the_same_reason_is_told_once) {
    wire.connects = progress::failed;
    std::vector<std::int64_t> delays;
    action next = resume(event::start);
    for (int i = 0; i < 12; ++i) {
        delays.push_back(next.wake_at_ms - now_ms);
        now_ms = next.wake_at_ms;
        next = resume(event::tick);
    }
    EXPECT_LE(delays.front(), limits::pg_reconnect_min_ms);
    for (const std::int64_t delay : delays) EXPECT_LE(delay, limits::pg_reconnect_max_ms);
    EXPECT_GE(delays.back(), limits::pg_reconnect_max_ms / 2);
    EXPECT_THAT(states, ElementsAre("down: the server went away"));
}

TEST_F(connection_fsm_test, an_address_that_does_not_answer_is_not_the_first_the_next_time) {
    action next = resume(event::start);
    EXPECT_EQ(next.wake_at_ms, now_ms + limits::pg_connect_timeout_ms);
    now_ms = next.wake_at_ms;
    next = resume(event::tick);
    now_ms = next.wake_at_ms;
    resume(event::tick);
    EXPECT_THAT(wire.targets, ElementsAre("a", "b"));
    EXPECT_THAT(states, ElementsAre("down: no answer within 3000 ms"));
}

// Such as a proxy in front of a server that is gone.
TEST_F(connection_fsm_test, tries_another_server_after_one_that_hangs_up) {
    fsm->retarget({{{"a", "", ""}, {"b", "", ""}}, {}});
    resume(event::start);
    wire.polls = {progress::failed};
    const action next = resume(event::writable);
    now_ms = next.wake_at_ms;
    resume(event::tick);
    EXPECT_THAT(wire.targets, ElementsAre("a", "b"));
}

TEST_F(connection_fsm_test, listens_after_every_connect_and_says_so) {
    std::vector<std::string> heard;
    fsm->listen(
        "events", [&](std::string_view payload) { heard.emplace_back(payload); },
        [&] { heard.push_back("listening"); }, now_ms);
    resume(event::start);
    wire.polls = {progress::connected};
    resume(event::writable);
    EXPECT_THAT(wire.sent, ElementsAre("greeting", "query LISTEN \"events\"", "sync"));
    wire.greet();
    wire.ok();
    wire.sync();
    wire.notifications = {{"events", "1"}, {"other", "2"}, {"events", "3"}};
    resume(event::readable);
    // Between LISTEN and now something may have come: catching up comes first or is harmless after.
    EXPECT_THAT(heard, ::testing::UnorderedElementsAre("listening", "1", "3"));
    wire.alive = false;
    const action next = resume(event::readable);
    now_ms = next.wake_at_ms;
    resume(event::tick);
    wire.polls = {progress::connected};
    resume(event::writable);
    wire.greet();
    wire.ok();
    wire.sync();
    heard.clear();
    resume(event::readable);
    EXPECT_THAT(heard, ElementsAre("listening"));
}

TEST_F(connection_fsm_test, listens_while_up) {
    come_up();
    int listening = 0;
    fsm->listen(
        "events", [](std::string_view) {}, [&] { ++listening; }, now_ms);
    resume(event::work);
    EXPECT_THAT(wire.sent, ElementsAre("query LISTEN \"events\"", "sync"));
    wire.ok();
    wire.sync();
    resume(event::readable);
    EXPECT_EQ(listening, 1);
}

TEST_F(connection_fsm_test, shut_answers_everything_and_stays_down) {
    come_up();
    submit();
    submit();
    const action next = resume(event::shut);
    EXPECT_THAT(outcomes, ElementsAre("outcome_unknown", "unavailable"));
    EXPECT_EQ(wire.finished, 1);
    EXPECT_EQ(next.wake_at_ms, action::never);
    submit();
    EXPECT_EQ(outcomes.back(), "unavailable");
    now_ms += 100'000;
    resume(event::tick);
    resume(event::start);
    EXPECT_EQ(wire.targets.size(), 1U);
}

TEST_F(connection_fsm_test, shut_while_waiting_to_reconnect) {
    wire.connects = progress::failed;
    resume(event::start);
    submit();
    resume(event::shut);
    EXPECT_THAT(outcomes, ElementsAre("unavailable"));
}

}  // namespace connection_fsm_test
}  // namespace qtable::storage
