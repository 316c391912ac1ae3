// PostgreSQL's five-character error codes, and what the caller should do about each. Plain values, any core.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace qtable::storage {

struct sqlstate {
    std::array<char, 5> chars{'0', '0', '0', '0', '0'};

    sqlstate() = default;
    // Anything but five characters becomes XX000 (internal_error): libpq itself gives no code for its own
    // errors.
    explicit sqlstate(std::string_view code) noexcept;

    std::string_view view() const noexcept { return {chars.data(), chars.size()}; }
    friend bool operator==(const sqlstate& a, std::string_view b) noexcept { return a.view() == b; }
    friend bool operator==(const sqlstate&, const sqlstate&) = default;
};

enum class sqlstate_class : std::uint8_t {
    unique_violation,       // 23505: a receipt that exists → replay; an event sequence → a stale writer
    exclusion_violation,    // 23P01: the table is taken at that time
    foreign_key_violation,  // 23503
    check_violation,        // 23514, 23502 (NOT NULL)
    retryable,              // 40001, 40P01: the same unit may be sent again
    unavailable,            // 57014, 53xxx, 25006, 57Pxx, 08xxx: 503, and the connection is dropped
    stale_statements,  // 26000, 42P05, 0A000: what the server has prepared isn't what we think; dropped as
                       // well
    other,
};

sqlstate_class classify(const sqlstate& code) noexcept;

}  // namespace qtable::storage
