// A unit of work for a pg_connection: statements that are sent as one pipeline segment and take effect all or
// none, and what became of it. Plain values, any core; a unit is moved into the connection.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/pg/params.hpp"
#include "storage/pg/row.hpp"
#include "storage/pg/sqlstate.hpp"

namespace qtable::storage {

// Meant to be a constexpr object: the connection keeps the views. It is prepared under `name` on its first
// use per connection; an empty name is never prepared. Two statements of one name must be the same.
struct statement {
    std::string_view name;
    std::string_view sql;
};

class unit {
  public:
    struct step {
        statement what;
        params with;
    };

    unit& add(const statement& what, params with = {}) {
        steps_.push_back({what, std::move(with)});
        return *this;
    }
    const std::vector<step>& steps() const noexcept { return steps_; }
    bool empty() const noexcept { return steps_.empty(); }

    // Overrides pg_options::unit_timeout_ms when positive.
    std::int64_t timeout_ms = 0;

  private:
    std::vector<step> steps_;
};

enum class unit_outcome : std::uint8_t {
    committed,        // SYNC came: durable
    failed,           // SYNC came after an error: nothing of it took effect
    outcome_unknown,  // sent, and the connection ended before SYNC: it may or may not have taken effect
    unavailable,      // never sent: it certainly took no effect
};

std::string_view to_string(unit_outcome outcome) noexcept;

struct unit_failure {
    sqlstate code;
    int statement = -1;      // index of the step that failed; -1 = at commit (a deferred constraint), or none
    std::string constraint;  // its name, when the error is a constraint's
    std::string message;     // one line
    std::string detail = {};  // of a constraint's error: the key that is taken, "Key (a, b)=(1, 2) …"

    sqlstate_class kind() const noexcept { return classify(code); }
};

struct unit_result {
    unit_outcome outcome = unit_outcome::unavailable;
    std::vector<rows> results;  // committed: one per step
    unit_failure failure;       // failed: what; outcome_unknown and unavailable: why, in `message`

    bool committed() const noexcept { return outcome == unit_outcome::committed; }
};

using unit_callback = std::function<void(unit_result)>;

}  // namespace qtable::storage
