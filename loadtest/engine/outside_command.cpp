#include "loadtest/engine/outside_command.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "loadtest/failure.hpp"
#include "loadtest/measure/clock.hpp"
#include "loadtest/wire/nap.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::int64_t look_ns = 20 * ns_per_ms;

}  // namespace

void outside_command::start(const std::string& line) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    // The signals that this process waits for are none of its business.
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    std::string shell = "/bin/sh", option = "-c", command = line;
    std::array<char*, 4> words = {shell.data(), option.data(), command.data(), nullptr};
    const int error = ::posix_spawn(&pid_, shell.c_str(), &actions, &attributes, words.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error == 0) return;
    pid_ = 0;
    throw usage_error(std::string("--blip-command: ") + std::strerror(error));
}

std::optional<int> outside_command::result(std::int64_t wait_ns) {
    const std::int64_t until_ns = now_ns() + wait_ns;
    while (pid_ > 0 && !code_) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        } else if (now_ns() >= until_ns) {
            break;
        } else {
            nap(look_ns);
        }
    }
    return code_;
}

}  // namespace qtable::loadtest
