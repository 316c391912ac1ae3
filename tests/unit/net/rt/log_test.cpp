#include "net/rt/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <string>
#include <thread>

namespace qtable::net {
namespace log_test {

const instant noon{1'796'000'000'123};

TEST(log_line, is_one_object_on_one_line) {
    EXPECT_EQ(
        log_line(noon, log_level::warning, "a \"b\"\nc", 3U, 0),
        "{\"ts\":\"2026-11-30T00:53:20.123Z\",\"level\":\"warning\",\"msg\":\"a \\\"b\\\" c\",\"core\":3}\n");
    EXPECT_EQ(log_line(noon, log_level::info, "x", {}, 7),
              "{\"ts\":\"2026-11-30T00:53:20.123Z\",\"level\":\"info\",\"msg\":\"x\",\"dropped\":7}\n");
}

TEST(log_line, long_and_foreign_texts_fit_and_stay_utf8) {
    const std::string quotes(10'000, '"');
    EXPECT_LE(log_line(noon, log_level::error, quotes, 63U, UINT64_MAX / 2).size(), std::size_t{PIPE_BUF});
    // A letter of two bytes on the border goes as a whole.
    const std::string border = std::string(log_text_bytes - 1, 'x') + "äy";
    EXPECT_NE(log_line(noon, log_level::info, border, {}, 0).find("xx\"}"), std::string::npos);
    EXPECT_NE(log_line(noon, log_level::info, "caf\xE9", {}, 0).find("\"caf?\""), std::string::npos);
}

TEST(write_lines, comes_out_whole_and_in_pieces_that_do_not_mix) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    std::string sent;
    for (int i = 0; i < 3000; ++i) sent += "line " + std::to_string(i) + std::string(90, '.') + '\n';
    std::thread writer([&] {
        write_lines(ends[1], sent);
        ::close(ends[1]);
    });
    std::string got;
    std::array<char, 65536> chunk{};
    for (ssize_t size = 0; (size = ::read(ends[0], chunk.data(), chunk.size())) > 0;)
        got.append(chunk.data(), static_cast<std::size_t>(size));
    writer.join();
    ::close(ends[0]);
    EXPECT_EQ(got, sent);
}

// Nobody reads stdout: the line is dropped, the thread goes on, and the next line tells of it.
TEST(write_log, never_waits) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const int before = ::dup(STDOUT_FILENO);
    std::fflush(stdout);
    ASSERT_EQ(::dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
    set_log_format(log_format::json);
    for (int i = 0; i < 2000; ++i) write_log(log_level::info, "a line that nobody reads, but a pipe holds");
    std::string got(1 << 20, '\0');
    got.resize(static_cast<std::size_t>(::read(ends[0], got.data(), got.size())));
    write_log(log_level::info, "there is room again");
    std::string next(4096, '\0');
    next.resize(static_cast<std::size_t>(::read(ends[0], next.data(), next.size())));
    set_log_format(log_format::text);
    ::dup2(before, STDOUT_FILENO);
    for (const int each : {before, ends[0], ends[1]}) ::close(each);
    EXPECT_EQ(got.find("dropped"), std::string::npos);
    EXPECT_EQ(got.back(), '\n');
    EXPECT_NE(next.find("there is room again\",\"dropped\":"), std::string::npos) << next;
}

}  // namespace log_test
}  // namespace qtable::net
