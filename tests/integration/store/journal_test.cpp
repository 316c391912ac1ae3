// Batches: what was written is what is read back, the database refuses what memory must not let through, and
// a refused batch leaves nothing behind.
#include <tuple>

#include "tests/integration/store/place_test.hpp"

namespace qtable::storage {

namespace {

class journal_test : public place_test {
  protected:
    slot make_slot(int available) {
        return {next_id<slot_id>(), today().plus_days(1), 18 * 60, 4, available, true, 1};
    }
    receipt_row make_receipt(std::string key) {
        return {{next_uuid(), "POST /customer/reservations", std::move(key), {1, 2, 3}},
                201,
                "{\"id\":1}",
                "/x",
                4,
                noon};
    }
};

TEST_F(journal_test, reads_back_what_was_written) {
    batch work = next_batch();
    work.events[0].public_seq = 1;
    const slot published = make_slot(5);
    work.slots.push_back({place_.id, published});
    work.slot_counts = {{place_.id, published.id, -1}, {place_.id, published.id, -1}};
    reservation first = make_reservation(place_, {place_.tables[0].id, place_.tables[1].id});
    first.slot = published.id;
    first.checked_in_at = noon;
    first.guest = next_id<guest_id>();
    first.running_late_min = 10;
    first.late_flagged_at = noon;
    work.events[0].subject = first.id;
    work.events[0].action = "reservation.late";
    work.events[0].overrides = "pacing,closed";
    reservation cancelled = make_reservation(place_, {place_.tables[0].id});
    cancelled.status = reservation_status::cancelled;
    work.reservations = {first, cancelled};
    expect_committed(work);

    restaurant_image expected;
    expected.id = place_.id;
    expected.exists = true;
    expected.what = place_;
    expected.local_zone = *zones_.load("Europe/Copenhagen");
    expected.slots = {published};
    expected.slots[0].available_tables = 3;
    expected.reservations = {first, cancelled};
    expected.log_epoch = 0xfedcba9876543210ULL;
    expected.last_seq = 2;
    expected.last_public_seq = 1;
    expected.events_since = {work.events[0]};
    EXPECT_TRUE(load(*journal_, place_.id, 1) == expected);
    EXPECT_EQ(count("select count(*) from reservation_tables"), 2);
}

TEST_F(journal_test, an_update_replaces_profile_tables_and_combinations) {
    batch work = next_batch();
    restaurant changed = place_;
    changed.profile.name = "Renamed";
    changed.profile.latitude = std::nullopt;
    changed.profile.longitude = std::nullopt;
    changed.rules.turn_times = {{100, 60}};
    changed.paused_until = std::nullopt;
    changed.version = 2;
    work.restaurants.push_back({std::make_shared<restaurant>(changed), false, 0});
    work.tables.push_back({place_.id, changed.tables[2], true});
    changed.tables.pop_back();
    changed.tables[0].status = table_status::occupied;
    changed.tables[0].current_guest_id = next_id<guest_id>();
    changed.tables[0].version = 2;
    work.tables.push_back({place_.id, changed.tables[0], false});
    table reused = changed.tables[1];  // takes the label of the deleted one
    reused.id = next_id<table_id>();
    reused.label = place_.tables[2].label;
    work.tables.push_back({place_.id, reused, false});
    changed.tables.push_back(reused);
    work.combinations.push_back({place_.id, place_.combinations[0], true});
    changed.combinations = {{next_id<combination_id>(), "both", {reused.id, changed.tables[0].id}, 8, 6}};
    work.combinations.push_back({place_.id, changed.combinations[0], false});
    expect_committed(work);

    const restaurant_image got = load(*journal_, place_.id, 2);
    restaurant_image expected = got;
    expected.what = changed;
    EXPECT_TRUE(got == expected);
    EXPECT_EQ(got.what.profile.name, "Renamed");
    EXPECT_TRUE(got.events_since.empty());
}

TEST_F(journal_test, a_restaurant_that_is_unknown_does_not_exist) {
    EXPECT_FALSE(load(*journal_, next_id<restaurant_id>()).exists);
    sql_->exec("update restaurants set timezone = 'Mars/Olympus'");
    EXPECT_FALSE(load(*journal_, place_.id).exists);
}

TEST_F(journal_test, a_table_is_not_given_twice_at_a_time) {
    expect_committed(booking(make_reservation(place_, {place_.tables[0].id})));
    expect_conflict(booking(make_reservation(place_, {place_.tables[0].id}, 60)));
    expect_committed(booking(make_reservation(place_, {place_.tables[1].id}, 60)));
    // The first ends, its buffer included, at minute 105, where this one's buffer begins.
    expect_committed(booking(make_reservation(place_, {place_.tables[0].id}, 120)));
    EXPECT_EQ(count("select count(*) from customer_reservations"), 3);
    EXPECT_EQ(count("select count(*) from restaurant_events"), 4);
}

TEST_F(journal_test, a_move_frees_what_was_taken_even_inside_one_batch) {
    reservation a = make_reservation(place_, {place_.tables[0].id});
    reservation b = make_reservation(place_, {place_.tables[1].id});
    batch both = booking(a);
    both.reservations.push_back(b);
    expect_committed(both);
    std::swap(a.tables, b.tables);
    a.version = b.version = 2;
    batch swapped = booking(a);
    swapped.reservations.push_back(b);
    expect_committed(swapped);
    b.status = reservation_status::cancelled;
    b.version = 3;
    expect_committed(booking(b));
    expect_committed(booking(make_reservation(place_, {place_.tables[0].id})));
}

TEST_F(journal_test, an_older_version_of_a_reservation_is_refused) {
    reservation a = make_reservation(place_, {place_.tables[0].id});
    a.version = 3;
    expect_committed(booking(a));
    expect_conflict(booking(a));
    a.version = 2;
    expect_conflict(booking(a));
}

TEST_F(journal_test, a_slot_does_not_count_below_zero_nor_where_there_is_none) {
    batch publish = next_batch();
    const slot published = make_slot(1);
    publish.slots.push_back({place_.id, published});
    expect_committed(publish);
    batch take = next_batch();
    take.slot_counts.push_back({place_.id, published.id, -1});
    expect_committed(take);
    batch again = next_batch();
    again.slot_counts.push_back({place_.id, published.id, -1});
    expect_conflict(again);
    batch nowhere = next_batch();
    nowhere.slot_counts.push_back({place_.id, next_id<slot_id>(), 1});
    nowhere.slot_counts.push_back({place_.id, published.id, 1});
    expect_conflict(nowhere);
    EXPECT_EQ(count("select available_tables from availability_slots"), 0);
}

TEST_F(journal_test, bugs_that_memory_would_let_through_are_refused) {
    reservation nobody = make_reservation(place_, {});
    nobody.party_size = 0;
    expect_conflict(booking(nobody));
    reservation backwards = make_reservation(place_, {});
    backwards.ends_at = backwards.starts_at;
    expect_conflict(booking(backwards));
    expect_conflict(booking(make_reservation(place_, {next_id<table_id>()})));  // no such table
    batch occupied = next_batch();
    occupied.tables.push_back({place_.id, place_.tables[0], false});
    occupied.tables[0].what.status = table_status::occupied;  // by no one
    expect_conflict(occupied);
    batch absent = next_batch();
    absent.restaurants.push_back({std::make_shared<restaurant>(make_restaurant(0)), false, 0});
    expect_conflict(absent);
    EXPECT_EQ(count("select count(*) from customer_reservations"), 0);
}

// The database alone keeps what takes a table to tables that are there.
TEST_F(journal_test, nothing_takes_a_table_that_is_not_there) {
    expect_conflict(booking(make_reservation(place_, {next_id<table_id>()})));
    EXPECT_EQ(count("select count(*) from reservation_tables"), 0);
    expect_committed(booking(make_reservation(place_, {place_.tables[0].id})));
    const auto expect_refused = [this](const char* statement) {
        try {
            sql_->exec(statement);
            ADD_FAILURE() << statement;
        } catch (const std::exception& refused) {
            EXPECT_NE(std::string(refused.what()).find("table"), std::string::npos) << refused.what();
        }
    };
    expect_refused("update reservation_tables set table_id = gen_random_uuid()");
    expect_refused("delete from restaurant_tables");
    EXPECT_EQ(count("select count(*) from reservation_tables"), 1);
}

TEST_F(journal_test, a_taken_seq_is_a_conflict_and_nothing_of_the_batch_stays) {
    batch stale = booking(make_reservation(place_, {place_.tables[0].id}));
    stale.events[0].seq = 1;
    const slot published = make_slot(1);
    stale.slots.push_back({place_.id, published});
    stale.receipts.push_back(make_receipt("key"));
    expect_conflict(stale, conflict_kind::seq_taken);
    EXPECT_EQ(
        count("select (select count(*) from customer_reservations) + (select count(*) from "
              "reservation_tables) + "
              "(select count(*) from availability_slots) + (select count(*) from idempotency_receipts)"),
        0);
    EXPECT_EQ(load(*journal_, place_.id).last_seq, 1);
}

// A batch of two restaurants: PostgreSQL names the one that it refused.
TEST_F(journal_test, whose_rows_were_refused_is_known) {
    const restaurant other = make_restaurant(1);
    expect_committed(new_restaurant_batch(other));
    expect_committed(booking(make_reservation(place_, {place_.tables[0].id})));
    batch both = booking(make_reservation(place_, {place_.tables[1].id}));
    both.events.push_back(next_event(other.id, 1));
    batch_result got = write(*journal_, both);
    EXPECT_EQ(got.conflict, conflict_kind::seq_taken);
    EXPECT_EQ(got.refused, other.id);
    both.events[0].seq = 1;
    both.events[1].seq = 2;
    got = write(*journal_, both);
    EXPECT_EQ(got.conflict, conflict_kind::seq_taken);
    EXPECT_EQ(got.refused, place_.id);
    batch twice = booking(make_reservation(place_, {place_.tables[0].id}));
    --twice.events[0].seq;
    twice.events.push_back(next_event(other.id, 2));
    got = write(*journal_, twice);
    EXPECT_EQ(got.conflict, conflict_kind::other);
    EXPECT_EQ(got.refused, place_.id) << "by the exclusion constraint";
    both.reservations[0].party_size = 0;
    both.events[0].seq = 3;
    got = write(*journal_, both);
    EXPECT_EQ(got.outcome, batch_outcome::conflict);
    EXPECT_EQ(got.refused, std::nullopt) << "a check doesn't say";
}

TEST_F(journal_test, a_second_receipt_of_a_key_is_told_apart) {
    batch first = next_batch();
    first.receipts = {make_receipt("b"), make_receipt("a")};
    expect_committed(first);
    batch second = booking(make_reservation(place_, {}));
    second.receipts.push_back(first.receipts[0]);
    expect_conflict(second, conflict_kind::receipt_exists);
    second.events[0].seq = 1;  // even when the seq is taken as well
    ++seq_;
    expect_conflict(second, conflict_kind::receipt_exists);
}

TEST_F(journal_test, a_taken_label_is_told_apart) {
    batch work = next_batch();
    work.tables.push_back({place_.id, place_.tables[0], false});
    work.tables[0].what.id = next_id<table_id>();
    expect_conflict(work, conflict_kind::label_taken);
}

TEST_F(journal_test, a_serialisation_failure_is_tried_again) {
    sql_->exec(
        "create sequence failures; create function fail_twice() returns trigger language plpgsql as $$ begin "
        "if nextval('failures') <= 2 then raise exception 'again' using errcode = '40001'; end if; return "
        "null; end $$; "
        "create trigger fail_twice after insert on restaurant_events execute function fail_twice()");
    expect_committed(next_batch());
    sql_->exec(
        "alter sequence failures restart; create or replace function fail_twice() returns trigger "
        "language plpgsql as $$ begin raise exception 'never' using errcode = '40P01'; end $$");
    expect_conflict(next_batch());
}

TEST_F(journal_test, a_full_disk_is_unavailability) {
    sql_->exec(
        "create function fail() returns trigger language plpgsql as $$ begin "
        "raise exception 'full' using errcode = '53100'; end $$; "
        "create trigger fail after insert on restaurant_events execute function fail()");
    EXPECT_EQ(write(*journal_, next_batch()).outcome, batch_outcome::unavailable);
}

TEST_F(journal_test, without_a_database_writes_and_loads_are_unavailable) {
    writes_->close();
    loads_->close();
    EXPECT_FALSE(journal_->available());
    EXPECT_EQ(write(*journal_, next_batch()).outcome, batch_outcome::unavailable);
    EXPECT_EQ(probe(*journal_, next_event(place_.id, 2)), batch_outcome::unavailable);
    const auto got = wait_for<result<std::vector<restaurant_image>>>([&](auto done) {
        journal_->load({{place_.id, 0}}, std::move(done));
    });
    ASSERT_TRUE(got);
    EXPECT_EQ(got->error(), make_error_code(errc::database_unavailable));
}

TEST_F(journal_test, load_events_pages_both_streams) {
    for (int i = 1; i <= 3; ++i) {
        batch work = next_batch();
        if (i != 2) work.events[0].public_seq = i == 1 ? 1 : 2;
        expect_committed(work);
    }
    const auto since = [&](std::int64_t seq, bool is_public) {
        const auto got = wait_for<result<std::vector<logged_event>>>(
            [&](auto done) { journal_->load_events(place_.id, seq, is_public, std::move(done)); });
        std::vector<std::int64_t> seqs;
        for (const logged_event& event : got->value()) seqs.push_back(event.seq);
        return seqs;
    };
    EXPECT_EQ(since(1, false), (std::vector<std::int64_t>{2, 3, 4}));
    EXPECT_EQ(since(0, true), (std::vector<std::int64_t>{2, 4}));
    EXPECT_EQ(since(1, true), (std::vector<std::int64_t>{4}));
}

TEST_F(journal_test, a_change_and_what_it_frees_or_takes_are_one_row) {
    batch work = next_batch();
    logged_event& change = work.events[0];
    change.subject = next_uuid();
    change.action = "reservation.create";
    logged_event windows = change;
    windows.seq += 1;
    windows.public_seq = 1;
    windows.type = event_type::availability_updated;
    windows.subject = {};
    windows.data = R"({"date": "2026-11-20"})";
    work.events.push_back(windows);
    expect_committed(work);
    EXPECT_EQ(count("select count(*) from restaurant_events where seq = 2 and public_seq = 1"), 1);
    EXPECT_EQ(count("select count(*) from restaurant_events"), 2);

    const auto told = [](const std::vector<logged_event>& events) {
        std::vector<std::tuple<std::int64_t, std::int64_t, std::string_view, instant, uuid, uuid, std::string,
                               uuid, std::string, std::string>>
            all;
        for (const logged_event& e : events) {
            EXPECT_EQ(e.restaurant, events.front().restaurant);
            all.emplace_back(e.seq, e.public_seq, to_string(e.type), e.at, e.by.id, uuid(e.command), e.data,
                             e.subject, e.action, e.overrides);
        }
        return all;
    };
    const auto since = [&](std::int64_t seq, bool is_public) {
        return wait_for<result<std::vector<logged_event>>>(
                   [&](auto done) { journal_->load_events(place_.id, seq, is_public, std::move(done)); })
            ->value();
    };
    EXPECT_EQ(told(since(1, false)), told(work.events));
    EXPECT_EQ(told(since(2, false)), told({windows}));
    EXPECT_TRUE(since(3, false).empty());
    EXPECT_EQ(told(since(0, true)), told({windows}));
    EXPECT_TRUE(since(1, true).empty());
    const restaurant_image image = load(*journal_, place_.id, 2);
    EXPECT_EQ(image.last_seq, 3);
    EXPECT_EQ(image.last_public_seq, 1);
    EXPECT_EQ(told(image.events_since), told({windows}));

    // A writer that knows only what was before goes on from the same seq: it meets the row.
    batch late = next_batch();
    late.events[0].seq = 2;
    expect_conflict(late, conflict_kind::seq_taken);
    batch next = next_batch();
    next.events[0].seq = 4;
    expect_committed(next);
    EXPECT_EQ(since(1, false).size(), 3U);
}

TEST_F(journal_test, load_reaches_back_to_what_still_counts) {
    const auto at = [&](int days, reservation_status status) {
        reservation r = make_reservation(place_, {});
        for (instant* moment : {&r.starts_at, &r.ends_at, &r.blocks_from, &r.blocks_until}) {
            *moment = moment->plus_ms((days - 1) * ms_per_day);
        }
        r.date = today().plus_days(days);
        r.status = status;
        return r;
    };
    batch work = next_batch();
    work.reservations = {at(-1, reservation_status::completed),  at(0, reservation_status::no_show),
                         at(300, reservation_status::confirmed), at(-10, reservation_status::confirmed),
                         at(-10, reservation_status::seated),  // who sits is there, whenever it came
                         at(-5, reservation_status::completed)};
    reservation overnight = at(-3, reservation_status::seated);
    overnight.ends_at = overnight.blocks_until = overnight.starts_at.plus_minutes(12 * 60);
    work.reservations.push_back(overnight);
    expect_committed(work);
    EXPECT_EQ(load(*journal_, place_.id).reservations.size(), 5U);
}

TEST_F(journal_test, rings_the_doorbell_after_a_commit) {
    auto ringing = make_journal("one-0", true);
    auto listener = connect("listener");
    std::optional<std::string> heard;
    bool listening = false;
    listener->listen(
        pg_journal::doorbell_channel, [&](std::string_view payload) { heard = std::string(payload); },
        [&] { listening = true; });
    run_until([&] { return listening && loads_->ready(); });
    EXPECT_EQ(write(*ringing, next_batch()).outcome, batch_outcome::committed);
    run_until([&] { return heard.has_value(); });
    ASSERT_TRUE(heard);
    const doorbell bell = parse_doorbell(*heard);
    EXPECT_EQ(bell.writer, "one-0");
    EXPECT_FALSE(bell.everything);
    EXPECT_EQ(bell.restaurants, std::vector<restaurant_id>{place_.id});
}

}  // namespace

}  // namespace qtable::storage
