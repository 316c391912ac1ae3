// What became of a batch whose answer was lost: the probe tells, and tells nothing that may yet change.
#include <memory>
#include <optional>
#include <string>

#include "tests/integration/store/place_test.hpp"

namespace qtable::storage {

namespace {

class probe_test : public place_test {};

TEST_F(probe_test, tells_whether_a_batch_is_there) {
    const batch there = next_batch();
    expect_committed(there);
    EXPECT_EQ(probe(*journal_, there.events[0]), batch_outcome::committed);
    EXPECT_EQ(probe(*journal_, next_event(place_.id, 2)), batch_outcome::conflict);  // another command's
    EXPECT_EQ(probe(*journal_, next_event(place_.id, 3)), batch_outcome::conflict);
}

// The session that a lost connection left behind holds the batch open: the probe may not answer before that
// is over.
TEST_F(probe_test, ends_a_session_that_was_left_behind) {
    const batch lost = next_batch();
    blocking_connection left_behind(conninfo_of(database_), pg_journal::application_name("one-0"));
    left_behind.exec("begin");
    left_behind.query(
        "insert into restaurant_events values ($1, 2, 0, 'settings_changed', now(), 'system', $2, $2, '')",
        params().add(place_.id).add(next_uuid()));
    EXPECT_EQ(probe(*journal_, lost.events[0]), batch_outcome::conflict);
    EXPECT_THROW(left_behind.exec("commit"), pg_error);
    expect_committed(lost);
}

// Ended, the session would show what the standby doesn't have; and what shows isn't confirmed before it has.
TEST_F(probe_test, confirms_nothing_that_a_standby_lacks) {
    const std::string waits =
        "select count(*) from pg_stat_activity where wait_event = 'SyncRep' and datname = current_database()";
    const batch kept = next_batch();
    std::optional<batch_outcome> written, probed;
    auto standby = std::make_optional<absent_standby>(*sql_);
    journal_->write(std::make_shared<const batch>(kept),
                    [&](const batch_result& got) { written = got.outcome; });
    run_until([&] { return count(waits) == 1; });

    auto lost = connect(pg_journal::application_name("one-0"));
    writes_.swap(lost);
    const auto successor = make_journal("one-0");
    EXPECT_EQ(probe(*successor, kept.events[0]), batch_outcome::unavailable);
    EXPECT_EQ(count(waits), 1);

    // As an administrator may.
    sql_->exec("select pg_terminate_backend(pid, 5000) from pg_stat_activity where wait_event = 'SyncRep'");
    run_until([&] { return written.has_value(); });
    EXPECT_EQ(written, batch_outcome::unknown);
    EXPECT_EQ(count("select count(*) from restaurant_events where seq = 2"), 1);
    successor->probe(kept.events[0], [&](batch_outcome got) { probed = got; });
    run_until([&] { return count(waits) == 1; });
    EXPECT_FALSE(probed);
    standby.reset();
    run_until([&] { return probed.has_value(); });
    EXPECT_EQ(probed, batch_outcome::committed);
}

}  // namespace

}  // namespace qtable::storage
