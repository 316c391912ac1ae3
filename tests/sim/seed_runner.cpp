#include "tests/sim/seed_runner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace qtable::sim {

namespace {

// What a child says of a seed, in one write: pipes keep those whole.
struct message {
    std::uint64_t seed = 0;
    unsigned job = 0;
    bool is_begun = false;  // else it is done
    bool has_failed = false;
    sim_counts counts;
    std::array<char, 512> failure{};
};
static_assert(std::is_trivially_copyable_v<message> && sizeof(message) <= 4096);

void say(int to, const message& what) {
    if (::write(to, &what, sizeof what) != static_cast<ssize_t>(sizeof what)) ::_exit(3);
}

[[noreturn]] void run_share(const sim_options& options, const seed_range& range, unsigned job, int to) {
    if (range.is_quiet) {
        const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        if (nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
    }
    for (std::uint64_t i = job; i < range.count; i += range.jobs) {
        message now;
        now.seed = range.first + i;
        now.job = job;
        now.is_begun = true;
        say(to, now);
        sim_options one = options;
        one.seed = now.seed;
        const sim_report report = simulation(one).run();
        now.is_begun = false;
        now.has_failed = report.failure.has_value();
        now.counts = report;
        if (report.failure) std::strncpy(now.failure.data(), report.failure->c_str(), now.failure.size() - 1);
        say(to, now);
        if (now.has_failed) break;
    }
    ::_exit(0);
}

class children {
  public:
    explicit children(unsigned jobs) : begun_(jobs, 0) {
        if (::pipe2(pipe_.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    }
    ~children() {
        for (const pid_t each : running_) ::kill(each, SIGKILL);
        for (const pid_t each : running_) ::waitpid(each, nullptr, 0);
        ::close(pipe_[0]);
        if (pipe_[1] >= 0) ::close(pipe_[1]);
    }
    children(const children&) = delete;
    children& operator=(const children&) = delete;

    void start(const sim_options& options, const seed_range& range) {
        std::fflush(nullptr);
        for (unsigned job = 0; job < range.jobs; ++job) {
            const pid_t child = ::fork();
            if (child < 0) throw std::runtime_error("no process");
            if (child == 0) run_share(options, range, job, pipe_[1]);
            running_.push_back(child);
        }
        ::close(pipe_[1]);  // so that the last child's end is the pipe's
        pipe_[1] = -1;
    }
    // False: all have ended.
    bool next(message& into) {
        ssize_t got = 0;
        while ((got = ::read(pipe_[0], &into, sizeof into)) < 0 && errno == EINTR) {
        }
        if (got != static_cast<ssize_t>(sizeof into)) return false;
        begun_[into.job] = into.is_begun ? into.seed : 0;
        return true;
    }
    // After the end: the seed that one was in when it died.
    std::uint64_t died_in() {
        std::uint64_t seed = 0;
        for (std::size_t job = 0; job < running_.size(); ++job) {
            int status = 0;
            ::waitpid(running_[job], &status, 0);
            const bool is_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
            if (!is_well && begun_[job] != 0 && (seed == 0 || begun_[job] < seed)) seed = begun_[job];
        }
        running_.clear();
        return seed;
    }

  private:
    std::array<int, 2> pipe_{};
    std::vector<pid_t> running_;
    std::vector<std::uint64_t> begun_;  // by job: the seed that it is in
};

}  // namespace

std::optional<seed_outcome> run_seeds(const sim_options& options, const seed_range& range,
                                      const std::function<void(const seed_outcome&)>& visit) {
    children all(range.jobs);
    all.start(options, range);
    message got;
    while (all.next(got)) {
        if (got.is_begun) continue;
        seed_outcome outcome;
        outcome.seed = got.seed;
        static_cast<sim_counts&>(outcome.report) = got.counts;
        if (got.has_failed) outcome.report.failure = got.failure.data();
        visit(outcome);
        if (got.has_failed) return outcome;
    }
    if (const std::uint64_t seed = all.died_in(); seed != 0) {
        seed_outcome outcome;
        outcome.seed = seed;
        outcome.report.failure = "an assertion of core failed: its process died";
        visit(outcome);
        return outcome;
    }
    return std::nullopt;
}

}  // namespace qtable::sim
