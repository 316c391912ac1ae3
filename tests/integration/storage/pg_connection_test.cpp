#include "storage/pg/pg_connection.hpp"

#include "tests/integration/storage/server.hpp"

namespace qtable::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr statement insert_taken{"insert_taken", "INSERT INTO taken (id) VALUES ($1)"};
constexpr statement count_taken{"count_taken", "SELECT count(*) FROM taken"};
constexpr statement nap{"nap", "SELECT pg_sleep($1)"};

constexpr std::int64_t patience_ms = 60'000;  // where only the outcome matters, on a busy machine

params with(std::int32_t value) {
    params p;
    p.add(value);
    return p;
}

class pg_connection_test : public testing::database_test {
  protected:
    pg_connection_test() { control.exec("CREATE TABLE taken (id int PRIMARY KEY CHECK (id >= 0))"); }

    std::int64_t taken() { return control.query("SELECT count(*) FROM taken")[0].get<std::int64_t>(0); }
    // Ends every other session of this database.
    void terminate() {
        control.exec(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }
};

TEST_F(pg_connection_test, a_unit_takes_effect_all_or_none) {
    const auto connection = connect();
    unit good;
    good.add(insert_taken, with(1)).add(insert_taken, with(2)).add(count_taken);
    unit_result answer = run(*connection, std::move(good));
    ASSERT_TRUE(answer.committed()) << answer.failure.message;
    EXPECT_EQ(answer.results[2][0].get<std::int64_t>(0), 2);

    unit bad;
    bad.add(insert_taken, with(3)).add(insert_taken, with(1)).add(insert_taken, with(4));
    answer = run(*connection, std::move(bad));
    EXPECT_EQ(answer.outcome, unit_outcome::failed);
    EXPECT_EQ(answer.failure.kind(), sqlstate_class::unique_violation);
    EXPECT_EQ(answer.failure.statement, 1);
    EXPECT_EQ(answer.failure.constraint, "taken_pkey");
    EXPECT_EQ(taken(), 2);

    answer = run(*connection, one(insert_taken, with(-1)));
    EXPECT_EQ(answer.failure.kind(), sqlstate_class::check_violation);
    EXPECT_TRUE(run(*connection, one(insert_taken, with(5))).committed());
    EXPECT_EQ(taken(), 3);
}

TEST_F(pg_connection_test, a_constraint_that_is_checked_at_commit_fails_the_unit_at_its_sync) {
    control.exec(
        "CREATE TABLE late (id int PRIMARY KEY, of int REFERENCES taken DEFERRABLE INITIALLY DEFERRED)");
    const auto connection = connect();
    static constexpr statement insert_late{"insert_late", "INSERT INTO late VALUES ($1, 99)"};
    for (int i = 0; i < 3; ++i) {
        const unit_result answer = run(*connection, one(insert_late, with(i)));
        EXPECT_EQ(answer.outcome, unit_outcome::failed);
        EXPECT_EQ(answer.failure.kind(), sqlstate_class::foreign_key_violation);
        EXPECT_EQ(answer.failure.statement, -1);
    }
    EXPECT_EQ(control.query("SELECT count(*) FROM late")[0].get<std::int64_t>(0), 0);
    EXPECT_TRUE(run(*connection, one(insert_taken, with(1))).committed());
}

TEST_F(pg_connection_test, an_overlap_is_an_exclusion_violation) {
    control.exec(
        "CREATE EXTENSION btree_gist; CREATE TABLE seat (t int, during tstzrange,"
        " CONSTRAINT seat_free EXCLUDE USING gist (t WITH =, during WITH &&))");
    const auto connection = connect();
    static constexpr statement insert_seat{"insert_seat", "INSERT INTO seat VALUES ($1, $2)"};
    const auto seat = [](std::int64_t from_ms) {
        params p;
        p.add(std::int32_t{1}).add(time_range{{from_ms}, {from_ms + 1000}});
        return p;
    };
    EXPECT_TRUE(run(*connection, one(insert_seat, seat(0))).committed());
    EXPECT_TRUE(run(*connection, one(insert_seat, seat(1000))).committed());
    const unit_result answer = run(*connection, one(insert_seat, seat(500)));
    EXPECT_EQ(answer.failure.kind(), sqlstate_class::exclusion_violation);
    EXPECT_EQ(answer.failure.constraint, "seat_free");
}

TEST_F(pg_connection_test, a_statement_whose_preparation_failed_works_once_it_can) {
    const auto connection = connect();
    static constexpr statement later{"later", "SELECT count(*) FROM later"};
    unit work;
    work.add(insert_taken, with(1)).add(later);
    unit_result answer = run(*connection, std::move(work));
    EXPECT_EQ(answer.failure.code, "42P01");
    EXPECT_EQ(answer.failure.statement, 1);
    EXPECT_EQ(taken(), 0);
    control.exec("CREATE TABLE later ()");
    unit again;
    again.add(insert_taken, with(1)).add(later);
    EXPECT_TRUE(run(*connection, std::move(again)).committed());
    // First use of a statement behind a failure in its segment: skipped with it, prepared the next time.
    unit failing;
    failing.add(insert_taken, with(1)).add(count_taken);
    EXPECT_EQ(run(*connection, std::move(failing)).failure.statement, 0);
    EXPECT_TRUE(run(*connection, one(count_taken)).committed());
}

TEST_F(pg_connection_test, a_changed_table_heals_by_reconnecting) {
    const auto connection = connect();
    static constexpr statement all{"all", "SELECT * FROM taken"};
    EXPECT_TRUE(run(*connection, one(all)).committed());
    control.exec("ALTER TABLE taken ADD COLUMN note text");
    EXPECT_EQ(run(*connection, one(all)).failure.kind(), sqlstate_class::stale_statements);
    ASSERT_TRUE(run_until([&] { return connection->ready(); }));
    const unit_result answer = run(*connection, one(all));
    ASSERT_TRUE(answer.committed());
    EXPECT_EQ(answer.results[0].columns(), 2);
}

TEST_F(pg_connection_test, many_units_in_the_pipeline_answer_in_order) {
    pg_options options;
    options.depth = 16;
    options.unit_timeout_ms = patience_ms;
    const auto connection = connect(options);
    std::vector<int> failed;
    int answered = 0;
    for (int i = 0; i < 1000; ++i) {
        connection->submit(one(insert_taken, with(i % 100 == 7 ? -1 : i)), [&, i](unit_result result) {
            EXPECT_EQ(answered++, i);
            if (!result.committed()) failed.push_back(i);
        });
    }
    ASSERT_TRUE(run_until([&] { return answered == 1000; }, std::chrono::milliseconds(patience_ms)));
    EXPECT_EQ(failed.size(), 10U);
    EXPECT_EQ(taken(), 990);
}

TEST_F(pg_connection_test, more_than_the_socket_holds_goes_both_ways) {
    pg_options options;
    options.unit_timeout_ms = patience_ms;
    const auto connection = connect(options);
    const std::string large(4 * 1024 * 1024, 'x');
    static constexpr statement echo{"echo_text", "SELECT $1"};
    unit work;
    for (int i = 0; i < 3; ++i) {
        params p;
        p.add(large);
        work.add(echo, std::move(p));
    }
    const unit_result answer = run(*connection, std::move(work));
    ASSERT_TRUE(answer.committed()) << answer.failure.message;
    EXPECT_EQ(answer.results[2][0].get<std::string_view>(0), large);
}

TEST_F(pg_connection_test, a_backend_that_ends_in_flight_leaves_the_outcome_unknown_and_comes_back) {
    std::vector<std::string> states;
    pg_connection connection(io, connect_target::resolve(conninfo));
    connection.on_state([&](pg_state state, std::string_view why) {
        states.push_back(state == pg_state::up ? "up" : std::string(why));
    });
    connection.start();
    ASSERT_TRUE(run_until([&] { return connection.ready(); }));
    std::vector<unit_outcome> outcomes;
    const auto note = [&](unit_result result) { outcomes.push_back(result.outcome); };
    unit work;
    params seconds;
    seconds.add(30.0);
    work.add(insert_taken, with(1)).add(nap, std::move(seconds));
    connection.submit(std::move(work), note);
    connection.submit(one(insert_taken, with(2)), note);
    ASSERT_TRUE(run_until([&] {
        return control.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")[0]
                   .get<std::int64_t>(0) == 1;
    }));
    terminate();
    ASSERT_TRUE(run_until([&] { return outcomes.size() == 2; }));
    EXPECT_THAT(outcomes, ElementsAre(unit_outcome::outcome_unknown, unit_outcome::unavailable));
    EXPECT_TRUE(run(connection, one(insert_taken, with(3))).committed());
    EXPECT_EQ(taken(), 1);
    ASSERT_EQ(states.size(), 3U);
    EXPECT_THAT(states[1], HasSubstr("terminat"));
}

TEST_F(pg_connection_test, an_idle_session_that_is_ended_comes_back_by_itself) {
    std::string why;
    const auto connection = connect();
    connection->on_state([&](pg_state state, std::string_view reason) {
        if (state == pg_state::down) why = reason;
    });
    for (int i = 0; i < 3; ++i) {
        terminate();
        ASSERT_TRUE(run_until([&] { return !connection->ready(); }));
        ASSERT_TRUE(run_until([&] { return connection->ready(); }));
    }
    EXPECT_THAT(why, HasSubstr("terminating connection due to administrator command"));
    EXPECT_TRUE(run(*connection, one(insert_taken, with(1))).committed());
}

TEST_F(pg_connection_test, a_deadline_costs_the_connection_not_more) {
    const auto connection = connect();
    params seconds;
    seconds.add(30.0);
    const auto begun = std::chrono::steady_clock::now();
    const unit_result answer = run(*connection, one(nap, std::move(seconds), 200));
    EXPECT_EQ(answer.outcome, unit_outcome::outcome_unknown);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
    EXPECT_TRUE(run(*connection, one(insert_taken, with(1))).committed());
}

TEST_F(pg_connection_test, the_servers_own_timeout_is_unavailable) {
    pg_options options;
    options.statement_timeout_ms = 100;
    const auto connection = connect(options);
    params seconds;
    seconds.add(30.0);
    const unit_result answer = run(*connection, one(nap, std::move(seconds)));
    EXPECT_EQ(answer.outcome, unit_outcome::failed);
    EXPECT_EQ(answer.failure.code, "57014");
    EXPECT_EQ(answer.failure.kind(), sqlstate_class::unavailable);
}

TEST_F(pg_connection_test, survives_a_server_that_stops_and_starts) {
    const auto connection = connect();
    EXPECT_TRUE(run(*connection, one(insert_taken, with(1))).committed());
    testing::server().stop();
    ASSERT_TRUE(run_until([&] { return !connection->ready(); }));
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(run(*connection, one(insert_taken, with(2))).outcome, unit_outcome::unavailable);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 3s);
    testing::server().start();
    const auto back = std::chrono::steady_clock::now();
    ASSERT_TRUE(run_until([&] { return connection->ready(); }));
    EXPECT_LT(std::chrono::steady_clock::now() - back, 5s);
    EXPECT_TRUE(run(*connection, one(insert_taken, with(3))).committed());
    EXPECT_EQ(blocking_connection(conninfo).query("SELECT count(*) FROM taken")[0].get<std::int64_t>(0), 2);
}

