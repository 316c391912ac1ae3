#include "core/base/error.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/base/assert.hpp"

namespace qtable {
namespace error_test {

TEST(Error, EveryCodeHasItsOwnWireCode) {
    std::set<std::string_view> words;
    for (int code = 0; code < static_cast<int>(errc::count_); ++code) {
        words.insert(wire_code(static_cast<errc>(code)));
    }
    EXPECT_EQ(words.size(), static_cast<std::size_t>(errc::count_));
    EXPECT_EQ(wire_code(errc::slot_unavailable), "slot_unavailable");
}

TEST(Error, ResultsCarryCodesOfOneCategory) {
    const result<int> failed = errc::cutoff_passed;
    ASSERT_TRUE(failed.has_error());
    EXPECT_EQ(to_errc(failed.error()), errc::cutoff_passed);
    EXPECT_EQ(failed.error().message(), "cutoff_passed");
    EXPECT_EQ(to_errc(boost::system::errc::make_error_code(boost::system::errc::timed_out)), errc::internal);
}

TEST(AssertDeathTest, SaysWhatAndWhere) {
    const int tables = 1;
    EXPECT_DEATH({ QTABLE_ASSERT(tables == 2); },
                 "assertion failed: tables == 2 at .*error_test.cpp.*shard -1");
    QTABLE_ASSERT(tables == 1);
}

}  // namespace error_test
}  // namespace qtable
