#include "storage/pg/sqlstate.hpp"

#include <gtest/gtest.h>

namespace qtable::storage {
namespace sqlstate_test {

TEST(sqlstate, every_code_that_is_told_apart) {
    using c = sqlstate_class;
    const std::pair<std::string_view, c> expected[] = {
        {"23505", c::unique_violation},
        {"23P01", c::exclusion_violation},
        {"23503", c::foreign_key_violation},
        {"23514", c::check_violation},
        {"23502", c::check_violation},
        {"40001", c::retryable},
        {"40P01", c::retryable},
        {"57014", c::unavailable},
        {"53100", c::unavailable},
        {"53300", c::unavailable},
        {"25006", c::unavailable},
        {"57P01", c::unavailable},
        {"57P03", c::unavailable},
        {"08006", c::unavailable},
        {"26000", c::stale_statements},
        {"42P05", c::stale_statements},
        {"0A000", c::stale_statements},
        {"42601", c::other},
        {"57000", c::other},
        {"00000", c::other},
    };
    for (const auto& [code, kind] : expected) EXPECT_EQ(classify(sqlstate(code)), kind) << code;
}

TEST(sqlstate, what_is_no_code_is_an_internal_error) {
    EXPECT_EQ(sqlstate("").view(), "XX000");
    EXPECT_EQ(sqlstate("235051").view(), "XX000");
    EXPECT_EQ(classify(sqlstate("")), sqlstate_class::other);
}

}  // namespace sqlstate_test
}  // namespace qtable::storage
