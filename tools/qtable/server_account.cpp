#include "tools/qtable/server_account.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace qtable::tools {

namespace fs = std::filesystem;

namespace {

constexpr const char* account_name = "postgres";

// What the child needs, made before the fork: between fork and exec only async-signal-safe calls are allowed,
// as other threads of ours may have held any lock at the fork.
struct account_files {
    std::string uid_map, gid_map;
};

account_files maps_for(const server_account& account) {
    return {std::to_string(account.uid) + " 0 1\n", std::to_string(account.gid) + " 0 1\n"};
}

bool write_file(const char* path, const char* text, std::size_t size) noexcept {
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool written = write(fd, text, size) == static_cast<ssize_t>(size);
    close(fd);
    return written;
}

// In the child.
bool become(const server_account& account, const account_files& maps) noexcept {
    switch (account.how) {
        case server_account::kind::as_is:
            return true;
        case server_account::kind::user:
            return setgroups(0, nullptr) == 0 && setgid(account.gid) == 0 && setuid(account.uid) == 0;
        case server_account::kind::user_namespace:
            // The kernel takes a group map only when the process has given up setgroups.
            return unshare(CLONE_NEWUSER) == 0 && write_file("/proc/self/setgroups", "deny", 4) &&
                   write_file("/proc/self/gid_map", maps.gid_map.data(), maps.gid_map.size()) &&
                   write_file("/proc/self/uid_map", maps.uid_map.data(), maps.uid_map.size());
    }
    return false;
}

// Tries in a child whether the account can be taken, and then reach the folder.
bool can_use(const server_account& account, const fs::path& folder) {
    const account_files maps = maps_for(account);
    const pid_t child = fork();
    if (child == 0) _exit(become(account, maps) && access(folder.c_str(), X_OK) == 0 ? 0 : 1);
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::optional<uid_t> owner_of(const fs::path& path) {
    struct stat found {};
    if (stat(path.c_str(), &found) != 0) return std::nullopt;
    return found.st_uid;
}

}  // namespace

uid_t server_account::owner_uid() const noexcept {
    return how == kind::user ? uid : geteuid();
}

gid_t server_account::owner_gid() const noexcept {
    return how == kind::user ? gid : getegid();
}

server_account choose_account(const fs::path& folder) {
    if (geteuid() != 0) return {};
    const passwd* found = getpwnam(account_name);
    if (found == nullptr) {
        throw std::runtime_error(
            "there is no user `postgres` to run the database as; install it: apt-get install postgresql-15");
    }
    const server_account user{server_account::kind::user, found->pw_uid, found->pw_gid};
    const server_account names{server_account::kind::user_namespace, found->pw_uid, found->pw_gid};
    const auto data_owner = owner_of(folder / "data");
    const fs::path above = folder.parent_path();
    if (data_owner && *data_owner != 0 && *data_owner != user.uid) {
        throw std::runtime_error((folder / "data").string() + " belongs to user " +
                                 std::to_string(*data_owner) +
                                 ": run as that user, or give it back: chown -R postgres " + folder.string());
    }
    if ((!data_owner || *data_owner == user.uid) && can_use(user, above)) return user;
    if (data_owner && *data_owner == user.uid) {
        throw std::runtime_error("user `postgres` owns " + folder.string() +
                                 " but can't reach it: move it, or chown -R root " + folder.string());
    }
    if (can_use(names, above)) return names;
    throw std::runtime_error(
        "user `postgres` can't reach " + above.string() +
        " and this machine has no user namespaces: choose another directory, for example "
        "--data-dir /var/lib/qtable");
}

pid_t spawn(const server_account& account, const std::vector<std::string>& command, const fs::path& log) {
    const account_files maps = maps_for(account);
    std::vector<char*> arguments;
    for (const std::string& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
    arguments.push_back(nullptr);
    const int log_fd = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    const int input_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const pid_t parent = getpid();
    const pid_t child = log_fd < 0 || input_fd < 0 ? -1 : fork();
    if (child == 0) {
        setsid();  // Ctrl-C at our terminal is for us alone: the server goes last
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
        for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD}) signal(number, SIG_DFL);
        dup2(input_fd, STDIN_FILENO);
        dup2(log_fd, STDOUT_FILENO);
        dup2(log_fd, STDERR_FILENO);
        if (!become(account, maps)) _exit(126);
        // After the change of user, which would clear it. SIGINT is PostgreSQL's fast shutdown.
        if (prctl(PR_SET_PDEATHSIG, SIGINT) != 0 || getppid() != parent) _exit(126);
        execv(arguments[0], arguments.data());
        _exit(127);
    }
    const int failed = errno;
    if (log_fd >= 0) close(log_fd);
    if (input_fd >= 0) close(input_fd);
    if (child < 0) throw std::runtime_error("can't start " + command.front() + ": " + std::strerror(failed));
    return child;
}

}  // namespace qtable::tools
