// A database that has grown with the program is the same as a fresh one, and keeps what was in it.
#include "storage/migrations/migrator.hpp"
#include "tests/integration/store/store_test.hpp"

namespace qtable::storage {

namespace {

// Every column, constraint and index of our tables, one a line.
constexpr const char* shape_sql =
    "select line from ("
    "select format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) "
    "from information_schema.columns where table_schema = 'public' "
    "union all select format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) "
    "from pg_constraint where connamespace = 'public'::regnamespace "
    "union all select indexdef from pg_indexes where schemaname = 'public') as of(line) order by line";

class schema_test : public testing::Test {
  protected:
    static blocking_connection make_database(const std::string& name) {
        blocking_connection(conninfo_of("postgres")).exec("create database " + name);
        return blocking_connection(conninfo_of(name));
    }
    static std::vector<std::string> shape_of(blocking_connection& database) {
        std::vector<std::string> lines;
        for (const row r : database.query(shape_sql)) lines.push_back(r.get<std::string>(0));
        return lines;
    }
};

TEST_F(schema_test, an_upgraded_schema_is_a_fresh_one_and_keeps_its_rows) {
    blocking_connection fresh = make_database("schema_fresh");
    migrator(fresh).up();
    blocking_connection grown = make_database("schema_grown");
    migrator(grown, embedded_migrations().first(1)).up();
    grown.exec(
        "insert into restaurants (id, name, is_public, description, cuisine_type, price_range, phone, "
        "website, "
        "address, timezone, hours_monday, hours_tuesday, hours_wednesday, hours_thursday, hours_friday, "
        "hours_saturday, hours_sunday, slot_interval_min, turn_up_to_party, turn_min, buffer_before_min, "
        "buffer_after_min, min_notice_min, window_days, min_party, max_party, oversize_cap, pacing_parties, "
        "pacing_covers, cancellation_cutoff_min, log_epoch, created_at, updated_at, version) "
        "values ('00000000-0000-7000-8000-000000000001', 'Old', true, '', '', 0, '', '', '', 'UTC', '', '', "
        "'', '', '', '', '', 30, '{2}', '{90}', 0, 0, 0, 90, 1, 20, 0, 0, 0, 0, 1, now(), now(), 1); "
        "insert into table_combinations select id, id, 'both', 4, 1 from restaurants; "
        "insert into guests (restaurant_id, id, name, party_size, source, status, created_at, updated_at) "
        "select id, id, 'Ada', 2, 'walk_in', 'seated', now(), now() from restaurants; "
        "insert into restaurant_events select id, 1, 0, 'settings_changed', now(), 'system', id, id, '{}' "
        "from restaurants");
    EXPECT_EQ(migrator(grown).up(), static_cast<int>(embedded_migrations().size()) - 1);
    EXPECT_NO_THROW(migrator(grown).verify());
    EXPECT_EQ(shape_of(fresh), shape_of(grown));
    EXPECT_GT(shape_of(grown).size(), 200U);
    const rows kept = grown.query(
        "select no_show_grace_min, house_pacing_covers, c.version, g.blocks_from, e.action, e.subject_id "
        "from restaurants r, table_combinations c, guests g, restaurant_events e");
    ASSERT_EQ(kept.size(), 1);
    EXPECT_EQ(kept[0].get<std::int32_t>(0), 15);
    EXPECT_EQ(kept[0].get<std::int32_t>(1), 0);
    EXPECT_EQ(kept[0].get<std::int64_t>(2), 1);
    EXPECT_TRUE(kept[0].is_null(3));
    EXPECT_EQ(kept[0].get<std::string>(4), "");
    EXPECT_TRUE(kept[0].is_null(5));
}

}  // namespace

}  // namespace qtable::storage
