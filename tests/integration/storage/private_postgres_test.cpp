#include "tools/qtable/private_postgres.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

#include "tests/integration/storage/server.hpp"

namespace qtable::tools {
namespace {

namespace fs = std::filesystem;
using storage::blocking_connection;
using storage::testing::other_process;
using storage::testing::temporary_directory;
using ::testing::HasSubstr;
using ::testing::Not;

std::int64_t notes_in(const std::string& conninfo) {
    blocking_connection database(conninfo);
    database.exec(
        "CREATE TABLE IF NOT EXISTS note (at timestamptz DEFAULT now()); INSERT INTO note DEFAULT VALUES");
    return database.query("SELECT count(*) FROM note")[0].get<std::int64_t>(0);
}

pid_t pid_of_postmaster(const fs::path& data_dir) {
    pid_t pid = 0;
    std::ifstream(data_dir / "postgres/data/postmaster.pid") >> pid;
    return pid;
}

bool lives(pid_t pid) {
    return kill(pid, 0) == 0;
}

std::string error_of(const std::function<void()>& what) {
    try {
        what();
    } catch (const std::exception& failed) {
        return failed.what();
    }
    return "no error";
}

// One cluster for the tests of one life after another.
class private_postgres_test : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { directory_ = std::make_unique<temporary_directory>(); }
    static void TearDownTestSuite() { directory_.reset(); }
    static const fs::path& dir() { return directory_->path(); }

