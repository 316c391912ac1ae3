// A start reads what a reload reads, over several connections as one state.
#include "storage/store/boot_loader.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

#include "core/base/limits.hpp"
#include "storage/store/log_positions.hpp"
#include "tests/integration/store/store_test.hpp"

namespace qtable::storage {

namespace {

class boot_loader_test : public store_test {
  protected:
    boot_loader_test()
        : loader_(conninfo_of(database_), [this](std::string_view name) {
              const std::lock_guard lock(mutex_);
              auto found = zones_.load(name);
              return found ? *found : nullptr;
          }) {
        loader_.parts = 3;
        sinks_.part_of = [](const restaurant_id& id) { return std::hash<std::string>()(to_string(id)) % 3U; };
        sinks_.restaurant = [this](restaurant_image&& image) {
            const std::lock_guard lock(mutex_);
            images_[image.id] = std::move(image);
        };
        sinks_.refused = [this](const restaurant_id& id, std::string_view reason) {
            const std::lock_guard lock(mutex_);
            refused_[id] = reason;
        };
        sinks_.receipt = [](const stored_key&) {};
    }

    std::vector<restaurant> make_restaurants(pg_journal& journal, int count) {
        std::vector<restaurant> made;
        for (int i = 0; i < count; ++i) {
            made.push_back(make_restaurant(i));
            batch work = new_restaurant_batch(made.back());
            work.slots.push_back({made.back().id, {next_id<slot_id>(), today(), 600, 2, 3, true, 1}});
            work.slots.push_back(
                {made.back().id, {next_id<slot_id>(), today().plus_days(-9), 600, 2, 3, true, 1}});
            for (const table& one : made.back().tables)
                work.reservations.push_back(make_reservation(made.back(), {one.id}));
            work.guests.push_back({make_guest(guest_status::waiting), made.back().id, false});
            EXPECT_EQ(write(journal, work).outcome, batch_outcome::committed);
        }
        return made;
    }

