#include "core/engine/engine.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/base/limits.hpp"
#include "core/engine/command_kinds.hpp"

namespace qtable {

engine::engine(std::uint16_t core, const wall_clock& clock, journal& log, const renderer& render,
               released_sink& sink)
    : core_(core), clock_(clock), journal_(log), render_(render), sink_(sink) {}

engine::~engine() = default;

namespace {

// Whether memory is what the database has, as far as anyone knows.
bool is_settled(const owned_restaurant& target) noexcept {
    return target.now == owned_restaurant::state::ready && target.undecided == 0 && target.waiting.empty();
}

// What is refused first when commits can't keep up: nobody has anything yet that would be lost.
bool is_new_booking(const command_envelope& command) noexcept {
    return command.by.what == actor::kind::customer &&
           (std::holds_alternative<create_reservation>(command.body) ||
            std::holds_alternative<create_hold>(command.body));
}

}  // namespace

const owned_restaurant* engine::find(const restaurant_id& id) const noexcept {
    const auto found = owned_.find(id);
    return found != owned_.end() ? found->second.get() : nullptr;
}

owned_restaurant& engine::get_or_make(const restaurant_id& id) {
    std::unique_ptr<owned_restaurant>& held = owned_[id];
    if (!held) {
        held = std::make_unique<owned_restaurant>();
        held->id = id;
        held->live.id = id;
        held->live.owner = core_;
    }
    return *held;
}

// ---- commands

void engine::submit(command_envelope&& command) {
    ++counts_.commands;
    pending_command what{std::move(command), {}, clock_.turn_ns(), 0, std::nullopt};
    const auto known = owned_.find(what.command.restaurant);
    const bool creates = std::holds_alternative<create_restaurant>(what.command.body);
    if (known == owned_.end() && !creates) return refuse(what, errc::not_found, false);
    const bool can_tell = known != owned_.end() && is_settled(*known->second) && asks_only(what.command.body);
    if (!journal_.available() && !can_tell) return refuse(what, errc::database_unavailable, false);
    const std::size_t most =
        is_new_booking(what.command) ? limits::waiting_bookings : limits::mailbox_commands;
    if (gate_.size() + waiting_ >= most) return refuse(what, errc::overloaded, false);
    if (known != owned_.end()) return route(*known->second, std::move(what));
    owned_restaurant& made = get_or_make(what.command.restaurant);
    made.now = owned_restaurant::state::ready;
    route(made, std::move(what));
}

void engine::route(owned_restaurant& target, pending_command&& what) {
    if (target.now == owned_restaurant::state::stale) load({&target});
    if (target.now == owned_restaurant::state::ready && target.waiting.empty() && !must_wait(target, what)) {
        decide_and_gate(target, std::move(what));
        return send_next();
    }
    ++waiting_;
    target.waiting.push_back(std::move(what));
}

bool engine::must_wait(const owned_restaurant& target, const pending_command& next) const noexcept {
    if (target.is_closing) return true;
    if (target.undecided == 0 || !must_not_show_early(next.command.body)) return false;
    const bool is_in_flight = in_flight_ && std::find(in_flight_->touched.begin(), in_flight_->touched.end(),
                                                      &target) != in_flight_->touched.end();
    return is_in_flight || next.attempts > 0 || !gate_.is_one_batch();
}

void engine::decide_waiting(owned_restaurant& target) {
    while (!target.waiting.empty() && target.now == owned_restaurant::state::ready &&
           !must_wait(target, target.waiting.front())) {
        pending_command next = std::move(target.waiting.front());
        target.waiting.pop_front();
        --waiting_;
        decide_and_gate(target, std::move(next));
    }
}

// Where one decision ends the next begins: one reading of the clock each.
void engine::decide_marked(owned_restaurant& target, pending_command& what) {
    const std::int64_t taken_ns = std::max(clock_.turn_ns(), marked_ns_);
    what.decided = decide(target, what.command, clock_.now(), render_);
    marked_ns_ = clock_.mark_ns();
    what.decided.answer.marks = {taken_ns, marked_ns_, marked_ns_};
}

void engine::decide_and_gate(owned_restaurant& target, pending_command&& what) {
    decide_marked(target, what);
    if (!what.decided.answer.ok()) {
        ++counts_.refused;
        what.decided.answer.may_be_stored = target.has_rows_of_others;
    }
    note_due(target, what.decided);
    target.is_closing = target.is_closing || what.decided.reloads_after;
    if (!what.decided.changes_anything() && target.undecided == 0) {
        for (customer_notice& notice : what.decided.notices) sink_.notice(std::move(notice));
        answer(what.command, std::move(what.decided.answer));
        return;
    }
    // A refusal that rests on what is not committed yet waits with it.
    gate_.push(target, std::move(what));
}

void engine::refuse(const pending_command& what, errc code, bool is_uncertain) {
    reply told;
    told.code = code;
    told.is_uncertain = is_uncertain;
    if (code == errc::database_unavailable) ++counts_.unavailable;
    answer(what.command, std::move(told));
}

// The engine's own commands have nobody to answer to.
void engine::answer(const command_envelope& command, reply&& what) {
    if (!std::holds_alternative<tick>(command.body)) return sink_.answer(command.reply_to, std::move(what));
    if (const auto found = owned_.find(command.restaurant); found != owned_.end())
        found->second->is_tick_pending = false;
}

}  // namespace qtable