  private:
    static inline std::unique_ptr<temporary_directory> directory_;
};

TEST_F(private_postgres_test, starts_stops_and_keeps_what_it_has) {
    std::int64_t before = 0;
    {
        private_postgres first({dir(), false, {}});
        first.start();
        EXPECT_TRUE(first.started_here());
        before = notes_in(first.conninfo());
        blocking_connection database(first.conninfo());
        EXPECT_EQ(database.exec("SHOW listen_addresses")[0].raw(0), "");
        EXPECT_EQ(database.exec("SHOW server_encoding")[0].raw(0), "UTF8");
        struct stat run {};
        ASSERT_EQ(stat((dir() / "postgres/run").c_str(), &run), 0);
        EXPECT_EQ(run.st_mode & 0777U, 0700U);
    }
    EXPECT_FALSE(fs::exists(dir() / "postgres/data/postmaster.pid"));
    private_postgres second({dir(), true, {{"work_mem", "7MB"}}});
    second.start();
    EXPECT_EQ(notes_in(second.conninfo()), before + 1);
    EXPECT_EQ(blocking_connection(second.conninfo()).exec("SHOW work_mem")[0].raw(0), "7MB");
    EXPECT_EQ(blocking_connection(second.conninfo()).exec("SHOW fsync")[0].raw(0), "on");
    EXPECT_EQ(blocking_connection(second.conninfo()).exec("SHOW synchronous_commit")[0].raw(0), "on");
}

TEST_F(private_postgres_test, dies_with_a_killed_parent_and_starts_again) {
    other_process other(dir());
    private_postgres tool({dir(), false, {}});
    tool.attach_or_start();
    EXPECT_FALSE(tool.started_here());
    const auto before = notes_in(tool.conninfo());
    const pid_t former = pid_of_postmaster(dir());
    other.kill_9();
    const auto begun = std::chrono::steady_clock::now();
    const data_dir_lock lock(dir());
    private_postgres next({dir(), false, {}});
    next.start();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
    EXPECT_NE(pid_of_postmaster(dir()), former);
    EXPECT_EQ(notes_in(next.conninfo()), before + 1);
}

TEST_F(private_postgres_test, a_tool_uses_the_running_server_and_leaves_it_running) {
    const other_process other(dir());
    const pid_t running = pid_of_postmaster(dir());
    {
        private_postgres tool({dir(), false, {}});
        tool.attach_or_start();
        EXPECT_FALSE(tool.started_here());
        notes_in(tool.conninfo());
    }
    EXPECT_EQ(pid_of_postmaster(dir()), running);
    EXPECT_TRUE(lives(running));
    EXPECT_THAT(error_of([] { data_dir_lock second(dir()); }), HasSubstr("is in use by process "));
}

TEST_F(private_postgres_test, a_tool_starts_and_stops_it_when_none_runs) {
    {
        private_postgres tool({dir(), false, {}});
        tool.attach_or_start();
        EXPECT_TRUE(tool.started_here());
        EXPECT_THAT(error_of([] { data_dir_lock second(dir()); }), HasSubstr("is in use by process "));
    }
    EXPECT_FALSE(fs::exists(dir() / "postgres/data/postmaster.pid"));
    EXPECT_NO_THROW(data_dir_lock{dir()});
}

TEST_F(private_postgres_test, takes_over_from_a_server_that_nobody_stopped) {
    private_postgres lost({dir(), false, {}});
    lost.start();
    const auto before = notes_in(lost.conninfo());
    const pid_t former = pid_of_postmaster(dir());
    private_postgres next({dir(), false, {}});
    next.start();
    EXPECT_NE(pid_of_postmaster(dir()), former);
    EXPECT_EQ(notes_in(next.conninfo()), before + 1);
}

TEST_F(private_postgres_test, recovers_when_the_server_itself_was_killed) {
    std::int64_t before = 0;
    {
        private_postgres first({dir(), false, {}});
        first.start();
        before = notes_in(first.conninfo());
        kill(pid_of_postmaster(dir()), SIGKILL);
    }
    EXPECT_TRUE(fs::exists(dir() / "postgres/data/postmaster.pid"));
    private_postgres next({dir(), false, {}});
    next.start();
    EXPECT_EQ(notes_in(next.conninfo()), before + 1);
}

// As after the restart of a container: the process number in the stale lock file is another program's now.
TEST_F(private_postgres_test, a_stale_lock_file_with_a_reused_process_number_is_no_obstacle) {
    {
        private_postgres first({dir(), false, {}});
        first.start();
        kill(pid_of_postmaster(dir()), SIGKILL);
    }
    const fs::path file = dir() / "postgres/data/postmaster.pid";
    std::ifstream in(file);
    std::string line, rest;
    std::getline(in, line);
    std::getline(in, rest, '\0');
    in.close();
    std::ofstream(file) << getppid() << '\n' << rest;
    std::ofstream(dir() / "postgres/run/.s.PGSQL.5432.lock") << getppid() << '\n' << rest;
    private_postgres next({dir(), false, {}});
    next.start();
    notes_in(next.conninfo());
}

TEST_F(private_postgres_test, a_server_that_refuses_says_why) {
    private_postgres wrong({dir(), false, {{"shared_buffers", "nonsense"}}});
    const std::string why = error_of([&] { wrong.start(); });
    EXPECT_THAT(why, HasSubstr("shared_buffers"));
    EXPECT_THAT(why, Not(HasSubstr("\n")));
    EXPECT_FALSE(wrong.started_here());
}

TEST(private_postgres_places, a_path_too_long_for_a_socket) {
    const temporary_directory directory;
    const fs::path deep = directory.path() / std::string(90, 'd') / "data";
    fs::path socket_dir;
    {
        private_postgres far({deep, false, {}});
        far.attach_or_start();
        notes_in(far.conninfo());
        std::ifstream(deep / "postgres/socket_dir") >> socket_dir;
        EXPECT_THAT(socket_dir.string(), ::testing::StartsWith("/tmp/qtable-"));
        EXPECT_TRUE(fs::exists(socket_dir));
    }
    EXPECT_FALSE(fs::exists(socket_dir));
}

TEST(private_postgres_places, a_directory_that_only_root_reaches) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    const temporary_directory directory(false);
    std::int64_t before = 0;
    {
        private_postgres hidden({directory.path() / "it's data", false, {}});
        hidden.start();
        before = notes_in(hidden.conninfo());
        struct stat data {};
        ASSERT_EQ(stat((directory.path() / "it's data/postgres/data").c_str(), &data), 0);
        EXPECT_EQ(data.st_uid, 0U);
        std::string command;
        std::ifstream(
            ("/proc/" + std::to_string(pid_of_postmaster(directory.path() / "it's data")) + "/cmdline")) >>
            command;
        EXPECT_THAT(command, HasSubstr("postgres"));
    }
    private_postgres again({directory.path() / "it's data", false, {}});
    again.start();
    EXPECT_EQ(notes_in(again.conninfo()), before + 1);
}

TEST(private_postgres_places, a_directory_that_cannot_be_made) {
    EXPECT_THAT(error_of([] {
                    private_postgres({"/proc/nowhere", true, {}}).start();
                }),
                HasSubstr("/proc/nowhere"));
    EXPECT_THAT(error_of([] { data_dir_lock{"/proc/nowhere"}; }), HasSubstr("/proc/nowhere"));
}

}  // namespace
}  // namespace qtable::tools
