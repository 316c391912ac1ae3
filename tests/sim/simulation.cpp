#include "tests/sim/simulation.hpp"

#include <algorithm>
#include <utility>

#include "core/base/limits.hpp"

namespace qtable::sim {

// What one core tells: on to the witness. Confirmations of new configurations come some time later.
class simulation::core_sink final : public released_sink {
  public:
    core_sink(timeline& time, random_source& chance, witness& seen)
        : time_(time), chance_(chance), seen_(seen) {}
    ~core_sink() override { *alive_ = false; }

    void answer(const reply_address& to, reply&& what) override { seen_.answered(to.ticket, what); }
    void event(const released_event& what, live_restaurant& live) override { seen_.told(what, live); }
    void notice(customer_notice&&) override {}
    void resync(live_restaurant& live) override { seen_.must_read_anew(live); }
    void configured(live_restaurant&, std::function<void()> confirmed) override {
        time_.after(chance_.between(0, 5), [alive = alive_, confirmed = std::move(confirmed)] {
            if (*alive) confirmed();
        });
    }
    // No reader is in the middle of something here: freed at once, so that a sanitizer sees who still looks.
    void retire(std::vector<std::shared_ptr<const void>>&& what) override { what.clear(); }

  private:
    timeline& time_;
    random_source& chance_;
    witness& seen_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

simulation::simulation(const sim_options& options)
    : options_(options),
      chance_(options.seed),
      time_(parse_rfc3339("2026-11-20T16:40:00Z").value()),
      seen_(tables_),
      crowd_(chance_, tables_, seen_) {
    tables_.add_zone(zone::utc());
    for (int i = 0; i < 6; ++i) {
        const restaurant made = crowd_.new_restaurant();
        tables_.add_restaurant(made, chance_.next() >> 1);
        places_.push_back(made.id);
    }
    for (std::uint32_t i = 0; i < cores; ++i) start(i);
}

simulation::~simulation() = default;

void simulation::start(std::uint32_t index) {
    core& made = cores_[index];
    made.log = std::make_unique<model_journal>(time_, chance_, tables_, faults_, options_.bug, unannounced_);
    made.sink = std::make_unique<core_sink>(time_, chance_, seen_);
    made.owner =
        std::make_unique<engine>(static_cast<std::uint16_t>(index), time_, *made.log, render_, *made.sink);
    for (const auto& [id, stored] : tables_.restaurants()) {
        if (owner_of(id) != index) continue;
        if (const auto problem = made.owner->adopt(tables_.image(id)))
            seen_.fail("not sound at the start: " + *problem);
        made.owner->show(id);
        seen_.adopted(*made.owner->find(id));
    }
}

void simulation::crash(std::uint32_t index) {
    ++crashes_;
    seen_.crashed(index);
    before_crashes_.push_back(cores_[index].owner->counts());
    cores_[index].owner.reset();
    start(index);
}

sim_report simulation::run() {
    sim_report report;
    for (int i = 0; i < options_.steps && !seen_.failure; ++i) {
        step();
        check_all();
        report.failed_at_step = i;
    }
    if (!seen_.failure) settle();
    collect(report);
    return report;
}

void simulation::step() {
    if (chance_.chance(5)) rush_ = chance_.between(200, 900);  // calm hours, and rushes with full batches
    const int kind = chance_.between(1, 1000);
    if (kind <= 2) {
        crash(chance_.below(cores));
    } else if (kind <= 6) {
        lose_database(chance_.below(cores));
    } else if (kind <= 16) {
        write_as_stranger();
    } else if (kind <= 18) {
        for (core& each : cores_) each.owner->forget_past_days();
    } else if (kind <= 23) {
        time_.pass(chance_.between(1, 25) * ms_per_minute);
    } else if (kind <= 40) {
        for (core& each : cores_) each.owner->on_second();
    } else if (chance_.chance(rush_)) {
        submit_next();
    } else {
        time_.run_next();
    }
}

void simulation::submit_next() {
    command_envelope what = crowd_.next(places_);
    what.reply_to = {owner_of(what.restaurant), ++tickets_};
    if (what.receipt) crowd_.remember_keyed(tickets_);
    seen_.submitted(what);
    cores_[what.reply_to.core].owner->submit(std::move(what));
}

void simulation::lose_database(std::uint32_t index) {
    model_journal* const log = cores_[index].log.get();
    if (!log->available()) return;
    log->set_available(false);
    time_.after(chance_.between(5, 300), [this, index, log] {
        if (cores_[index].log.get() != log) return;  // crashed meanwhile
        log->set_available(true);
        cores_[index].owner->on_journal_available();
    });
}

void simulation::write_as_stranger() {
    const restaurant_id where = places_[chance_.below(static_cast<std::uint32_t>(places_.size()))];
    const auto stored = tables_.restaurants().find(where);
    if (stored == tables_.restaurants().end()) return;
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
    time_.after(chance_.between(0, 30), [this, where] {
        seen_.rang(where);
        cores_[owner_of(where)].owner->reload(std::span(&where, 1));
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
    made.date = clients::first_day().plus_days(chance_.between(0, 2));
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
}

// Everything that breaks is over: what was asked gets its answer, and memory is what the database has.
void simulation::settle() {
    faults_ = {0, 0, 0, 0, 0, 0, 0};
    constexpr int enough = 1'000'000;
    const auto run_out = [this] {
        int left = enough;
        while (left > 0 && time_.run_next()) --left;
        seen_.expect(left > 0, "it doesn't come to rest");
    };
    run_out();
    for (core& each : cores_) each.owner->on_journal_available();
    run_out();
    let_holds_expire(run_out);
    const auto check_equal = [this](bool but_unannounced) {
        for (const core& each : cores_) {
            each.owner->for_each([&](const owned_restaurant& owned) {
                if (!but_unannounced || !unannounced_.contains(owned.id)) seen_.check_equal(owned);
            });
        }
    };
    check_equal(true);
    // Sessions that outlived their connection may have written last; nobody rang for them.
    for (const restaurant_id& id : places_) cores_[owner_of(id)].owner->reload(std::span(&id, 1));
    run_out();
    check_equal(false);
    seen_.check_all_answered();
    for (const core& each : cores_)
        seen_.expect(each.owner->is_idle() && each.owner->waiting_count() == 0, "an engine is not idle");
}

// What was held is free again, or booked.
void simulation::let_holds_expire(const std::function<void()>& run_out) {
    for (int second = 0; second < 3; ++second) {
        time_.pass(second == 0 ? limits::hold_ms : 2 * ms_per_second);
        for (core& each : cores_) each.owner->on_second();
        run_out();
    }
    for (const core& each : cores_) {
        each.owner->for_each([this](const owned_restaurant& owned) {
            seen_.expect(owned.holds.empty() && owned.committed_holds.empty(), "a hold that never expires");
        });
    }
}

void simulation::collect(sim_report& into) const {
    into.failure = seen_.failure;
    into.hash = seen_.hash();
    into.commands = tickets_;
    into.accepted = seen_.accepted;
    into.refused = seen_.refused;
    into.uncertain = seen_.uncertain;
    into.events = seen_.events;
    into.resyncs = seen_.resyncs;
    into.seated = seen_.seatings;
    into.holds = seen_.holds_made;
    into.late = seen_.flagged;
    into.crashes = crashes_;
    into.strangers = strangers_;
    std::vector<engine::counters> all = before_crashes_;
    for (const core& each : cores_) all.push_back(each.owner->counts());
    for (const engine::counters& each : all) {
        into.batches += each.batches;
        into.conflicts += each.conflicts;
        into.unknown_outcomes += each.unknown_outcomes;
        into.reloads += each.reloads;
    }
}

}  // namespace qtable::sim
