// What the command-line tools write: once, however often they run.
#include "storage/store/bulk_writer.hpp"

#include "tests/integration/store/store_test.hpp"

namespace qtable::storage {

namespace {

class bulk_writer_test : public store_test {
  protected:
    bulk_writer_test()
        : writer_(*sql_,
                  {[] { return next_uuid(); }, [] { return noon; },
                   [](const restaurant& what) { return "{\"name\":\"" + what.profile.name + "\"}"; }}) {}

    std::vector<bulk_restaurant> make_city(int restaurants) {
        const staff_id owner = writer_.ensure_staff("owner@example.org", "The Owner");
        std::vector<bulk_restaurant> out;
        for (int i = 0; i < restaurants; ++i) {
            bulk_restaurant one{"osm:node/" + std::to_string(i), {}, owner, 42};
            one.what = make_restaurant(2);
            one.what.profile.name = "Place " + std::to_string(i);
            one.what.paused_until.reset();
            out.push_back(one);
        }
        return out;
    }
    void expect_counts(const bulk_counts& got, std::int64_t inserted, std::int64_t updated,
                       std::int64_t unchanged) {
        EXPECT_EQ(got.inserted, inserted);
        EXPECT_EQ(got.updated, updated);
        EXPECT_EQ(got.unchanged, unchanged);
    }

    bulk_writer writer_;
};

TEST_F(bulk_writer_test, people_are_found_or_made) {
    const staff_id grace = writer_.ensure_staff("Grace@example.org", "Grace Hopper");
    EXPECT_EQ(writer_.ensure_staff("grace@EXAMPLE.org", "Someone"), grace);
    const customer_id ada = writer_.ensure_customer("ada@example.org");
    EXPECT_EQ(writer_.ensure_customer("ADA@example.org"), ada);
    EXPECT_EQ(count("select count(*) from staff"), 1);
    EXPECT_EQ(count("select count(*) from customers where email_verified and password_hash = ''"), 1);
}

TEST_F(bulk_writer_test, a_second_import_changes_nothing) {
    const auto city = make_city(230);
    std::vector<std::int64_t> steps;
    const bulk_counts first = writer_.upsert_restaurants(
        city, [&](const bulk_counts& so_far) { steps.push_back(so_far.inserted); });
    expect_counts(first, 230, 0, 0);
    EXPECT_EQ(steps, (std::vector<std::int64_t>{100, 200, 230}));
    expect_counts(writer_.upsert_restaurants(city), 0, 0, 230);
    EXPECT_EQ(count("select count(*) from restaurants"), 230);
    EXPECT_EQ(count("select count(*) from restaurant_tables"), 460);
    EXPECT_EQ(count("select count(*) from restaurant_staff where role = 'owner'"), 230);
    EXPECT_EQ(count("select count(*) from restaurant_events where seq = 1 and type = 'settings_changed'"),
              230);
}

TEST_F(bulk_writer_test, an_import_reads_back_as_it_was) {
    auto city = make_city(1);
    writer_.upsert_restaurants(city);
    auto journal = make_journal("one-0");
    const restaurant_image got = load(*journal, city[0].what.id);
    restaurant_image expected = got;
    expected.what = city[0].what;
    expected.what.staff = {{city[0].owner, staff_role::owner}};
    EXPECT_TRUE(got == expected);
    EXPECT_EQ(got.log_epoch, 42U);
    EXPECT_EQ(got.last_seq, 1);
    EXPECT_EQ(got.events_since[0].data, "{\"name\":\"Place 0\"}");
}

TEST_F(bulk_writer_test, a_changed_profile_is_a_new_version_and_a_log_row) {
    auto city = make_city(3);
    writer_.upsert_restaurants(city);
    sql_->exec("update restaurants set is_public = false, window_days = 7 where name = 'Place 1'");
    sql_->exec("update restaurants set deleted_at = now() where name = 'Place 2'");
    sql_->exec("update restaurant_tables set capacity = 9");
    const restaurant_id first_id = city[1].what.id;
    for (bulk_restaurant& one : city) {
        one.what.id = next_id<restaurant_id>();  // an importer makes new ids each time
        for (table& any : one.what.tables) any.id = next_id<table_id>();
        one.what.combinations.clear();
    }
    city[1].what.profile.phone = "+45 98";
    city[1].what.profile.hours.days[2] = {{600, 700}};
    city[2].what.profile.phone = "+45 98";
    expect_counts(writer_.upsert_restaurants(city), 0, 1, 2);
    auto journal = make_journal("one-0");
    const restaurant_image got = load(*journal, first_id, 1);
    EXPECT_EQ(got.what.version, 2);
    EXPECT_EQ(got.what.profile.phone, "+45 98");
    EXPECT_EQ(got.what.profile.hours.days[2], city[1].what.profile.hours.days[2]);
    EXPECT_FALSE(got.what.profile.is_public);
    EXPECT_EQ(got.what.rules.window_days, 7);
    EXPECT_EQ(got.what.tables.size(), 2U);
    EXPECT_EQ(got.what.tables[0].capacity, 9);
    ASSERT_EQ(got.events_since.size(), 1U);
    EXPECT_EQ(got.events_since[0].seq, 2);
}

TEST_F(bulk_writer_test, a_place_without_tables_gets_them_later) {
    auto city = make_city(1);
    const restaurant whole = city[0].what;
    city[0].what.tables.clear();
    city[0].what.combinations.clear();
    writer_.upsert_restaurants(city);
    city[0].what = whole;
    expect_counts(writer_.upsert_restaurants(city), 0, 1, 0);
    EXPECT_EQ(count("select count(*) from restaurant_tables"), 2);
    EXPECT_EQ(count("select count(*) from table_combination_members"), 2);
}

TEST_F(bulk_writer_test, a_source_that_names_a_place_twice_makes_one) {
    auto city = make_city(2);
    city[1].source_ref = city[0].source_ref;
    expect_counts(writer_.upsert_restaurants(city), 1, 0, 1);
}

TEST_F(bulk_writer_test, running_servers_hear_of_every_change) {
    const auto city = make_city(250);
    std::vector<restaurant_id> heard;
    std::size_t payloads = 0;
    bool listening = false;
    loads_->listen(
        bulk_writer::restaurants_channel,
        [&](std::string_view payload) {
            ++payloads;
            for (const restaurant_id& id : parse_changed_restaurants(payload)) heard.push_back(id);
        },
        [&] { listening = true; });
    run_until([&] { return listening; });
    writer_.upsert_restaurants(city);
    run_until([&] { return heard.size() >= city.size(); });
    ASSERT_EQ(heard.size(), city.size());
    EXPECT_EQ(payloads, 2U);
    for (std::size_t i = 0; i < city.size(); ++i) EXPECT_EQ(heard[i], city[i].what.id);
}

}  // namespace

}  // namespace qtable::storage
