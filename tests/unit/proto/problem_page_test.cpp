// The pages of problems: one for each code, with all parts, and nothing for other names.
#include "proto/problem_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "proto/problem.hpp"

namespace qtable::proto {
namespace problem_page_test {

using testing::HasSubstr;
using testing::Not;

template <class Visit>
void for_each_code(Visit&& visit) {
    for (int i = 1; i < static_cast<int>(errc::count_); ++i) visit(static_cast<errc>(i));
}

TEST(problem_page, each_code_is_found_by_its_name) {
    for_each_code([](errc code) { EXPECT_EQ(find_problem_code(wire_code(code)), code); });
    for (const char* other : {"", "ok", "count_", "Not_found", "not_found ", "no_such_code"})
        EXPECT_EQ(find_problem_code(other), errc::ok) << other;
}

TEST(problem_page, says_what_why_and_what_to_do) {
    for_each_code([](errc code) {
        std::string page;
        write_problem_page(page, code);
        EXPECT_THAT(page, HasSubstr("<h1>" + std::string(problem_of(code).title) + "</h1>"));
        EXPECT_THAT(page, HasSubstr("Status " + std::to_string(problem_of(code).status)));
        for (const char* heading : {"What it means", "Why it comes", "What to do", "Repeating it"})
            EXPECT_THAT(page, HasSubstr("<h2>" + std::string(heading) + "</h2>\n<p>")) << wire_code(code);
        EXPECT_THAT(page, Not(HasSubstr("<p></p>"))) << wire_code(code);
        EXPECT_THAT(page, HasSubstr("</html>"));
    });
}

TEST(problem_page, names_of_the_api_stand_in_code_and_are_closed) {
    for_each_code([](errc code) {
        const problem_advice advice = advice_of(code);
        for (const std::string_view text : {advice.why, advice.remedy})
            EXPECT_EQ(std::count(text.begin(), text.end(), '`') % 2, 0) << wire_code(code);
    });
    std::string page;
    write_problem_page(page, errc::slot_unavailable);
    EXPECT_THAT(page, HasSubstr("<code>alternatives</code> holds"));
}

TEST(problem_page, the_index_leads_to_each_by_status) {
    std::string page;
    write_problem_index(page);
    for_each_code([&page](errc code) {
        EXPECT_THAT(page, HasSubstr("<a href=\"/problems/" + std::string(wire_code(code)) + "\">"));
    });
    EXPECT_LT(page.find("/problems/malformed_json"), page.find("/problems/not_found"));
    EXPECT_LT(page.find("/problems/not_found"), page.find("/problems/internal"));
}

}  // namespace problem_page_test
}  // namespace qtable::proto
