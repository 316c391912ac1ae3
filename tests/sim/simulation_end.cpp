// When nothing breaks any more: everything comes to its end, and whoever asks again gets what they ask for.
#include <algorithm>
#include <utility>

#include "core/base/limits.hpp"
#include "tests/sim/simulation.hpp"

namespace qtable::sim {

namespace {

constexpr int events_enough = 1'000'000;
// What a request may take when nothing is wrong: its hops and a commit or two, with a queue before it.
constexpr std::int64_t answered_within_ms = 2'000;
// Heartbeats, and a sweep of all in portions.
constexpr int found_within_s = 10;

}  // namespace

void simulation::run_out() {
    int left = events_enough;
    while (left > 0 && time_.run_next()) --left;
    seen_.expect(left > 0, "it doesn't come to rest");
    check_all();
}

void simulation::finish() {
    tell_([] { return std::string("nothing breaks any more"); });
    faults_ = {};
    wake_and_start_all();
    come_to_rest();
    let_holds_expire();
    if (!has_nodes()) {
        check_equal(true);
        // Sessions that outlived their connection may have written last; nobody rang for them.
        for (const restaurant_id& id : places_) processes_[0]->owner(id).reload(std::span(&id, 1));
        run_out();
    }
    follow();
    check_equal(false);
    seen_.check_all_answered();
    for_each_process([this](const process& each) {
        seen_.expect(each.is_idle(), "an engine is not idle");
        seen_.expect(each.waiting() == 0, "a client still waits");
    });
    if (seen_.failure) return;
    ask_again_what_is_open();
    for (std::uint32_t node = 0; node < processes_.size(); ++node) ask_everyone_for_more(node);
    follow();
    check_equal(false);
    read_all_sockets();
    seen_.check_all_answered();
}

void simulation::wake_and_start_all() {
    for_each_process([](process& each) { each.wake(); });
    run_out();  // who is down starts then, and who drains
    for (std::uint32_t node = 0; node < processes_.size(); ++node) {
        if (!processes_[node]) start(node);
    }
}

void simulation::come_to_rest() {
    run_out();
    for_each_process([](process& each) { each.database_is_back(); });
    run_out();
}

void simulation::follow() {
    if (!has_nodes()) return;
    for (int seconds = 0; seconds < found_within_s; ++seconds) {
        time_.pass(ms_per_second);
        second();
        run_out();
    }
}

// What was held is free again, or booked.
void simulation::let_holds_expire() {
    for (int times = 0; times < 3; ++times) {
        time_.pass(times == 0 ? limits::hold_ms : 2 * ms_per_second);
        second();
        run_out();
    }
    for_each_process([this](const process& each) {
        each.for_each_engine([this](const engine& owner) {
            owner.for_each([this](const owned_restaurant& owned) {
                seen_.expect(owned.holds.empty() && owned.committed_holds.empty(),
                             "a hold that never expires");
            });
        });
    });
}

void simulation::check_equal(bool but_unannounced) {
    for (std::uint32_t node = 0; node < processes_.size(); ++node) {
        processes_[node]->for_each_engine([&](const engine& owner) {
            owner.for_each([&](const owned_restaurant& owned) {
                if (!but_unannounced || !server_.unannounced.contains(owned.id))
                    seen_.check_equal(node, owned);
            });
        });
        for (const auto& [id, stored] : tables_.restaurants())
            seen_.expect(processes_[node]->owner(id).find(id) != nullptr,
                         node_name(node) + " doesn't know " + short_name(id));
    }
}

// Who has a key and no certain answer sends the request again: this time they are told for sure.
void simulation::ask_again_what_is_open() {
    const std::uint64_t asked = seen_.asked_count();
    constexpr int most = 40;
    int left = most;
    for (std::uint64_t ticket = asked; ticket > 0 && left > 0; --ticket) {
        const witness::asked_command& before = seen_.asked(ticket);
        const bool is_open = before.is_lost || (before.answer && before.answer->is_uncertain);
        if (!is_open || !before.what.receipt) continue;
        --left;
        auto again = crowd_.repeat(ticket);
        const std::uint64_t now = seen_.asked_count() + 1;
        ask(*any_running(), std::move(*again));
        run_out();
        const witness::asked_command& after = seen_.asked(now);
        seen_.expect(
            after.answer && !after.answer->is_uncertain && after.answer->code != errc::database_unavailable,
            "asked again, and still not told: request " + std::to_string(ticket));
    }
}

// Every restaurant takes a change, soon, wherever it is asked for.
void simulation::ask_everyone_for_more(std::uint32_t node) {
    for (const restaurant_id& id : places_) {
        if (tables_.restaurants().contains(id)) ask_for_more(node, id);
    }
}

void simulation::ask_for_more(std::uint32_t node, const restaurant_id& id) {
    const instant before = time_.now();
    command_envelope what;
    what.id = crowd_.new_id<command_id>();
    what.restaurant = id;
    what.body = crowd_.any_slots();
    const std::uint64_t ticket = seen_.asked_count() + 1;
    ask(node, std::move(what));
    run_out();
    const auto& answer = seen_.asked(ticket).answer;
    seen_.expect(answer && answer->ok(), short_name(id) + " takes no change any more");
    seen_.expect(time_.now() <= before.plus_ms(answered_within_ms), short_name(id) + " takes too long");
}

void simulation::read_all_sockets() {
    for (int rounds = 0; rounds < 4; ++rounds) {
        const bool is_done = sockets_.read_all();
        run_out();
        if (is_done) break;
    }
    sockets_.read_all();
    sockets_.check_all_known();
}

void simulation::collect(sim_report& into) const {
    into.failure = seen_.failure;
    into.hash = seen_.hash();
    into.requests = seen_.asked_count();
    into.accepted = seen_.accepted;
    into.refused = seen_.refused;
    into.uncertain = seen_.uncertain;
    into.replayed = seen_.replayed;
    into.lost = seen_.lost;
    into.events = seen_.events;
    into.resyncs = seen_.resyncs;
    into.seated = seen_.seatings;
    into.holds = seen_.holds_made;
    into.late = seen_.flagged;
    into.crashes = crashes_;
    into.drains = drains_;
    into.strangers = strangers_;
    into.days = days_;
    into.restarts = server_.restarts;
    into.serialization_failures = server_.serialization_failures;
    into.exclusion_violations = server_.exclusion_violations;
    into.refusals = server_.refusals;
    into.duplicates = server_.duplicates;
    into.ghosts = server_.ghosts;
    into.frames = sockets_.frames;
    into.resumed = sockets_.resumed;
    into.cut_off = sockets_.cut_off;
    into.batches = before_.batches;
    into.conflicts = before_.conflicts;
    into.unknown_outcomes = before_.unknown_outcomes;
    into.reloads = before_.reloads;
    for_each_process([&into](const process& each) {
        each.for_each_engine([&into](const engine& owner) {
            const engine::counters& counts = owner.counts();
            into.batches += counts.batches;
            into.conflicts += counts.conflicts;
            into.unknown_outcomes += counts.unknown_outcomes;
            into.reloads += counts.reloads;
        });
    });
    into.nodes = processes_.size();
    into.bells = server_.bells;
    into.bells_lost = server_.bells_lost;
    into.swept_up = server_.swept_up;
    into.taken_seqs = server_.taken_seqs;
    into.freezes = freezes_;
    into.ahead = sockets_.ahead;
    into.moved = sockets_.moved;
}

}  // namespace qtable::sim
