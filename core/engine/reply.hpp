// The owner's answer to a command: a rendered body, or a refusal with what the client can do about it. Plain
// value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/model/guest.hpp"
#include "core/model/reasons.hpp"
#include "core/model/reservation.hpp"
#include "core/model/table.hpp"

namespace qtable {

struct alternative {
    qtable::date date;
    int minute = 0;  // may be 1440 and more: after the business day's midnight
    instant starts_at;
    std::int32_t offset_s = 0;  // of local time from UTC then
    instant ends_at{};
};

// When a command reached its stages: `wall_clock` readings for measuring; 0 where it didn't, or nobody
// measures.
struct stage_marks {
    std::int64_t taken_ns = 0;  // its decision began
    std::int64_t decided_ns = 0;
    std::int64_t committed_ns = 0;
};

struct reply {
    errc code = errc::ok;
    // When ok
    int status = 200;
    std::string body;          // JSON; empty with 204
    std::string location;      // of what was created
    std::int64_t version = 0;  // for the ETag; 0 = none
    // When refused
    reasons why;
    std::vector<alternative> alternatives;
    // illegal_transition: where it is now; one of the three
    std::optional<reservation_status> current;
    std::optional<guest_status> current_guest;
    std::optional<table_status> current_table;
    std::vector<reservation_id> reservations;  // in the way: table_in_use, has_reservations; at most
                                               // `limits::named_reservations`
    // Whose names the body is to be completed with: customers that it shows by id.
    std::vector<customer_id> people;
    // The Idempotency-Key exists in the database already: the stored receipt is the answer.
    bool receipt_exists = false;
    // Refused by what may be this request's own doing, stored by somebody else (another node, a session of a
    // process that is gone): before a key is told so, its receipt is looked for.
    bool may_be_stored = false;
    // Refused without knowing whether it took effect: a retry under the same key must ask the database first.
    bool is_uncertain = false;
    stage_marks marks{};

    bool ok() const noexcept { return code == errc::ok; }
};

}  // namespace qtable
