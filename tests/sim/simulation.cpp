#include "tests/sim/simulation.hpp"

#include <algorithm>
#include <utility>

namespace qtable::sim {

namespace {

// Drawn apart, so that what else a seed means doesn't change.
std::uint32_t draw_nodes(const sim_options& options) {
    constexpr int share = 250;  // per mille of the runs
    if (options.nodes != 0) return options.nodes;
    return random_source(options.seed * 0x2545f4914f6cdd1dULL).chance(share) ? 2 : 1;
}

}  // namespace

simulation::simulation(const sim_options& options)
    : options_(options),
      chance_(options.seed),
      time_(parse_rfc3339("2026-11-20T16:40:00Z").value()),
      tell_(time_, options.trace),
      faults_(draw_faults(chance_)),
      seen_(tables_, time_),
      server_{time_, chance_, tables_, faults_, seen_, tell_, options.bug},
      crowd_(chance_, time_, tables_, seen_),
      sockets_(server_, {[this] { return any_running(); },
                         [this](std::uint32_t node) -> process_turns& { return processes_[node]->turns(); },
                         [this](std::uint32_t node, const restaurant_id& id) -> engine& {
                             return processes_[node]->owner(id);
                         },
                         [this](std::uint32_t node, const restaurant_id& id) -> model_journal& {
                             return processes_[node]->log(id);
                         }}),
      processes_(draw_nodes(options)) {
    if (has_nodes()) draw_node_faults(faults_, chance_);
    tables_.add_zone(zone::utc());
    for (int i = 0; i < 6; ++i) {
        const restaurant made = crowd_.new_restaurant();
        tables_.add_restaurant(made, chance_.next() >> 1);
        places_.push_back(made.id);
    }
    for (std::uint32_t node = 0; node < processes_.size(); ++node) start(node);
    for (const restaurant_id& id : places_) sockets_.open(id, chance_.chance(400));
}

simulation::~simulation() = default;

// ---- processes

// What the database holds is taken over as it is.
void simulation::start(std::uint32_t node) {
    tell_([node] { return node_name(node) + " starts"; });
    processes_[node] =
        std::make_unique<process>(process::outside{server_, render_, sockets_, node, has_nodes()});
}

// It can't while the database is away.
void simulation::start_later(std::uint32_t node, std::int64_t delay_ms) {
    time_.after(delay_ms, [this, node] {
        if (processes_[node]) return;
        if (!server_.is_up) return start_later(node, 100);
        start(node);
    });
}

void simulation::end(std::uint32_t node) {
    processes_[node]->for_each_engine([this](const engine& each) {
        const engine::counters& counts = each.counts();
        before_.batches += counts.batches;
        before_.conflicts += counts.conflicts;
        before_.unknown_outcomes += counts.unknown_outcomes;
        before_.reloads += counts.reloads;
    });
    processes_[node].reset();
    if (!has_nodes()) return start(node);
    start_later(node, chance_.chance(300) ? 0 : chance_.between(1, 8000));
}

void simulation::crash() {
    if (!server_.is_up) return;  // it couldn't start
    const auto node = any_running();
    if (!node) return;
    ++crashes_;
    tell_([&] { return node_name(*node) + " dies"; });
    seen_.crashed(*node);
    end(*node);
}

void simulation::drain() {
    const auto node = any_node([](const process& each) { return !each.is_draining() && !each.is_frozen(); });
    if (!node) return;
    ++drains_;
    tell_([&] { return node_name(*node) + " is told to stop"; });
    processes_[*node]->drain([this, node = *node] { end(node); });
}

// Its work goes on when it wakes up, by what it believed then.
void simulation::freeze() {
    const auto node = any_node([](const process& each) { return !each.is_frozen(); });
    if (!node) return;
    ++freezes_;
    processes_[*node]->freeze();
    const std::int64_t how_long =
        chance_.chance(200) ? chance_.between(20'000, 90'000) : chance_.between(20, 4000);
    time_.after(how_long, [this, node = *node] {
        if (processes_[node]) processes_[node]->wake();
    });
}

// ---- an operation

sim_report simulation::run() {
    sim_report report;
    tell_([this] { return "seed " + std::to_string(options_.seed); });
    for (int i = 0; i < options_.ops && !seen_.failure; ++i) {
        report.failed_at = i;
        step();
        check_all();
    }
    if (!seen_.failure) {
        report.failed_at = options_.ops;
        finish();
    }
    collect(report);
    return report;
}

void simulation::step() {
    if (chance_.chance(5)) rush_ = chance_.between(150, 750);  // calm hours, and rushes with full batches
    if (break_something()) return;
    const int kind = chance_.between(1, 1000);
    if (kind <= 2) {
        for_each_process([](process& each) { each.forget_past_days(); });
    } else if (kind <= 6) {
        let_time_pass(chance_.between(1, 25) * ms_per_minute);
    } else if (kind <= 22) {
        second();
    } else if (kind <= 122) {
        sockets_.step();
    } else if (chance_.chance(rush_)) {
        ask_next();
    } else {
        for (int left = chance_.between(1, 3); left > 0 && time_.run_next(); --left) check_all();
    }
}

// The database, the process, and others: each kind as often as this seed has drawn.
bool simulation::break_something() {
    int kind = chance_.between(1, 1000);
    const auto is_now = [&kind](int rate) {
        kind -= rate;
        return kind <= 0 && kind > -rate;
    };
    if (is_now(faults_.process_crash)) {
        crash();
    } else if (is_now(faults_.drain)) {
        drain();
    } else if (is_now(faults_.connection_lost)) {
        const std::uint32_t core = chance_.below(cores);
        if (const auto node = any_running()) processes_[*node]->lose_connection(core);
    } else if (is_now(faults_.database_restart)) {
        restart_database();
    } else if (is_now(faults_.disk_fills)) {
        fill_disk();
    } else if (is_now(faults_.stranger)) {
        write_as_stranger();
    } else if (is_now(faults_.days_pass)) {
        if (days_ + 2 > 5) return false;
        const int more = chance_.between(1, 2);
        days_ += static_cast<std::uint64_t>(more);
        let_time_pass(more * ms_per_day);
    } else if (is_now(faults_.freeze)) {
        freeze();
    } else if (is_now(faults_.bell_connection_lost)) {
        if (const auto node = any_running()) processes_[*node]->lose_bell_connection();
    } else {
        return false;
    }
    return true;
}

void simulation::let_time_pass(std::int64_t ms) {
    time_.pass(ms);
    second();
}

void simulation::second() {
    for_each_process([](process& each) { each.second(); });
}

void simulation::ask_next() {
    const auto node = any_node([](const process& each) { return !each.is_draining(); });
    if (node) ask(*node, crowd_.next(places_));  // else connections are refused
}

void simulation::ask(std::uint32_t node, command_envelope&& what) {
    what.reply_to = {owner_of(what.restaurant), seen_.asked_count() + 1};
    if (what.receipt) crowd_.remember_keyed(what.reply_to.ticket);
    tell_([&] {
        return "request " + std::to_string(what.reply_to.ticket) + " of kind " +
               std::to_string(what.body.index()) + " at " + short_name(what.restaurant) +
               (what.receipt ? " under key " + what.receipt->key : "") +
               (has_nodes() ? " to " + node_name(node) : "");
    });
    seen_.submitted(node, what);
    processes_[node]->ask(std::move(what));
}

void simulation::restart_database() {
    if (!server_.is_up) return;
    ++server_.restarts;
    ++server_.start;
    server_.is_up = false;
    tell_([] { return std::string("the database dies"); });
    for_each_process([](process& each) { each.database_is_gone(); });
    time_.after(chance_.between(50, 3000), [this] {
        server_.is_up = true;
        tell_([] { return std::string("the database is back"); });
        for_each_process([](process& each) { each.database_is_back(); });
    });
}

void simulation::fill_disk() {
    if (std::exchange(server_.is_full, true)) return;
    tell_([] { return std::string("the disk is full"); });
    time_.after(chance_.between(50, 2000), [this] { server_.is_full = false; });
}

void simulation::write_as_stranger() {
    const restaurant_id where = places_[chance_.below(static_cast<std::uint32_t>(places_.size()))];
    const auto stored = tables_.restaurants().find(where);
    if (stored == tables_.restaurants().end() || !server_.is_up) return;
    batch rows;
    add_stranger_rows(rows, stored->second);
    logged_event row;
    row.restaurant = where;
    row.command = crowd_.new_id<command_id>();
    row.at = time_.now();
    row.seq = static_cast<std::int64_t>(stored->second.events.size()) + 1;
    row.type = event_type::settings_changed;
    row.data = "a stranger";
    rows.events.push_back(row);
    row.seq += 1;
    row.public_seq = stored->second.last_public_seq + 1;
    row.type = event_type::availability_updated;
    row.data = render_.window_json(std::nullopt);
    rows.events.push_back(row);
    if (server_.store(rows, ++server_.last_serial).outcome != batch_outcome::committed) return;
    ++strangers_;
    tell_([&] { return "a stranger writes to " + short_name(where); });
    ring_for_stranger(where, rows);
}

// One node alone has no feed here: what rings is heard.
void simulation::ring_for_stranger(const restaurant_id& where, const batch& rows) {
    time_.after(chance_.between(0, 30), [this, where, rows] {
        if (has_nodes()) return server_.ring("a stranger", rows);
        seen_.rang(0, where);
        processes_[0]->owner(where).reload(std::span(&where, 1));
    });
}

// Cancels someone, or takes a table, or changes one.
void simulation::add_stranger_rows(batch& rows, const test::model_database::restaurant_tables& stored) {
    const restaurant_id where = stored.what.id;
    for (const auto& [id, row] : stored.reservations) {
        if (row.status != reservation_status::confirmed || !chance_.chance(150)) continue;
        reservation cancelled = row;
        cancelled.status = reservation_status::cancelled;
        cancelled.version += 1;
        rows.reservations.push_back(cancelled);
        if (row.slot)
            rows.slot_counts.push_back({where, *row.slot, 1, stored.slots.at(*row.slot).version + 1});
        return;
    }
    if (stored.what.tables.empty()) return;
    table one = stored.what.tables[chance_.below(static_cast<std::uint32_t>(stored.what.tables.size()))];
    if (chance_.chance(300)) {
        one.capacity = 2 * chance_.between(1, 3);
        one.version += 1;
        rows.tables.push_back({where, one, false});
        return;
    }
    reservation made;
    made.id = crowd_.new_id<reservation_id>();
    made.restaurant = where;
    made.customer = crowd_.new_id<customer_id>();
    made.date = crowd_.any_day();
    made.minute = 17 * 60 + 30 * chance_.between(0, 8);
    made.party_size = 1;
    made.tables = {one.id};
    made.starts_at = made.blocks_from = zone::utc().resolve(made.date, made.minute).value();
    made.ends_at = made.blocks_until = made.starts_at.plus_minutes(90);
    rows.reservations.push_back(made);
}

void simulation::check_all() {
    for (std::uint32_t node = 0; node < processes_.size(); ++node) {
        if (!processes_[node]) continue;
        processes_[node]->for_each_engine([&](const engine& each) {
            each.for_each([&](const owned_restaurant& owned) { seen_.check_changed(node, owned); });
        });
    }
    seen_.check_model();
}

}  // namespace qtable::sim
