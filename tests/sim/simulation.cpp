#include "tests/sim/simulation.hpp"

#include <algorithm>
#include <utility>

#include "core/base/limits.hpp"
#include "core/base/mutant.hpp"

namespace qtable::sim {

namespace {

constexpr std::int64_t drain_timeout_ms = 20'000;
constexpr std::int64_t drain_poll_ms = 20;

}  // namespace

// What one core tells: on to the witness. Confirmations of new configurations come some time later.
class simulation::core_sink final : public released_sink {
  public:
    explicit core_sink(simulation& of) : of_(of) {}
    ~core_sink() override { *alive_ = false; }

    void answer(const reply_address& to, reply&& what) override {
        of_.front_->answered(to.ticket, std::move(what));
    }
    void event(const released_event& what, live_restaurant& live) override {
        of_.tell_([&] {
            return "  " + short_name(live.id) + " tells seq " + std::to_string(what.what.seq) + " " +
                   what.what.action + ": " + what.what.data;
        });
        of_.seen_.told(what, live);
        of_.sockets_.publish(what);
    }
    void notice(customer_notice&&) override {}
    void resync(live_restaurant& live) override {
        of_.seen_.must_read_anew(live);
        of_.sockets_.resync(live.id);
    }
    void configured(live_restaurant&, std::function<void()> confirmed) override {
        of_.time_.after(of_.chance_.between(0, 5), [alive = alive_, confirmed = std::move(confirmed)] {
            if (*alive) confirmed();
        });
    }
    // No reader is in the middle of something here: freed at once, so that a sanitizer sees who still looks.
    void retire(std::vector<std::shared_ptr<const void>>&& what) override { what.clear(); }

  private:
    simulation& of_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

simulation::simulation(const sim_options& options)
    : options_(options),
      chance_(options.seed),
      time_(parse_rfc3339("2026-11-20T16:40:00Z").value()),
      tell_(time_, options.trace),
      faults_(draw_faults(chance_)),
      seen_(tables_, time_),
      server_{time_, chance_, tables_, faults_, seen_, tell_, options.bug},
      crowd_(chance_, time_, tables_, seen_),
      sockets_(
          server_, [this](const restaurant_id& id) { return owner_of_place(id).find(id); },
          [this](const restaurant_id& id) -> model_journal& { return *cores_[owner_of(id)].log; }) {
    tables_.add_zone(zone::utc());
    for (int i = 0; i < 6; ++i) {
        const restaurant made = crowd_.new_restaurant();
        tables_.add_restaurant(made, chance_.next() >> 1);
        places_.push_back(made.id);
    }
    start();
    for (const restaurant_id& id : places_) sockets_.open(id, chance_.chance(400));
}

simulation::~simulation() = default;

// ---- the process

void simulation::start() {
    ++process_;
    tell_([] { return std::string("the process starts"); });
    for (std::uint32_t i = 0; i < cores; ++i) {
        core& made = cores_[i];
        made.log = std::make_unique<model_journal>(server_, i);
        made.sink = std::make_unique<core_sink>(*this);
        made.owner =
            std::make_unique<engine>(static_cast<std::uint16_t>(i), time_, *made.log, render_, *made.sink);
        made.log->serve(*made.owner);
    }
    front_ = std::make_unique<front>(front::outside{
        server_,
        {cores_[0].log.get(), cores_[1].log.get(), cores_[2].log.get()},
        [this](command_envelope&& what) { owner_of_place(what.restaurant).submit(std::move(what)); }});
    for (const auto& [id, stored] : tables_.restaurants()) {
        engine& owner = owner_of_place(id);
        if (const auto problem = owner.adopt(tables_.image(id)))
            seen_.fail("not sound at the start: " + *problem);
        owner.show(id);
        seen_.adopted(*owner.find(id));
    }
}

void simulation::end() {
    for (core& each : cores_) {
        const engine::counters& counts = each.owner->counts();
        before_.batches += counts.batches;
        before_.conflicts += counts.conflicts;
        before_.unknown_outcomes += counts.unknown_outcomes;
        before_.reloads += counts.reloads;
    }
    sockets_.cut_all();
    for (core& each : cores_) each.owner.reset();
    front_.reset();
}

void simulation::crash() {
    if (!server_.is_up) return;  // it couldn't start
    ++crashes_;
    tell_([] { return std::string("the process dies"); });
    seen_.crashed();
    end();
    start();
}

// No new requests; those that are there get their answers, what was decided becomes durable, then it ends,
// and the next one starts.
void simulation::drain() {
    if (front_->is_draining()) return;
    ++drains_;
    tell_([] { return std::string("the process is told to stop"); });
    front_->stop_accepting();
    stop_when_idle(time_.now());
}

void simulation::stop_when_idle(instant since) {
    time_.after(drain_poll_ms, [this, since, process = process_] {
        if (process != process_) return;
        const bool took_too_long = time_.now() >= since.plus_ms(drain_timeout_ms + limits::commit_timeout_ms);
        const bool is_idle =
            std::all_of(cores_.begin(), cores_.end(), [](const core& each) { return each.owner->is_idle(); });
        const bool is_done = mutant_on(mutant::drain_drops_queue) || (front_->waiting() == 0 && is_idle);
        if ((!is_done && !took_too_long) || !server_.is_up) return stop_when_idle(since);
        tell_([] { return std::string("the process has stopped"); });
        seen_.stopped(took_too_long);
        end();
        start();
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
        for (core& each : cores_) each.owner->forget_past_days();
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
        cores_[chance_.below(cores)].log->lose_connection();
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
    front_->on_time(time_.now());
    for (core& each : cores_) each.owner->on_second();
}

void simulation::ask_next() {
    if (front_->is_draining()) return;  // connections are refused
    ask(crowd_.next(places_));
}

void simulation::ask(command_envelope&& what) {
    what.reply_to = {owner_of(what.restaurant), seen_.asked_count() + 1};
    if (what.receipt) crowd_.remember_keyed(what.reply_to.ticket);
    tell_([&] {
        return "request " + std::to_string(what.reply_to.ticket) + " of kind " +
               std::to_string(what.body.index()) + " at " + short_name(what.restaurant) +
               (what.receipt ? " under key " + what.receipt->key : "");
    });
    seen_.submitted(what);
    front_->ask(std::move(what));
}

void simulation::restart_database() {
    if (!server_.is_up) return;
    ++server_.restarts;
    ++server_.start;
    server_.is_up = false;
    tell_([] { return std::string("the database dies"); });
    time_.after(chance_.between(50, 3000), [this] {
        server_.is_up = true;
        tell_([] { return std::string("the database is back"); });
        for (core& each : cores_) {
            if (each.log->available()) each.owner->on_journal_available();
        }
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
    if (tables_.apply(rows).outcome != batch_outcome::committed) return;
    ++strangers_;
    tell_([&] { return "a stranger writes to " + short_name(where); });
    time_.after(chance_.between(0, 30), [this, where] {
        seen_.rang(where);
        owner_of_place(where).reload(std::span(&where, 1));
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
    for (const core& each : cores_)
        each.owner->for_each([this](const owned_restaurant& owned) { seen_.check_changed(owned); });
    seen_.check_model();
}

}  // namespace qtable::sim
