// What one commit makes durable: the final state of everything that the gathered commands changed, their log
// rows and receipts. One transaction in the database: all of it or none. Made by the commit gate of a core,
// handed to the journal by value. Bounds: at most `limits::batch_commands` commands. A thing changed twice in
// a batch stands in it once, as it was last.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/command.hpp"
#include "core/event/event.hpp"
#include "core/model/guest.hpp"
#include "core/model/reservation.hpp"
#include "core/model/restaurant.hpp"
#include "core/model/review.hpp"
#include "core/model/slot.hpp"
#include "core/model/table.hpp"

namespace qtable {

// Profile, rules, pause and version; inserted when `is_new` (with its log's epoch and its first staff), else
// updated. Tables and combinations are rows of their own below.
struct restaurant_row {
    std::shared_ptr<const restaurant> what;
    bool is_new = false;
    std::uint64_t log_epoch = 0;
    bool is_deleted = false;
};

struct table_row {
    restaurant_id restaurant;
    table what;
    bool is_deleted = false;
};

struct combination_row {
    restaurant_id restaurant;
    table_combination what;
    bool is_deleted = false;
};

struct special_day_row {
    restaurant_id restaurant;
    special_day what;
    bool is_deleted = false;
};

struct staff_row {
    restaurant_id restaurant;
    staff_member what;
    bool is_deleted = false;
};

// Replaces what it takes: a seated guest that takes capacity has rows in the same table as reservations do.
struct guest_row {
    guest what;
    restaurant_id restaurant;
    bool is_deleted = false;
};

struct slot_row {  // inserted or replaced
    restaurant_id restaurant;
    slot what;
};

struct slot_count_row {  // available_tables += delta, which the database keeps from going below zero
    restaurant_id restaurant;
    slot_id slot;
    int delta = 0;
    std::int64_t version = 0;  // the slot's, after it
};

struct receipt_row {
    receipt_request request;
    int status = 0;
    std::string body;
    std::string location;
    std::int64_t version = 0;
    instant at;
};

struct batch {
    std::uint64_t id = 0;
    std::vector<restaurant_row> restaurants;
    std::vector<table_row> tables;
    std::vector<combination_row> combinations;
    std::vector<special_day_row> special_days;
    std::vector<staff_row> staff;
    std::vector<guest_row> guests;
    std::vector<review> reviews;
    std::vector<slot_row> slots;
    std::vector<slot_count_row> slot_counts;
    std::vector<reservation>
        reservations;                  // inserted or updated; their tables are replaced by what they take now
    std::vector<logged_event> events;  // never empty: every command that changes something is logged
    std::vector<receipt_row> receipts;
};

enum class batch_outcome : std::uint8_t {
    committed,
    conflict,  // the database refused it: a constraint, a serialisation failure, a seq that is taken. Nothing
               // took effect
    unavailable,  // it was never sent or was surely rolled back: the database is away, full or read-only
    unknown,      // the connection died on the way: it may have taken effect
};

// Which of the constraints refused a conflicting batch, as far as the engine cares.
enum class conflict_kind : std::uint8_t { other, receipt_exists, label_taken, review_exists, seq_taken };
constexpr std::size_t conflict_kinds = 5;

struct batch_result {
    std::uint64_t batch_id = 0;
    batch_outcome outcome = batch_outcome::unavailable;
    conflict_kind conflict = conflict_kind::other;
    // Whose rows were refused, when the database named it: what the batch has of others stands.
    std::optional<restaurant_id> refused = std::nullopt;
};

// A restaurant as the database has it: what the owner's memory is rebuilt from.
struct restaurant_image {
    restaurant_id id;
    bool exists = false;  // false: no such row (or deleted); nothing else is set then
    restaurant what;
    std::shared_ptr<const zone> local_zone;
    std::vector<slot> slots;                // of business days from yesterday on
    std::vector<reservation> reservations;  // those that take capacity and end after the day before
                                            // yesterday, and the other ones of these days
    std::vector<guest> guests;              // open ones, and those closed since `limits::guests_kept_ms` ago
    std::uint64_t log_epoch = 0;
    std::int64_t last_seq = 0;
    std::int64_t last_public_seq = 0;
    std::vector<logged_event>
        events_since;  // on a reload: what the log holds after the seq that the owner had released
    // Only the log from `since_seq` itself on and, as they stand after its last row, the reservations that
    // its rows are about.
    bool is_changes = false;
};

}  // namespace qtable
