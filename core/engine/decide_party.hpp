// Shared by the decisions about the floor: tables that change hands, where a party can sit, guests as they
// become, the chain reservation → guest → table kept whole. Inside core/engine only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/decide_placement.hpp"
#include "core/engine/pictures.hpp"

namespace qtable::deciding {

const table* find_table(const restaurant& config, const table_id& id) noexcept;
const guest* find_guest(const context& in, const guest_id& id);

// The tables whose status one decision changes: put into the configuration in one go. What is bookable stays
// the same, so nobody has to compute availability anew.
class table_changes {
  public:
    explicit table_changes(const context& in) : in_(in) {}
    void set(const table_id& id, table_status status, const std::optional<guest_id>& guest,
             std::string_view action);
    // Tables of the restaurant as they become.
    const restaurant& config() const { return next_ ? *next_ : in_.config(); }
    // Memory, rows and log rows.
    void apply(decision& made);

  private:
    struct changed_table {
        table_id id;
        std::string_view action;
    };
    const context& in_;
    std::shared_ptr<restaurant> next_;
    std::vector<changed_table> changed_;
};

// Seats for a party that sits down now.
struct seat_request {
    int party_size = 0;
    const table_choice& where;
    std::vector<table_id> own;     // what it has booked: it may stay there until the next party comes
    std::optional<uuid> ignoring;  // whose capacity it already has
    std::optional<int> stay_min;   // else the turn time
};
struct seating {
    errc refusal = errc::ok;
    std::optional<table_status> taken;  // of the named table that isn't free
    std::vector<table_id> tables;       // none where the restaurant has none
    instant from;
    instant until;
};
seating find_seats(const context& in, const seat_request& wanted);
decision refuse_seating(errc why, const std::optional<table_status>& taken);

// Which tables staff named, sorted; not_found for an unknown one.
result<std::vector<table_id>> named_tables(const context& in, const table_choice& where);

// Row, log row and memory of a guest as it became, and its customer's notice; its JSON, with its wait.
struct guest_told_as {
    event_type event = event_type::guest_updated;
    std::optional<customer_event_type> notice;
    std::string_view action;
    reasons overridden = {};
};
std::string tell_guest(const context& in, decision& made, const guest& g, const guest_told_as& how);
std::string guest_text(const context& in, const guest& g);
// As the customer sees it: without the house's notes.
std::string own_guest_text(const context& in, const guest& g, const wait_estimate* wait);
std::string own_guest_text(const context& in, const guest& g);
decision refuse_guest_transition(guest_status current);

// The guest leaves the table: with it its reservation is completed, and its tables are dirty; `cleared` is
// ready at once.
void complete_party(const context& in, decision& made, const guest& seated,
                    const std::optional<table_id>& cleared);

// Its reservation alone, if it is seated.
void complete_reservation_of(const context& in, decision& made, const guest& g);

// ---- the waitlist

// Waiting and notified ones in order of their turn.
std::vector<const guest*> waiting_guests(const owned_restaurant& target);
// One answer for each of them.
std::vector<wait_estimate> estimate_all(const context& in, const std::vector<const guest*>& waiting);
std::optional<wait_estimate> estimate_of(const context& in, const guest_id& id);
// What one more party of each size would hear.
std::vector<wait_quote> quotes(const context& in, const std::vector<int>& party_sizes);

}  // namespace qtable::deciding
