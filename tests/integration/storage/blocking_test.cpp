#include "storage/pg/blocking.hpp"

#include "tests/integration/storage/server.hpp"

namespace qtable::storage {
namespace {

using ::testing::HasSubstr;

class blocking_test : public testing::database_test {
  protected:
    std::string error_of(const std::function<void()>& what) {
        try {
            what();
        } catch (const pg_error& failed) {
            EXPECT_EQ(std::string_view(failed.what()).find('\n'), std::string_view::npos) << failed.what();
            return failed.what();
        }
        return "no error";
    }
};

TEST_F(blocking_test, statements_and_parameters) {
    const rows last =
        control.exec("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); SELECT a FROM t ORDER BY a");
    EXPECT_EQ(last.size(), 2);
    EXPECT_EQ(last[1].raw(0), "2");
    params p;
    p.add(std::int32_t{1});
    EXPECT_EQ(control.query("DELETE FROM t WHERE a = $1", p).affected(), 1);
    EXPECT_GE(control.server_version(), 150000);
}

TEST_F(blocking_test, errors_are_one_clear_line) {
    EXPECT_THAT(error_of([&] { control.exec("SELECT * FROM nowhere"); }),
                HasSubstr("relation \"nowhere\" does not exist [42P01]"));
    EXPECT_THAT(error_of([] { blocking_connection("host=/nowhere"); }), HasSubstr("can't be reached"));
    EXPECT_THAT(error_of([&] { blocking_connection(conninfo + " dbname=absent"); }),
                HasSubstr("does not exist"));
    EXPECT_THAT(error_of([&] { control.copy_in("SELECT 1", [](std::string&) { return false; }); }),
                HasSubstr("SELECT 1"));
    EXPECT_EQ(control.query("SELECT 1")[0].get<std::int32_t>(0), 1);
}

TEST_F(blocking_test, a_large_result_comes_row_by_row) {
    std::int64_t sum = 0;
    int count = 0;
    params p;
    p.add(std::int32_t{200'000});
    control.each_row("SELECT n FROM generate_series(1, $1) n", p, [&](const row& r) {
        sum += r.get<std::int32_t>(0);
        ++count;
    });
    EXPECT_EQ(count, 200'000);
    EXPECT_EQ(sum, 200'000LL * 200'001 / 2);
    EXPECT_THROW(control.each_row("SELECT 1 / (3 - n) FROM generate_series(1, 5) n", {}, [](const row&) {}),
                 pg_error);
    EXPECT_THROW(control.each_row("SELECT n FROM generate_series(1, 50000) n", {},
                                  [](const row&) { throw std::logic_error("enough"); }),
                 std::logic_error);
    EXPECT_EQ(control.query("SELECT 1")[0].get<std::int32_t>(0), 1);
}

TEST_F(blocking_test, copy_in_and_out) {
    control.exec("CREATE TABLE t (a int PRIMARY KEY, b text)");
    int chunk = 0;
    const auto copied = control.copy_in("COPY t FROM STDIN", [&](std::string& out) {
        for (int i = 0; i < 1000; ++i) out += std::to_string(chunk * 1000 + i) + "\tx\n";
        return chunk++ < 10;
    });
    EXPECT_EQ(copied, 10'000);
    std::size_t lines = 0;
    control.copy_out("COPY t TO STDOUT", [&](std::string_view) { ++lines; });
    EXPECT_EQ(lines, 10'000U);
    bool once = true;
    EXPECT_THAT(error_of([&] {
                    control.copy_in("COPY t FROM STDIN", [&](std::string& out) {
                        out = "1\tx\n";
                        return std::exchange(once, false);
                    });
                }),
                HasSubstr("[23505]"));
    EXPECT_EQ(control.query("SELECT count(*) FROM t")[0].get<std::int64_t>(0), 10'000);
}

TEST_F(blocking_test, waits_for_a_server_but_not_for_what_cannot_heal) {
    EXPECT_TRUE(wait_for_server(conninfo, 1000, {}));
    std::string reason;
    EXPECT_FALSE(wait_for_server("host=/nowhere", 150, [&](std::string_view why) { reason = why; }));
    EXPECT_THAT(reason, HasSubstr("can't be reached"));
    EXPECT_THROW(wait_for_server(conninfo + " dbname=absent", 60'000, {}), pg_error);
}

}  // namespace
}  // namespace qtable::storage