    std::mutex mutex_;
    boot_loader loader_;
    boot_loader::sinks sinks_;
    std::map<restaurant_id, restaurant_image> images_;
    std::map<restaurant_id, std::string> refused_;
};

TEST_F(boot_loader_test, gives_the_images_that_load_gives) {
    auto journal = make_journal("one-0");
    const std::vector<restaurant> made = make_restaurants(*journal, 7);
    sql_->query("update restaurants set timezone = 'Mars/Olympus' where id = $1", params().add(made[3].id));
    sql_->query("update restaurants set deleted_at = now() where id = $1", params().add(made[4].id));

    const auto [counts, times] = loader_.load(noon, sinks_);
    EXPECT_EQ(counts.restaurants_total, 6);
    EXPECT_EQ(counts.restaurants, 5);
    EXPECT_EQ(counts.refused, 1);
    EXPECT_EQ(counts.slots, 5);
    EXPECT_EQ(counts.reservations, 0 + 1 + 2 + 5 + 6);
    EXPECT_EQ(counts.guests, 5);
    EXPECT_GT(counts.rows, counts.restaurants + counts.slots + counts.reservations + counts.guests);
    EXPECT_GT(times.decoding_us, 0);
    EXPECT_EQ(refused_, (std::map<restaurant_id, std::string>{{made[3].id, "its time zone is unknown"}}));
    ASSERT_EQ(images_.size(), 5U);
    for (const auto& [id, image] : images_) EXPECT_TRUE(image == load(*journal, id, image.last_seq));
}

TEST_F(boot_loader_test, each_part_is_handed_out_by_one_thread_in_order) {
    auto journal = make_journal("one-0");
    make_restaurants(*journal, 12);
    std::map<std::size_t, std::pair<std::thread::id, restaurant_id>> last;
    sinks_.restaurant = [&](restaurant_image&& image) {
        const std::lock_guard lock(mutex_);
        const std::size_t part = sinks_.part_of(image.id);
        const auto [entry, is_first] =
            last.try_emplace(part, std::pair(std::this_thread::get_id(), image.id));
        if (is_first) return;
        EXPECT_EQ(entry->second.first, std::this_thread::get_id());
        EXPECT_LT(entry->second.second, image.id);
        entry->second.second = image.id;
    };
    EXPECT_EQ(loader_.load(noon, sinks_).counts.restaurants, 12);
    EXPECT_EQ(last.size(), 3U);
}

// Somebody moves every restaurant from one version to the next, in one transaction each time. What is read is
// of one version, whichever connection read it and whenever.
// What a node of several holds, here and by what the database answers about logs: each restaurant in one
// part.
TEST_F(boot_loader_test, a_node_reads_its_part_alone) {
    auto journal = make_journal("one-0");
    std::set<restaurant_id> left;
    for (int i = 0; i < 12; ++i) {
        restaurant place = make_restaurant(1);
        for (std::size_t byte = 12; byte < 16; ++byte)
            place.id.bytes[byte] = static_cast<std::uint8_t>(0xf0 + 37 * i + static_cast<int>(byte));
        left.insert(place.id);
        ASSERT_EQ(write(*journal, new_restaurant_batch(place)).outcome, batch_outcome::committed);
    }
    for (std::uint32_t part = 1; part <= 3; ++part) {
        images_.clear();
        loader_.wanted = {part, 3};
        const auto [counts, times] = loader_.load(noon, sinks_);
        EXPECT_EQ(counts.restaurants_total, static_cast<std::int64_t>(images_.size()));
        std::set<restaurant_id> followed;
        const auto connection = connect();
        restaurant_id after;
        for (bool is_end = false; !is_end;) {
            const auto got = wait_for<unit_result>([&](auto done) {
                connection->submit(positions_after(after, 2, loader_.wanted), std::move(done));
            });
            ASSERT_TRUE(got && got->committed());
            is_end = got->results[0].size() < 2;
            for (const row each : got->results[0]) {
                after = each.get<restaurant_id>(0);
                EXPECT_TRUE(followed.insert(after).second);
                EXPECT_EQ(each.get<std::int64_t>(1), 1);
            }
        }
        for (const auto& [id, image] : images_) {
            EXPECT_TRUE(loader_.wanted.holds(id));
            EXPECT_TRUE(followed.erase(id) == 1 && left.erase(id) == 1);
        }
        EXPECT_TRUE(followed.empty());
    }
    EXPECT_TRUE(left.empty());
}

TEST_F(boot_loader_test, all_parts_read_one_state) {
    auto journal = make_journal("one-0");
    make_restaurants(*journal, 12);
    std::atomic<bool> is_over{false};
    std::atomic<std::int64_t> versions{0};
    std::thread writer([&] {
        blocking_connection other(conninfo_of(database_));
        while (!is_over) {
            other.exec(
                "begin; update restaurants set version = version + 1; "
                "update restaurant_tables set version = version + 1; "
                "update availability_slots set version = version + 1; "
                "update customer_reservations set version = version + 1; commit");
            ++versions;
        }
    });
    for (int i = 0; i < 10; ++i) {
        images_.clear();
        loader_.load(noon, sinks_);
        std::map<std::int64_t, int> seen;
        for (const auto& [id, image] : images_) {
            const std::int64_t version = image.what.version;
            seen[version] += 1;
            for (const table& each : image.what.tables) EXPECT_EQ(each.version, version);
            for (const slot& each : image.slots) EXPECT_EQ(each.version, version);
            for (const reservation& each : image.reservations) EXPECT_EQ(each.version, version);
        }
        EXPECT_EQ(seen.size(), 1U) << "of more than one state";
        EXPECT_EQ(images_.size(), 12U);
    }
    is_over = true;
    writer.join();
    EXPECT_GT(versions, 10);
}

TEST_F(boot_loader_test, a_part_that_fails_ends_the_start) {
    auto journal = make_journal("one-0");
    make_restaurants(*journal, 9);
    sinks_.restaurant = [this](restaurant_image&& image) {
        if (sinks_.part_of(image.id) == 1) throw std::logic_error("no room");
    };
    EXPECT_THROW(loader_.load(noon, sinks_), std::logic_error);
    sql_->exec("alter table guests rename column notes to remarks");
    EXPECT_THROW(loader_.load(noon, sinks_), pg_error);
    // A session that was left ends when its process notices.
    const auto sessions = [this] {
        return count(
            "select count(*) from pg_stat_activity where application_name = 'qtable start' "
            "and datname = current_database()");
    };
    for (int tries = 0; tries < 500 && sessions() > 0; ++tries)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(sessions(), 0);
}

TEST_F(boot_loader_test, tells_how_far_it_is) {
    auto journal = make_journal("one-0");
    make_restaurants(*journal, 3);
    int reports = 0;
    loader_.progress_interval_ms = 5;
    sinks_.restaurant = [&](restaurant_image&&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    };
    sinks_.progress = [&](const boot_counts& so_far) {
        ++reports;
        EXPECT_EQ(so_far.restaurants_total, 3);
        EXPECT_LE(so_far.restaurants, 3);
    };
    loader_.load(noon, sinks_);
    EXPECT_GT(reports, 0);
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
    sinks_.receipt = [&](const stored_key& found) {
        keys.emplace_back(found.key);
        EXPECT_EQ(found.route, "POST /x");
        EXPECT_EQ(found.body_hash, (std::array<std::uint8_t, 16>{1, 2}));
    };
    EXPECT_EQ(loader_.load(noon, sinks_).counts.receipts, 2);
    EXPECT_EQ(keys, (std::vector<std::string>{"key 1000", "key 0"}));
}

}  // namespace

}  // namespace qtable::storage
