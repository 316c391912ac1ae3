#include "loadtest/scenario/load.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <algorithm>

#include "loadtest/failure.hpp"
#include "loadtest/scenario/socket_plans.hpp"
#include "loadtest/wire/nap.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::int64_t live_look_ns = 50 * ns_per_ms;
constexpr std::int64_t first_start_ns = 20 * ns_per_ms;  // for all threads to be there
constexpr std::int64_t farm_opening_ns = 15 * ns_per_s;
constexpr std::int64_t blip_patience_ns = 30 * ns_per_s;
constexpr double blip_after = 1.0 / 3;  // of the measured time

void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

// SIGINT and SIGTERM wait to be looked at while this lives, in all threads that are started meanwhile.
class held_signals {
  public:
    held_signals() {
        const sigset_t ending = ending_signals();
        ::pthread_sigmask(SIG_BLOCK, &ending, &before_);
    }
    ~held_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    held_signals(const held_signals&) = delete;
    held_signals& operator=(const held_signals&) = delete;

    static sigset_t ending_signals() {
        sigset_t made;
        ::sigemptyset(&made);
        ::sigaddset(&made, SIGINT);
        ::sigaddset(&made, SIGTERM);
        return made;
    }

  private:
    sigset_t before_;
};

}  // namespace

load::load(const target& to, const world& in, const run_options& options)
    : target_(to), world_(in), options_(options) {
    raise_descriptor_limit();
    driver_options how;
    how.connections = options.connections;
    how.is_closed = options.is_closed;
    how.rate = options.rate;
    how.arrivals = options.arrivals;
    how.seed = options.seed;
    how.timeout_ns = from_seconds(options.timeout_s);
    how.drain_ns = how.timeout_ns;
    const bool keeps_bodies = options.what->is_verified || options.is_verified;
    const auto make = [&](unsigned share, std::uint32_t slots) -> workload& {
        const mix_options own{options.seed, share, options.threads, slots, keeps_bodies};
        workloads_.push_back(std::make_unique<mix_workload>(in, *options.what, own));
        return *workloads_.back();
    };
    fleet_ = std::make_unique<fleet>(to, how, options.threads, make, is_stopped_);
}

void load::open_sockets() {
    auto plans = plan_sockets(world_, options_);
    if (plans.empty()) return;
    const std::size_t wanted = plans.size();
    farm_ = std::make_unique<socket_farm>(target_, std::move(plans));
    const std::size_t opened = farm_->open(now_ns() + farm_opening_ns);
    if (opened < wanted)
        notes_.push_back("only " + std::to_string(opened) + " of " + std::to_string(wanted) +
                         " sockets could be opened");
    if (opened == 0) throw usage_error("no socket could be opened at " + target_.url);
}

void load::run(live_line& live) {
    open_sockets();
    fleet_->connect();
    const held_signals held;
    window_.start_ns = now_ns() + first_start_ns;
    window_.from_ns = window_.start_ns + from_seconds(options_.warmup_s);
    window_.until_ns = window_.from_ns + from_seconds(options_.duration_s);
    is_blip_due_ = options_.what->what == drama::blip;
    if (farm_) farm_->start(window_, plan_moments(*options_.what, window_));
    fleet_->start(window_);
    watch(live);
    fleet_->join();
    if (farm_) farm_->finish();
    take_seconds(live, true);
    if (!blip_.has_started()) return;
    const auto code = blip_.result(blip_patience_ns);
    if (code != 0)
        notes_.push_back(code ? "--blip-command ended with exit code " + std::to_string(*code)
                              : std::string("--blip-command is still running"));
}

void load::watch(live_line& live) {
    while (fleet_->is_running()) {
        nap(live_look_ns);
        if (is_blip_due_) pass_blip(live);
        take_seconds(live, false);
        if (!is_stopped_ && was_interrupted()) {
            is_stopped_ = true;
            notes_.push_back("interrupted: the load ended before its time");
            live.say("ending the load (once more to end at once)");
        }
    }
}

bool load::was_interrupted() {
    const sigset_t ending = held_signals::ending_signals();
    const timespec at_once{};
    if (::sigtimedwait(&ending, nullptr, &at_once) <= 0) return false;
    // The next one isn't held any more.
    ::pthread_sigmask(SIG_UNBLOCK, &ending, nullptr);
    return true;
}

void load::pass_blip(live_line& live) {
    const double length_ns = static_cast<double>(window_.until_ns - window_.from_ns);
    if (now_ns() < window_.from_ns + static_cast<std::int64_t>(length_ns * blip_after)) return;
    is_blip_due_ = false;
    if (options_.blip_command.empty()) {
        live.say("interrupt the database now");
    } else {
        live.say("running " + options_.blip_command);
        blip_.start(options_.blip_command);
    }
}

// A second is whole when every thread has told of it; the last ones are taken as they are.
void load::take_seconds(live_line& live, bool is_last) {
    fleet_->gather(open_seconds_);
    while (!open_seconds_.empty()) {
        const interval& first = open_seconds_.begin()->second;
        if (first.tellers < fleet_->threads() && !is_last) return;
        second_report made;
        made.second = first.second;
        made.is_warmup = window_.start_ns + first.second * ns_per_s < window_.from_ns;
        made.sent = first.sent;
        made.answered = first.answered;
        made.conflicts = first.conflicts;
        made.errors = first.errors;
        made.p50_ns = first.latency.percentile(50);
        made.p99_ns = first.latency.percentile(99);
        const bool is_whole = window_.start_ns + (first.second + 1) * ns_per_s <= window_.until_ns;
        live_facts facts{&first, options_.rate, made.is_warmup, fleet_->in_flight(), fleet_->backlog()};
        if (farm_) facts.sockets = farm_->open_now;
        if (farm_) facts.events = farm_->events;
        // What is answered after the end is in the latencies, but makes no second of the load.
        if (is_whole) {
            live.show(live_text(facts));
            seconds_.push_back(made);
        }
        open_seconds_.erase(open_seconds_.begin());
    }
}

std::vector<const booking_log*> load::logs() const {
    std::vector<const booking_log*> made;
    for (const auto& each : workloads_) made.push_back(&each->bookings());
    return made;
}

blip_watch load::outage() const {
    blip_watch sum;
    for (const auto& each : workloads_) sum.merge(each->outage());
    return sum;
}

}  // namespace qtable::loadtest
