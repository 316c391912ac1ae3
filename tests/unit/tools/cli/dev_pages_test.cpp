// What `qtable dev` tells the console: the newest letters as they were written, and the demo's account.
#include "tools/qtable/cli/dev_pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tools/qtable/cli/demo.hpp"

namespace qtable::tools {
namespace dev_pages_test {

using testing::HasSubstr;
using testing::Not;

struct mail_folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("qtable-dev-pages-" + std::to_string(::getpid()));
    mail_folder() { std::filesystem::create_directories(path); }
    ~mail_folder() { std::filesystem::remove_all(path); }
    void write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
};

TEST(dev_pages, letters_the_newest_first) {
    const mail_folder folder;
    const auto answer = dev_answer_of(folder.path, false);
    EXPECT_EQ(answer("mails"), R"({"total":0,"items":[]})");
    folder.write("0190-a.eml", "To: a\r\n\r\n\"first\"\n");
    folder.write("0190-b.eml", "To: b\r\n\r\nsecond\n");
    folder.write(".0190-c.eml.x7", "half");
    folder.write("notes.txt", "no letter");
    EXPECT_EQ(answer("mails"), R"({"total":2,"items":[{"name":"0190-b","raw":"To: b\r\n\r\nsecond\n"},)"
                               R"({"name":"0190-a","raw":"To: a\r\n\r\n\"first\"\n"}]})");
}

TEST(dev_pages, no_more_letters_than_fifty) {
    const mail_folder folder;
    for (int i = 100; i < 160; ++i) folder.write(std::to_string(i) + ".eml", "x");
    const std::string told = dev_answer_of(folder.path, false)("mails");
    EXPECT_THAT(told, HasSubstr(R"("total":60)"));
    EXPECT_THAT(told, HasSubstr(R"("name":"159")"));
    EXPECT_THAT(told, HasSubstr(R"("name":"110")"));
    EXPECT_THAT(told, Not(HasSubstr(R"("name":"109")")));
}

TEST(dev_pages, the_demo_has_an_account_and_nothing_else_is_told) {
    EXPECT_THAT(dev_answer_of("/nowhere", true)("accounts"), HasSubstr(demo_owner));
    EXPECT_EQ(dev_answer_of("/nowhere", false)("accounts"), R"({"items":[]})");
    EXPECT_EQ(dev_answer_of("/nowhere", true)("mails"), R"({"total":0,"items":[]})");
    EXPECT_EQ(dev_answer_of("/nowhere", true)("token.key"), "");
    EXPECT_EQ(dev_answer_of("/nowhere", true)(""), "");
}

}  // namespace dev_pages_test
}  // namespace qtable::tools