TEST_F(pg_connection_test, the_session_is_as_we_ask) {
    const auto connection = connect();
    static constexpr statement show{
        "show",
        "SELECT current_setting('TimeZone'), current_setting('client_encoding'),"
        " current_setting('application_name'), current_setting('statement_timeout'),"
        " current_setting('enable_seqscan')"};
    const unit_result answer = run(*connection, one(show));
    ASSERT_TRUE(answer.committed());
    const row r = answer.results[0][0];
    EXPECT_EQ(r.get<std::string>(0), "UTC");
    EXPECT_EQ(r.get<std::string>(1), "UTF8");
    EXPECT_EQ(r.get<std::string>(2), "qtable");
    EXPECT_EQ(r.get<std::string>(3), "10s");
    EXPECT_EQ(r.get<std::string>(4), "off");
}

TEST_F(pg_connection_test, a_role_that_may_lose_commits_is_refused) {
    control.exec(
        "DROP ROLE IF EXISTS careless; CREATE ROLE careless LOGIN; ALTER ROLE careless SET "
        "synchronous_commit = off");
    std::string why;
    pg_connection connection(io, connect_target::resolve(conninfo + " user=careless"));
    connection.on_state([&](pg_state, std::string_view reason) { why = reason; });
    connection.start();
    ASSERT_TRUE(run_until([&] { return !why.empty(); }));
    EXPECT_THAT(why, HasSubstr("synchronous_commit is off for role careless"));
    EXPECT_FALSE(connection.ready());
    connection.close();
    control.exec("DROP ROLE careless");
}

