// What must hold when all is quiet, and what is stored of the service of an evening.
#include <algorithm>
#include <type_traits>
#include <variant>

#include "core/base/limits.hpp"
#include "tests/sim/witness.hpp"

namespace qtable::sim {

namespace {

std::string name(const restaurant_id& id) {
    return "restaurant " + to_string(id).substr(32);
}

bool is_quiet(const owned_restaurant& owned) {
    return owned.now == owned_restaurant::state::ready && owned.undecided == 0 && owned.waiting.empty();
}

template <class Body, class... Any>
constexpr bool is_one_of = (std::is_same_v<Body, Any> || ...);

// Whether what was asked leaves a log row of its own, whenever it is accepted.
bool always_logs(const command_body& body) {
    return std::visit(
        []<class Body>(const Body&) {
            return is_one_of<Body, create_reservation, change_reservation, create_table, change_table,
                             delete_table, create_restaurant, change_restaurant, add_guest, change_guest,
                             serve_guest, remove_guest>;
        },
        body);
}

}  // namespace

void witness::check_service_acknowledged(const asked_command& asked, const std::string& ticket) {
    const restaurant_tables& stored = tables_.restaurants().at(asked.what.restaurant);
    const auto is_its = [&asked](const logged_event& row) { return row.command == asked.what.id; };
    expect(!always_logs(asked.what.body) || std::any_of(stored.events.rbegin(), stored.events.rend(), is_its),
           ticket + " (log)");
    if (const auto* serve = std::get_if<serve_reservation>(&asked.what.body)) {
        const auto row = stored.reservations.find(serve->id);
        expect(row != stored.reservations.end() && row->second.version >= asked.answer->version,
               ticket + " (serve)");
    } else if (const auto* seat = std::get_if<serve_guest>(&asked.what.body)) {
        const auto row = stored.guests.find(seat->id);  // it may be removed by now
        expect(row == stored.guests.end() || row->second.version >= asked.answer->version,
               ticket + " (guest)");
    }
}

void witness::check_guests_equal(const owned_restaurant& owned) {
    const restaurant_tables& stored = tables_.restaurants().at(owned.id);
    const std::string where = name(owned.id) + " in memory differs: ";
    for (const auto& [id, g] : owned.guests)
        expect(stored.guests.contains(id), where + "a guest that isn't stored");
    for (const auto& [id, row] : stored.guests) {
        // Who left long ago is forgotten.
        if (!row.is_open() && (!row.left_at || row.left_at->plus_ms(limits::guests_kept_ms) <= time_.now()))
            continue;
        const auto held = owned.guests.find(id);
        expect(held != owned.guests.end() && held->second.version == row.version &&
                   held->second.status == row.status && held->second.tables == row.tables &&
                   held->second.blocks_until == row.blocks_until,
               where + "guest " + to_string(id));
        const auto last =
            std::find_if(stored.events.rbegin(), stored.events.rend(),
                         [&guest = id](const logged_event& event) { return event.subject == guest; });
        const std::string said = "guest " + to_string(id) + " " + std::string(to_string(row.status)) + " v" +
                                 std::to_string(row.version);
        expect(last != stored.events.rend() && last->data.starts_with(said),
               name(owned.id) + " says otherwise in its log: " + said);
    }
}

void witness::check_all_answered() {
    for (const asked_command& asked : asked_) {
        expect_or(asked.answer || asked.is_lost,
                  [&] { return "never answered: request " + std::to_string(asked.what.reply_to.ticket); });
        if (asked.answer && !asked.answer->ok() && !asked.answer->is_uncertain) check_refused(asked);
    }
    for (const auto& [key, use] : keys_) check_one_each(use);
    check_model();
}

void witness::check_one_each(const key_use& key) {
    const auto made = std::count_if(key.tickets.begin(), key.tickets.end(), [this](std::uint64_t ticket) {
        const command_envelope& what = asked_[ticket - 1].what;
        const auto* create = std::get_if<create_reservation>(&what.body);
        const restaurant_tables* const stored = stored_of(what.restaurant).rows;
        return create != nullptr && stored != nullptr && stored->reservations.contains(create->id);
    });
    expect_or(made <= 1, [&] {
        return "one key made two reservations: " + asked_[key.tickets.front() - 1].what.receipt->key;
    });
}

// What memory keeps: from the day before yesterday on.
void witness::check_reservations_equal(const owned_restaurant& owned, const restaurant_tables& stored) {
    const std::string where = name(owned.id) + " in memory differs: ";
    const day_span within = days();
    std::size_t active = 0, held_active = 0;
    for (const auto& [id, row] : stored.reservations) {
        if (row.date < within.first) continue;
        const auto closed = owned.closed.find(id);
        const reservation* held = row.takes_capacity()           ? owned.stock->find(id)
                                  : closed != owned.closed.end() ? &closed->second
                                                                 : nullptr;
        if (row.takes_capacity()) ++active;
        const bool same = held != nullptr && held->version == row.version && held->status == row.status &&
                          held->tables == row.tables && held->starts_at == row.starts_at &&
                          held->slot == row.slot;
        expect(same, where + "reservation " + to_string(id));
    }
    for (date day = within.first; day <= within.last; day = day.plus_days(1))
        held_active += owned.stock->reservations_on(day).size();
    expect(held_active == active, where + "number of reservations");
}

void witness::check_equal(std::uint32_t node, const owned_restaurant& owned) {
    const auto found = tables_.restaurants().find(owned.id);
    if (found == tables_.restaurants().end()) {
        expect(!owned.exists(), name(owned.id) + " exists just in memory");
        return;
    }
    const restaurant_tables& stored = found->second;
    const std::string where = name(owned.id) + " in memory differs: ";
    expect(owned.exists(), where + "it isn't there");
    if (!owned.exists()) return;
    expect(is_quiet(owned), where + "something is still on its way");
    expect(owned.log.released_seq() == static_cast<std::int64_t>(stored.events.size()), where + "seq");
    expect(owned.log.released_public_seq() == stored.last_public_seq, where + "public seq");
    check_reservations_equal(owned, stored);
    for (const auto& [id, row] : stored.slots) {
        if (row.date < days().first) continue;
        const slot* held = owned.stock->find_slot(id);
        expect(held != nullptr && held->available_tables == row.available_tables &&
                   held->version == row.version && held->is_available == row.is_available,
               where + "slot " + to_string(id));
    }
    const restaurant& config = *owned.stock->view().config;
    expect(config.version == stored.what.version && config.profile.name == stored.what.profile.name,
           where + "profile");
    expect(std::equal(config.tables.begin(), config.tables.end(), stored.what.tables.begin(),
                      stored.what.tables.end(),
                      [](const table& a, const table& b) {
                          return a.id == b.id && a.version == b.version && a.status == b.status;
                      }),
           where + "tables");
    check_guests_equal(owned);
    check(node, owned);
}

}  // namespace qtable::sim
