#include "storage/pg/copy_rows.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace qtable::storage {
namespace copy_rows_test {

std::string number(std::uint64_t value, int bytes) {
    std::string out;
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
    return out;
}

const std::string header = std::string("PGCOPY\n\377\r\n\0", 11) + number(0, 4) + number(0, 4);
const std::string end_mark = number(0xffff, 2);

std::string field(const std::string& bytes) {
    return number(bytes.size(), 4) + bytes;
}
std::string made_row(int value, const std::string& text) {
    return number(2, 2) + field(number(static_cast<std::uint32_t>(value), 4)) + field(text);
}

struct seen {
    int value;
    std::optional<std::string> text;
    friend bool operator==(const seen&, const seen&) = default;
};

// What comes out when the bytes come in chunks of that size.
std::vector<seen> read(const std::string& bytes, std::size_t chunk, bool* is_complete = nullptr) {
    copy_rows reader({pg_type::int4, pg_type::text});
    std::vector<seen> all;
    for (std::size_t at = 0; at < bytes.size(); at += chunk) {
        reader.feed(std::string_view(bytes).substr(at, chunk), [&](const row& r) {
            all.push_back({r.get<std::int32_t>(0), r.get<std::optional<std::string>>(1)});
        });
    }
    if (is_complete != nullptr) *is_complete = reader.is_complete();
    return all;
}

TEST(copy_rows, come_out_however_the_bytes_are_cut) {
    const std::string bytes = header + made_row(-7, "añ\n") + made_row(8, "") + number(2, 2) +
                              field(number(9, 4)) + number(0xffffffff, 4) + end_mark;
    const std::vector<seen> expected{{-7, "añ\n"}, {8, ""}, {9, std::nullopt}};
    for (std::size_t chunk = 1; chunk <= bytes.size(); ++chunk) {
        bool is_complete = false;
        EXPECT_EQ(read(bytes, chunk, &is_complete), expected) << "chunks of " << chunk;
        EXPECT_TRUE(is_complete);
    }
}

TEST(copy_rows, skips_what_a_later_version_adds_to_the_header) {
    const std::string extended = header.substr(0, 15) + number(3, 4) + "new";
    EXPECT_EQ(read(extended + made_row(1, "x") + end_mark, 5), (std::vector<seen>{{1, "x"}}));
}

TEST(copy_rows, no_rows_are_complete_with_the_end_mark) {
    bool is_complete = true;
    EXPECT_TRUE(read(header, 100, &is_complete).empty());
    EXPECT_FALSE(is_complete);
    EXPECT_TRUE(read(header + end_mark, 100, &is_complete).empty());
    EXPECT_TRUE(is_complete);
}

TEST(copy_rows, a_row_that_is_cut_off_does_not_come_out) {
    const std::string bytes = header + made_row(1, "whole") + made_row(2, "cut off");
    bool is_complete = true;
    EXPECT_EQ(read(bytes.substr(0, bytes.size() - 1), 1000, &is_complete), (std::vector<seen>{{1, "whole"}}));
    EXPECT_FALSE(is_complete);
}

TEST(copy_rows, refuses_what_is_not_such_a_copy) {
    EXPECT_THROW(read("1\ttext format\n", 100), std::runtime_error);
    EXPECT_THROW(read(header + number(3, 2), 100), std::runtime_error) << "three columns";
    EXPECT_THROW(read(header + end_mark + "x", 100), std::runtime_error) << "bytes after the end";
}

}  // namespace copy_rows_test
}  // namespace qtable::storage
