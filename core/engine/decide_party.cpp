#include "core/engine/decide_party.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"

namespace qtable::deciding {

namespace {

bool is_free_status(table_status now) noexcept {
    return now == table_status::available || now == table_status::reserved;
}

// The first of the tables that can't be sat at now, by its status.
std::optional<table_status> taken_status(const context& in, const std::vector<table_id>& tables) {
    for (const table_id& id : tables) {
        const table* known = find_table(in.config(), id);
        if (known != nullptr && !is_free_status(known->status)) return known->status;
    }
    return std::nullopt;
}

bool may_sit_at_own(const context& in, const seat_request& wanted, instant from) {
    return !wanted.own.empty() && !taken_status(in, wanted.own) &&
           in.stock().fits(wanted.own, wanted.party_size) &&
           in.stock().tables_free(wanted.own, from, from.plus_minutes(limits::grid_min), wanted.ignoring);
}

// The house chooses: its own tables, else the smallest that is free for the whole stay.
void choose_seats(const context& in, const seat_request& wanted, seating& found) {
    if (may_sit_at_own(in, wanted, found.from)) {
        found.tables = wanted.own;
        return;
    }
    std::vector<table_id> free;
    bool is_any_large_enough = false;
    for (const table& each : in.config().tables) {
        if (each.status == table_status::available) free.push_back(each.id);
        is_any_large_enough = is_any_large_enough || each.capacity >= wanted.party_size;
    }
    auto chosen = in.stock().choose_tables(wanted.party_size, found.from, found.until, free, wanted.ignoring);
    if (chosen) {
        found.tables = std::move(*chosen);
        return;
    }
    for (const table_combination& each : in.config().combinations)
        is_any_large_enough = is_any_large_enough || each.capacity >= wanted.party_size;
    found.refusal = is_any_large_enough ? errc::table_not_free : errc::party_does_not_fit;
}

void check_named(const context& in, const seat_request& wanted, seating& found) {
    auto named = named_tables(in, wanted.where);
    if (!named) {
        found.refusal = to_errc(named.error());
        return;
    }
    found.tables = std::move(*named);
    found.taken = taken_status(in, found.tables);
    const bool is_own = found.tables == wanted.own;
    if (!in.stock().fits(found.tables, wanted.party_size)) {
        found.refusal = errc::party_does_not_fit;
    } else if (found.taken ||
               !(is_own ? may_sit_at_own(in, wanted, found.from)
                        : in.stock().tables_free(found.tables, found.from, found.until, wanted.ignoring))) {
        found.refusal = errc::table_not_free;
    }
}

}  // namespace

const table* find_table(const restaurant& config, const table_id& id) noexcept {
    const auto found = std::find_if(config.tables.begin(), config.tables.end(),
                                    [&id](const table& each) { return each.id == id; });
    return found != config.tables.end() ? &*found : nullptr;
}

const guest* find_guest(const context& in, const guest_id& id) {
    const auto found = in.target.guests.find(id);
    return found != in.target.guests.end() ? &found->second : nullptr;
}

// ---- tables

void table_changes::set(const table_id& id, table_status status, const std::optional<guest_id>& guest,
                        std::string_view action) {
    if (!next_) next_ = std::make_shared<restaurant>(in_.config());
    const auto found = std::find_if(next_->tables.begin(), next_->tables.end(),
                                    [&id](const table& each) { return each.id == id; });
    if (found == next_->tables.end()) return;
    found->status = status;
    found->current_guest_id = guest;
    ++found->version;
    changed_.push_back({id, action});
}

void table_changes::apply(decision& made) {
    if (!next_) return;
    for (const changed_table& each : changed_) {
        const table& value = *find_table(*next_, each.id);
        made.tables.push_back({in_.target.id, value, false});
        made.events.push_back(make_event(in_, event_type::table_updated,
                                         in_.render.table_json(in_.target.id, value), value.id, each.action));
    }
    in_.stock().reconfigure(make_view(next_, in_.stock().view().zone, &in_.stock().view()));
    next_.reset();
    changed_.clear();
}

result<std::vector<table_id>> named_tables(const context& in, const table_choice& where) {
    std::vector<table_id> named = where.tables;
    if (where.combination) {
        const auto& all = in.config().combinations;
        const auto found = std::find_if(all.begin(), all.end(), [&where](const table_combination& each) {
            return each.id == *where.combination;
        });
        if (found == all.end()) return make_error_code(errc::not_found);
        named = found->table_ids;
    }
    std::sort(named.begin(), named.end());
    named.erase(std::unique(named.begin(), named.end()), named.end());
    for (const table_id& id : named) {
        if (find_table(in.config(), id) == nullptr) return make_error_code(errc::not_found);
    }
    return named;
}

seating find_seats(const context& in, const seat_request& wanted) {
    const booking_rules& rules = in.config().rules;
    const int stay_min = wanted.stay_min.value_or(rules.turn_time_min(wanted.party_size));
    seating found;
    found.from = grid_before(in.now);
    found.until = std::max(grid_after(in.now.plus_minutes(stay_min + rules.buffer_after_min)),
                           found.from.plus_minutes(limits::grid_min));
    if (!wanted.where.empty()) {
        check_named(in, wanted, found);
    } else if (!in.config().tables.empty()) {
        choose_seats(in, wanted, found);
    }
    if (found.refusal == errc::ok && !found.tables.empty() && found.tables == wanted.own)
        found.until = std::min(found.until, in.stock().free_until(found.tables, found.from, wanted.ignoring));
    return found;
}

decision refuse_seating(errc why, const std::optional<table_status>& taken) {
    decision made = refuse(why);
    made.answer.current_table = taken;
    if (why == errc::table_not_free) made.answer.why = reason::no_table;
    return made;
}

// ---- guests

namespace {

std::optional<wait_estimate> wait_of(const context& in, const guest& g) {
    return g.is_waiting() ? estimate_of(in, g.id) : std::nullopt;
}

}  // namespace

std::string guest_text(const context& in, const guest& g) {
    const auto wait = wait_of(in, g);
    return in.render.guest_json(in.target.id, g, wait ? &*wait : nullptr);
}

std::string own_guest_text(const context& in, const guest& g, const wait_estimate* wait) {
    guest shown = g;
    shown.notes.clear();
    return in.render.guest_json(in.target.id, shown, wait);
}

std::string own_guest_text(const context& in, const guest& g) {
    const auto wait = wait_of(in, g);
    return own_guest_text(in, g, wait ? &*wait : nullptr);
}

std::string tell_guest(const context& in, decision& made, const guest& g, const guest_told_as& how) {
    in.target.guests.insert_or_assign(g.id, g);
    if (!g.is_waiting()) in.target.told_waits.erase(g.id);
    const auto wait = wait_of(in, g);
    const wait_estimate* heard = wait ? &*wait : nullptr;
    std::string body = in.render.guest_json(in.target.id, g, heard);
    made.events.push_back(make_event(in, how.event, body, g.id, how.action, how.overridden));
    if (how.notice && g.customer)
        made.notices.push_back(
            {*g.customer, *how.notice, in.target.id, in.now, own_guest_text(in, g, heard)});
    made.guests.push_back({g, in.target.id, false});
    return body;
}

decision refuse_guest_transition(guest_status current) {
    decision made = refuse(errc::illegal_transition);
    made.answer.current_guest = current;
    return made;
}

void complete_reservation_of(const context& in, decision& made, const guest& g) {
    const reservation* known = g.reservation ? in.stock().find(*g.reservation) : nullptr;
    if (known == nullptr || known->status != reservation_status::seated) return;
    reservation r = *known;
    r.status = reservation_status::completed;
    r.updated_at = in.now;
    ++r.version;
    made.releases.push_back(in.stock().begin_release(r.id));
    in.target.closed.insert_or_assign(r.id, r);
    count_slot(in, made, r.slot, +1);
    add_windows(in, r, made.windows);
    tell(in, made, r, {.action = "reservation.complete"});
}

void complete_party(const context& in, decision& made, const guest& seated,
                    const std::optional<table_id>& cleared) {
    guest g = seated;
    QTABLE_ASSERT(g.status == guest_status::seated);
    complete_reservation_of(in, made, g);
    if (in.stock().find_claim(g.id) != nullptr) {
        made.releases.push_back(in.stock().begin_release_claim(g.id));
        add_windows(in, g.blocks_from, g.blocks_until, made.windows);
    }
    g.status = guest_status::completed;
    g.left_at = g.updated_at = in.now;
    ++g.version;
    if (g.seated_at) {
        const auto stayed_min = static_cast<int>((in.now.ms - g.seated_at->ms) / ms_per_minute);
        in.target.learned.learn(stayed_min, in.config().rules.turn_time_min(g.party_size));
    }
    tell_guest(in, made, g,
               {.notice = g.reservation ? std::nullopt : std::optional(customer_event_type::waitlist_updated),
                .action = "guest.complete"});
    table_changes tables(in);
    for (const table& each : in.config().tables) {
        if (each.current_guest_id != g.id) continue;
        const bool is_ready = cleared == each.id;
        tables.set(each.id, is_ready ? table_status::available : table_status::dirty, std::nullopt,
                   is_ready ? "table.clear" : "table.free");
    }
    tables.apply(made);
}

}  // namespace qtable::deciding
