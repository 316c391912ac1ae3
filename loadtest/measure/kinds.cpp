#include "loadtest/measure/kinds.hpp"

namespace qtable::loadtest {

std::optional<kind> parse_kind(std::string_view name) noexcept {
    for (std::size_t i = 0; i < kinds; ++i) {
        if (kind_names[i] == name) return static_cast<kind>(i);
    }
    return std::nullopt;
}

std::string outcome_name(outcome_code code) {
    switch (code) {
        case disconnected:
            return "disconnected";
        case timed_out:
            return "timeout";
        case not_http:
            return "no HTTP";
        case not_sent:
            return "not sent";
        default:
            return std::to_string(code);
    }
}

}  // namespace qtable::loadtest
