#include "storage/pg/sqlstate.hpp"

#include <algorithm>

namespace qtable::storage {

sqlstate::sqlstate(std::string_view code) noexcept {
    if (code.size() != chars.size()) code = "XX000";
    std::copy(code.begin(), code.end(), chars.begin());
}

sqlstate_class classify(const sqlstate& code) noexcept {
    const std::string_view text = code.view();
    const std::string_view family = text.substr(0, 2);
    if (text == "23505") return sqlstate_class::unique_violation;
    if (text == "23P01") return sqlstate_class::exclusion_violation;
    if (text == "23503") return sqlstate_class::foreign_key_violation;
    if (text == "23514" || text == "23502") return sqlstate_class::check_violation;
    if (text == "40001" || text == "40P01") return sqlstate_class::retryable;
    if (text == "57014" || text == "25006" || text.starts_with("57P") || family == "53" || family == "08") {
        return sqlstate_class::unavailable;
    }
    if (text == "26000" || text == "42P05" || text == "0A000") return sqlstate_class::stale_statements;
    return sqlstate_class::other;
}

}  // namespace qtable::storage
