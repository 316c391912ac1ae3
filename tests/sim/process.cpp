#include "tests/sim/process.hpp"

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
class process::core_sink final : public released_sink {
  public:
    explicit core_sink(process& of) : of_(of) {}

    void answer(const reply_address& to, reply&& what) override {
        of_.front_.answered(to.ticket, std::move(what));
    }
    void event(const released_event& what, live_restaurant& live) override {
        of_.around_.server.tell([&] {
            return "  " + short_name(live.id) + " tells seq " + std::to_string(what.what.seq) + " " +
                   what.what.action + ": " + what.what.data;
        });
        of_.around_.server.seen.told(of_.around_.node, what, live);
        of_.around_.listeners.publish(of_.around_.node, what);
    }
    void notice(customer_notice&&) override {}
    void resync(live_restaurant& live) override {
        of_.around_.server.seen.must_read_anew(of_.around_.node, live);
        of_.around_.listeners.resync(of_.around_.node, live.id);
    }
    void configured(live_restaurant&, std::function<void()> confirmed) override {
        of_.turns_.after(of_.around_.server.chance.between(0, 5), std::move(confirmed));
    }
    // No reader is in the middle of something here: freed at once, so that a sanitizer sees who still looks.
    void retire(std::vector<std::shared_ptr<const void>>&& what) override { what.clear(); }

  private:
    process& of_;
};

process::process(const outside& around)
    : around_(around), turns_(around.server.time), cores_(make_cores()), front_(front_outside()) {
    adopt_all();
    feed_ = std::make_unique<feed>(
        feed::outside{around_.server, turns_, around_.node,
                      [this](const restaurant_id& id) -> engine& { return owner(id); }},
        around_.server.last_serial);
    for (core& each : cores_) each.log->ring_when([this] { return feed_->has_peers(); });
}

process::~process() {
    around_.listeners.cut_all(around_.node);
    for (core& each : cores_) each.owner.reset();
}

std::array<process::core, cores> process::make_cores() {
    std::array<core, cores> made;
    for (std::uint32_t i = 0; i < cores; ++i) {
        core& each = made[i];
        const std::string name = around_.has_others ? node_name(around_.node) + "-" + std::to_string(i)
                                                    : "core " + std::to_string(i);
        each.log = std::make_unique<model_journal>(around_.server, turns_, name);
        each.sink = std::make_unique<core_sink>(*this);
        each.owner = std::make_unique<engine>(static_cast<std::uint16_t>(i), around_.server.time, *each.log,
                                              around_.render, *each.sink);
        each.log->serve(*each.owner);
    }
    return made;
}

front::outside process::front_outside() {
    return {around_.server,
            turns_,
            {cores_[0].log.get(), cores_[1].log.get(), cores_[2].log.get()},
            [this](command_envelope&& what) { owner(what.restaurant).submit(std::move(what)); },
            [this] { return feed_->had_peers(); }};
}

void process::adopt_all() {
    for (const auto& [id, stored] : around_.server.tables.restaurants()) {
        if (auto problem = owner(id).adopt(around_.server.tables.image(id)))
            around_.server.seen.fail("not sound at the start: " + *problem);
        owner(id).show(id);
        around_.server.seen.adopted(around_.node, *owner(id).find(id));
    }
}

void process::ask(command_envelope&& what) {
    turns_.soon([this, moved = std::move(what)]() mutable { front_.ask(std::move(moved)); });
}

void process::second() {
    if (is_frozen()) return;
    front_.on_time(around_.server.time.now());
    for (core& each : cores_) each.owner->on_second();
    feed_->tick();
}

void process::forget_past_days() {
    if (is_frozen()) return;
    for (core& each : cores_) each.owner->forget_past_days();
}

void process::freeze() {
    around_.server.tell([this] { return node_name(around_.node) + " is frozen"; });
    turns_.freeze();
}

// Who was silent for so long may find that the server has let go of it.
void process::wake() {
    if (!is_frozen()) return;
    around_.server.tell([this] { return node_name(around_.node) + " wakes up"; });
    for (core& each : cores_) {
        if (around_.server.chance.chance(250)) each.log->lose_connection();
    }
    if (around_.server.chance.chance(250)) lose_bell_connection();
    turns_.wake();
}

void process::drain(std::function<void()> is_over) {
    front_.stop_accepting();
    stop_when_idle(around_.server.time.now(), std::move(is_over));
}

void process::stop_when_idle(instant since, std::function<void()> is_over) {
    turns_.after(drain_poll_ms, [this, since, is_over = std::move(is_over)] {
        const instant now = around_.server.time.now();
        const bool took_too_long = now >= since.plus_ms(drain_timeout_ms + limits::commit_timeout_ms);
        const bool is_done = mutant_on(mutant::drain_drops_queue) || (waiting() == 0 && is_idle());
        if ((!is_done && !took_too_long) || !around_.server.is_up) return stop_when_idle(since, is_over);
        around_.server.tell([] { return std::string("the process has stopped"); });
        around_.server.seen.stopped(around_.node, took_too_long);
        is_over();
    });
}

void process::database_is_gone() {
    lose_bell_connection();
}

void process::database_is_back() {
    for (core& each : cores_) {
        turns_.soon([&each] {
            if (each.log->available()) each.owner->on_journal_available();
        });
    }
}

bool process::is_idle() const {
    return std::all_of(cores_.begin(), cores_.end(), [](const core& each) { return each.owner->is_idle(); });
}

}  // namespace qtable::sim
