// The kinds of request that are told apart in a report, and what can become of one. Plain values, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qtable::loadtest {

enum class kind : std::uint8_t { search, availability, book, cancel, staff, list };
constexpr std::size_t kinds = 6;
constexpr std::array<std::string_view, kinds> kind_names = {"search", "availability", "book",
                                                            "cancel", "staff",        "list"};

constexpr std::string_view name_of(kind which) noexcept {
    return kind_names[static_cast<std::size_t>(which)];
}
std::optional<kind> parse_kind(std::string_view name) noexcept;

// An HTTP status, or what happened instead of an answer.
using outcome_code = int;
constexpr outcome_code disconnected = 1;
constexpr outcome_code timed_out = 2;
constexpr outcome_code not_http = 3;
constexpr outcome_code not_sent = 4;  // still waiting for a connection when the run was over
constexpr outcome_code outcome_codes = 600;

std::string outcome_name(outcome_code code);

constexpr bool is_answer(outcome_code code) noexcept {
    return code >= 100;
}
constexpr bool is_success(outcome_code code) noexcept {
    return code >= 200 && code < 300;
}
// Somebody else has the table: how a booking system says no.
constexpr bool is_conflict(outcome_code code) noexcept {
    return code == 409;
}
constexpr bool is_error(outcome_code code) noexcept {
    return !is_success(code) && !is_conflict(code);
}
// Whose wait belongs into the latencies: the answers that were asked for, and those that never came. An
// answer that refuses is counted by its code alone; it would make a failing server look fast.
constexpr bool is_timed(outcome_code code) noexcept {
    return is_success(code) || is_conflict(code) || code == timed_out || code == not_sent;
}

// "Not now": what a server under too much load says, and how soon.
constexpr bool is_refusal(outcome_code code) noexcept {
    return code == 429 || code == 503;
}

}  // namespace qtable::loadtest
