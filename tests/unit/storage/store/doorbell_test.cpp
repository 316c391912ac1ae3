#include <gtest/gtest.h>

#include "core/base/limits.hpp"
#include "storage/store/bulk_writer.hpp"
#include "storage/store/journal.hpp"

namespace qtable::storage {

namespace doorbell_test {

restaurant_id make_id(std::uint8_t last) {
    restaurant_id out;
    out.bytes[15] = last;
    return out;
}

TEST(doorbell, names_writer_and_restaurants) {
    const std::string payload = format_doorbell("a-0", {make_id(1), make_id(2)});
    EXPECT_EQ(payload, "a-0 00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002");
    const doorbell bell = parse_doorbell(payload);
    EXPECT_EQ(bell.writer, "a-0");
    EXPECT_FALSE(bell.everything);
    EXPECT_EQ(bell.restaurants, (std::vector<restaurant_id>{make_id(1), make_id(2)}));
}

TEST(doorbell, too_many_restaurants_are_everything) {
    const std::vector<restaurant_id> many(limits::notify_payload_bytes / 37 + 1);
    const std::string payload = format_doorbell("a-0", many);
    EXPECT_EQ(payload, "a-0 *");
    EXPECT_TRUE(parse_doorbell(payload).everything);
    const std::vector<restaurant_id> most((limits::notify_payload_bytes - 4) / 37);
    EXPECT_LE(format_doorbell("a-0", most).size(), limits::notify_payload_bytes);
    EXPECT_EQ(parse_doorbell(format_doorbell("a-0", most)).restaurants.size(), most.size());
}

TEST(doorbell, what_cannot_be_read_is_everything) {
    for (const char* payload :
         {"", "a-0", "a-0 ", "a-0 x", "a-0 00000000-0000-0000-0000-000000000001,", "a-0 ,"}) {
        const doorbell bell = parse_doorbell(payload);
        if (std::string_view(payload).ends_with("1,")) {
            EXPECT_EQ(bell.restaurants.size(), 1U) << payload;
        } else {
            EXPECT_TRUE(bell.everything) << payload;
            EXPECT_TRUE(bell.restaurants.empty()) << payload;
        }
    }
}

TEST(changed_restaurants, leaves_out_what_is_no_id) {
    EXPECT_EQ(parse_changed_restaurants("x,00000000-0000-0000-0000-000000000007,"),
              std::vector<restaurant_id>{make_id(7)});
    EXPECT_TRUE(parse_changed_restaurants("").empty());
}

}  // namespace doorbell_test

}  // namespace qtable::storage