TEST_F(pg_connection_test, nothing_is_prepared_when_told_so) {
    pg_options options;
    options.prepare = false;
    const auto connection = connect(options);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(run(*connection, one(insert_taken, with(i))).committed());
    static constexpr statement prepared{"", "SELECT count(*) FROM pg_prepared_statements"};
    EXPECT_EQ(run(*connection, one(prepared)).results[0][0].get<std::int64_t>(0), 0);
}

TEST_F(pg_connection_test, notifications_come_and_come_again_after_a_loss) {
    std::vector<std::string> heard;
    int listening = 0;
    pg_connection connection(io, connect_target::resolve(conninfo));
    connection.listen(
        "events", [&](std::string_view payload) { heard.emplace_back(payload); }, [&] { ++listening; });
    connection.start();
    ASSERT_TRUE(run_until([&] { return listening == 1; }));
    control.exec("NOTIFY events, 'one'; NOTIFY other, 'none'; NOTIFY events, 'two'");
    ASSERT_TRUE(run_until([&] { return heard.size() == 2; }));
    terminate();
    ASSERT_TRUE(run_until([&] { return listening == 2; }));
    control.exec("NOTIFY events, 'three'");
    ASSERT_TRUE(run_until([&] { return heard.size() == 3; }));
    EXPECT_THAT(heard, ElementsAre("one", "two", "three"));
    int late = 0;
    connection.listen(
        "late", [&](std::string_view) { ++late; }, [] {});
    ASSERT_TRUE(run_until([&] {
        control.exec("NOTIFY late");
        return late > 0;
    }));
}

TEST_F(pg_connection_test, close_answers_what_is_open) {
    std::vector<unit_outcome> outcomes;
    {
        const auto connection = connect();
        params seconds;
        seconds.add(30.0);
        const auto note = [&](unit_result result) { outcomes.push_back(result.outcome); };
        connection->submit(one(nap, std::move(seconds)), note);
        connection->submit(one(insert_taken, with(1)), note);
    }
    EXPECT_THAT(outcomes, ElementsAre(unit_outcome::outcome_unknown, unit_outcome::unavailable));
    EXPECT_TRUE(run_until([&] { return io.poll() == 0; }));
}

}  // namespace
}  // namespace qtable::storage
