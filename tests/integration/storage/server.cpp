#include "tests/integration/storage/server.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace qtable::storage::testing {

namespace fs = std::filesystem;

temporary_directory::temporary_directory(bool open, const fs::path& below) {
    std::string pattern = (below / "qtable-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    chmod(path_.c_str(), open ? 0755 : 0700);
}

temporary_directory::~temporary_directory() {
    std::error_code failed;
    fs::remove_all(path_, failed);
}

namespace {

struct shared_server {
    temporary_directory directory;
    tools::private_postgres postgres{{directory.path(), false, {}}};
    shared_server() { postgres.start(); }
};

}  // namespace

tools::private_postgres& server() {
    static shared_server only;
    return only.postgres;
}

other_process::other_process(const fs::path& data_dir) {
    int ready[2];
    if (pipe(ready) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
        dup2(ready[1], STDOUT_FILENO);
        execl("/proc/self/exe", "integration_storage", "--hold", data_dir.c_str(), nullptr);
        _exit(127);
    }
    close(ready[1]);
    char told = 0;
    if (read(ready[0], &told, 1) != 1) ADD_FAILURE() << "the other process didn't start";
    close(ready[0]);
}

other_process::~other_process() {
    kill_9();
}

void other_process::kill_9() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

void hold(const fs::path& data_dir) {
    const tools::data_dir_lock lock(data_dir);
    tools::private_postgres postgres({data_dir, false, {}});
    postgres.start();
    if (write(STDOUT_FILENO, "+", 1) != 1) std::abort();
    while (true) pause();
}

database_test::database_test() : conninfo(create()), control(conninfo) {}

std::string database_test::create() {
    static int number = 0;
    const std::string name = "test_" + std::to_string(++number);
    blocking_connection(server().conninfo()).exec("CREATE DATABASE " + name + " TEMPLATE template0");
    return server().conninfo() + " dbname=" + name;
}

bool database_test::run_until(const std::function<bool()>& done, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    io.restart();
    while (!done()) {
        if (std::chrono::steady_clock::now() >= end) return false;
        io.run_one_for(std::chrono::milliseconds(20));
        if (io.stopped()) io.restart();
    }
    return true;
}

std::unique_ptr<pg_connection> database_test::connect(pg_options options) {
    auto made = std::make_unique<pg_connection>(io, connect_target::resolve(conninfo), options);
    made->start();
    EXPECT_TRUE(run_until([&] { return made->ready(); }));
    return made;
}

unit_result database_test::run(pg_connection& connection, unit work) {
    std::optional<unit_result> answer;
    connection.submit(std::move(work), [&](unit_result result) { answer = std::move(result); });
    EXPECT_TRUE(run_until([&] { return answer.has_value(); }, std::chrono::seconds(60)));
    return answer ? std::move(*answer) : unit_result{};
}

unit database_test::one(const statement& what, params with, std::int64_t timeout_ms) {
    unit made;
    made.add(what, std::move(with)).timeout_ms = timeout_ms;
    return made;
}

}  // namespace qtable::storage::testing

int main(int count, char** arguments) {
    if (count == 3 && std::string_view(arguments[1]) == "--hold") {
        try {
            qtable::storage::testing::hold(arguments[2]);
        } catch (const std::exception& failed) {
            std::fprintf(stderr, "%s\n", failed.what());
            return 1;
        }
    }
    ::testing::InitGoogleMock(&count, arguments);
    return RUN_ALL_TESTS();
}
