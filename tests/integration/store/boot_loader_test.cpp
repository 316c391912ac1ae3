// A start reads what a reload reads.
#include "storage/store/boot_loader.hpp"

#include <map>

#include "core/base/limits.hpp"
#include "tests/integration/store/store_test.hpp"

namespace qtable::storage {

namespace {

using boot_loader_test = store_test;

TEST_F(boot_loader_test, gives_the_images_that_load_gives) {
    auto journal = make_journal("one-0");
    std::vector<restaurant_id> ids;
    for (int i = 0; i < 7; ++i) {
        const restaurant place = make_restaurant(i);
        batch work = new_restaurant_batch(place);
        work.slots.push_back({place.id, {next_id<slot_id>(), today(), 600, 2, 3, true, 1}});
        work.slots.push_back({place.id, {next_id<slot_id>(), today().plus_days(-9), 600, 2, 3, true, 1}});
        for (const table& one : place.tables) work.reservations.push_back(make_reservation(place, {one.id}));
        work.guests.push_back({make_guest(guest_status::waiting), place.id, false});
        ASSERT_EQ(write(*journal, work).outcome, batch_outcome::committed);
        ids.push_back(place.id);
    }
    sql_->query("update restaurants set timezone = 'Mars/Olympus' where id = $1", params().add(ids[3]));
    sql_->query("update restaurants set deleted_at = now() where id = $1", params().add(ids[4]));

    std::vector<restaurant_image> images;
    std::vector<restaurant_id> refused;
    int reports = 0;
    boot_loader::sinks sinks;
    sinks.restaurant = [&](restaurant_image&& image) { images.push_back(std::move(image)); };
    sinks.receipt = [](const stored_key&) {};
    sinks.refused = [&](const restaurant_id& id, std::string_view) { refused.push_back(id); };
    sinks.progress = [&](const boot_counts&) { ++reports; };
    boot_loader loader(*sql_, zones_);
    loader.restaurants_per_chunk = 2;
    const boot_counts counts = loader.load(noon, sinks);

    EXPECT_EQ(counts.restaurants_total, 6);
    EXPECT_EQ(counts.restaurants, 5);
    EXPECT_EQ(counts.refused, 1);
    EXPECT_EQ(counts.slots, 5);
    EXPECT_EQ(counts.reservations, 0 + 1 + 2 + 5 + 6);
    EXPECT_EQ(counts.guests, 5);
    EXPECT_EQ(refused, std::vector<restaurant_id>{ids[3]});
    EXPECT_GE(reports, 3);
    ASSERT_EQ(images.size(), 5U);
    for (std::size_t i = 1; i < images.size(); ++i) EXPECT_LT(images[i - 1].id, images[i].id);
    for (const restaurant_image& image : images) {
        EXPECT_TRUE(image == load(*journal, image.id, image.last_seq));
    }
}

TEST_F(boot_loader_test, gives_the_keys_of_the_last_day) {
    auto journal = make_journal("one-0");
    const restaurant place = make_restaurant(0);
    batch work = new_restaurant_batch(place);
    for (const std::int64_t age_ms : {std::int64_t{0}, std::int64_t{1000}, limits::idempotency_kept_ms + 1}) {
        work.receipts.push_back({{next_uuid(), "POST /x", "key " + std::to_string(age_ms), {1, 2}},
                                 201,
                                 "{}",
                                 "",
                                 0,
                                 noon.plus_ms(-age_ms)});
    }
    ASSERT_EQ(write(*journal, work).outcome, batch_outcome::committed);
    std::vector<std::string> keys;
    boot_loader::sinks sinks;
    sinks.restaurant = [](restaurant_image&&) {};
    sinks.receipt = [&](const stored_key& found) {
        keys.emplace_back(found.key);
        EXPECT_EQ(found.route, "POST /x");
        EXPECT_EQ(found.body_hash, (std::array<std::uint8_t, 16>{1, 2}));
    };
    EXPECT_EQ(boot_loader(*sql_, zones_).load(noon, sinks).receipts, 2);
    EXPECT_EQ(keys, (std::vector<std::string>{"key 1000", "key 0"}));
    EXPECT_EQ(count("select 1"), 1);  // the connection is out of its transaction
}

}  // namespace

}  // namespace qtable::storage
