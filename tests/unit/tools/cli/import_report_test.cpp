#include "tools/qtable/cli/import_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qtable::tools {
namespace import_report_test {

using testing::HasSubstr;
using testing::Not;

import_result some_problems() {
    import_result read;
    read.read = 4;
    read.restaurants.resize(3);
    read.restaurants[0].has_hours = true;
    read.problems = {
        {import_problem_kind::skipped, 3, "", "name", "", "it has no name"},
        {import_problem_kind::unreadable_hours, 5, "Café\nX", "opening_hours", "sunrise+", "no time of day"},
        {import_problem_kind::field_dropped, 6, "Y", "phone", "call us", "no number"}};
    return read;
}

TEST(ImportReport, CountsEverything) {
    EXPECT_EQ(import_summary(some_problems(), {1, 2, 0}),
              "read:          4\n"
              "inserted:      1\n"
              "updated:       2\n"
              "unchanged:     0\n"
              "skipped:       1\n"
              "without hours: 2\n");
}

TEST(ImportReport, AProblemIsOneLine) {
    EXPECT_EQ(problem_line(some_problems().problems[1]),
              "line 5: Café X: opening_hours \"sunrise+\": imported without hours: no time of day");
}

TEST(ImportReport, DigestShowsWhatMatters) {
    const std::string digest = import_problems_digest(some_problems(), 10);
    EXPECT_THAT(digest, HasSubstr("line 3: name"));
    EXPECT_THAT(digest, HasSubstr("sunrise+"));
    EXPECT_THAT(digest, Not(HasSubstr("call us")));
    EXPECT_THAT(digest, HasSubstr("1 fields were cleaned or left out"));
}

TEST(ImportReport, DigestIsBounded) {
    import_result read = some_problems();
    read.problems.resize(1);
    read.problems.resize(250, read.problems[0]);
    EXPECT_THAT(import_problems_digest(read, 100), HasSubstr("… and 150 more"));
}

TEST(ImportReport, FullReportHasAll) {
    const std::string report = full_import_report("city.csv", some_problems(), {});
    for (const char* part : {"city.csv\n", "read:          4", "line 3: ", "sunrise+", "call us"})
        EXPECT_THAT(report, HasSubstr(part));
}

}  // namespace import_report_test
}  // namespace qtable::tools
