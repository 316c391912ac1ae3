// Our tables in memory, with the constraints that PostgreSQL holds them to: what the engine's tests and the
// simulation take for the database. A batch is applied whole or not at all. It also notices what no
// constraint does but what would be a bug (`violations`): a hole in a log, an event of no restaurant, a
// slot of which more is booked and left than was published, a table that is occupied by nobody, a guest that
// sits nowhere.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/engine/ports.hpp"

namespace qtable::test {

class model_database {
  public:
    struct restaurant_tables {
        restaurant what;  // tables and combinations are in there
        std::uint64_t log_epoch = 0;
        std::map<slot_id, slot> slots;
        std::map<reservation_id, reservation> reservations;
        std::map<guest_id, guest> guests;
        std::map<reservation_id, review> reviews;
        std::vector<logged_event> events;  // seq 1…
        std::int64_t last_public_seq = 0;
        bool is_deleted = false;
    };

    // Zones by name are looked up here; a restaurant with another one doesn't load.
    void add_zone(const zone& known);
    void add_restaurant(const restaurant& what, std::uint64_t log_epoch);

    batch_result apply(const batch& what);
    bool has_event(const logged_event& marker) const;
    restaurant_image image(const restaurant_id& id, std::int64_t since_seq = 0) const;
    // As the journal answers what it is asked for: whole, or what changed.
    restaurant_image image(const journal::load_request& wanted) const;
    std::vector<logged_event> events_since(const restaurant_id& id, std::int64_t since_seq,
                                           bool is_public) const;
    const receipt_row* find_receipt(const receipt_request& wanted) const;
    template <class Visit>
    void for_each_receipt(Visit&& visit) const {
        for (const auto& [key, row] : receipts_) visit(row);
    }

    const std::map<restaurant_id, restaurant_tables>& restaurants() const noexcept { return restaurants_; }
    restaurant_tables& at(const restaurant_id& id) { return restaurants_.at(id); }
    const std::vector<std::string>& violations() const noexcept { return violations_; }

  private:
    using receipt_key = std::tuple<uuid, std::string, std::string>;

    // Of a restaurant that the batch logs something of; else nullptr.
    restaurant_tables* changed(const restaurant_id& id);
    // Before something is written over, added or erased: how it was.
    template <class Value>
    void remember(Value& place);
    template <class Map, class Key>
    void remember(Map& rows, const Key& key);
    bool put_all(const batch& what, conflict_kind& kind);
    // False; the answer names the restaurant, as PostgreSQL does for keys and exclusion constraints.
    bool refuse(const restaurant_id& id);
    // Each answers whether its constraints hold.
    bool put_events(const batch& what, conflict_kind& kind);
    bool put_configuration(const batch& what);
    bool put_tables(const batch& what, conflict_kind& kind);
    bool put_settings(const batch& what);
    bool put_slots(const batch& what);
    bool put_reservations(const batch& what);
    bool put_guests(const batch& what);
    bool put_reviews(const batch& what, conflict_kind& kind);
    // No table twice at one time, whoever takes it.
    bool tables_are_taken_once(const batch& what);
    bool tables_have_their_guests(const batch& what);
    // What is left of a slot and what is booked of it stay as many as staff published.
    void check_caps(const batch& what);

    std::map<std::string, std::shared_ptr<const zone>> zones_;
    std::map<restaurant_id, restaurant_tables> restaurants_;
    std::map<receipt_key, receipt_row> receipts_;
    std::vector<std::string> violations_;
    std::map<slot_id, int> caps_;     // as published: left and booked
    std::set<restaurant_id> logged_;  // of the batch that is being applied
    std::optional<restaurant_id> refused_;
    std::vector<std::function<void()>> undo_;
};

}  // namespace qtable::test
