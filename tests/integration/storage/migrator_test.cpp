#include "storage/migrations/migrator.hpp"

#include <array>
#include <thread>

#include "tests/integration/storage/server.hpp"

namespace qtable::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::array<migration, 2> two{
    {{1, "tables", "c1", "CREATE TABLE a (x int); CREATE TABLE b (y int);"},
     {2, "rows", "c2", "INSERT INTO a VALUES (1); INSERT INTO a VALUES (2)"}}};

class migrator_test : public testing::database_test {
  protected:
    std::string error_of(const std::function<void()>& what) {
        try {
            what();
        } catch (const migration_error& failed) {
            return failed.what();
        }
        return "no error";
    }
    std::int64_t count(const std::string& table) {
        return control.query("SELECT count(*) FROM " + table)[0].get<std::int64_t>(0);
    }
};

TEST_F(migrator_test, applies_what_is_missing_once) {
    migrator of(control, two);
    EXPECT_EQ(of.plan().size(), 2U);
    EXPECT_FALSE(of.status()[0].applied);
    EXPECT_THAT(error_of([&] { of.verify(); }), HasSubstr("0001_tables is missing"));
    std::vector<int> told;
    EXPECT_EQ(of.up([&](const migration& m) { told.push_back(m.version); }), 2);
    EXPECT_THAT(told, ElementsAre(1, 2));
    EXPECT_EQ(of.up(), 0);
    EXPECT_TRUE(of.plan().empty());
    EXPECT_NO_THROW(of.verify());
    EXPECT_EQ(count("a"), 2);
    EXPECT_TRUE(of.status()[1].applied);
    EXPECT_THAT(of.status()[1].applied_at, HasSubstr("T"));
}

TEST_F(migrator_test, a_file_that_changed_after_it_was_applied_is_an_error) {
    migrator(control, two).up();
    auto changed = two;
    changed[0].checksum = "other";
    migrator of(control, changed);
    for (const std::string& error :
         {error_of([&] { of.up(); }), error_of([&] { of.verify(); }), error_of([&] { of.plan(); })}) {
        EXPECT_THAT(error, HasSubstr("0001_tables was changed after it was applied"));
    }
    EXPECT_TRUE(of.status()[0].changed);
}

TEST_F(migrator_test, a_failing_one_leaves_nothing_behind) {
    auto failing = two;
    failing[1].sql = "INSERT INTO a VALUES (1); INSERT INTO a VALUES ('x')";
    EXPECT_THAT(error_of([&] { migrator(control, failing).up(); }),
                HasSubstr("0002_rows failed and was rolled back"));
    EXPECT_EQ(count("a"), 0);
    EXPECT_EQ(count("schema_migrations"), 1);
    EXPECT_EQ(migrator(control, two).up(), 1);
}

TEST_F(migrator_test, a_newer_schema_is_told) {
    migrator(control, two).up();
    migrator old(control, std::span(two).first(1));
    EXPECT_THAT(error_of([&] { old.verify(); }), HasSubstr("newer than this program"));
    EXPECT_NO_THROW(old.verify(true));
    EXPECT_TRUE(old.status()[1].unknown);
}

TEST_F(migrator_test, many_nodes_at_once_apply_each_once) {
    std::vector<std::jthread> nodes;
    std::array<int, 6> applied{};
    for (int& of : applied) {
        nodes.emplace_back([&of, this] {
            blocking_connection own(conninfo);
            of = migrator(own, two).up();
        });
    }
    nodes.clear();
    int sum = 0;
    for (const int of : applied) sum += of;
    EXPECT_EQ(sum, 2);
    EXPECT_EQ(count("a"), 2);
}

TEST_F(migrator_test, the_embedded_ones_apply_to_an_empty_database) {
    migrator of(control);
    EXPECT_EQ(of.up(), static_cast<int>(embedded_migrations().size()));
    EXPECT_EQ(of.up(), 0);
    EXPECT_NO_THROW(of.verify());
}

}  // namespace
}  // namespace qtable::storage
