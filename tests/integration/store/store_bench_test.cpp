// Figures, printed and not asserted: what a batch costs, and a start against a plain COPY of the same rows to
// a file. The sizes are small here; QTABLE_BENCH_RESTAURANTS=10000 (100 reservations each) and
// QTABLE_BENCH_BATCHES=400 measure the real thing.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "storage/store/boot_loader.hpp"
#include "tests/integration/store/store_test.hpp"

namespace qtable::storage {

namespace {

int size_from(const char* variable, int otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::atoi(text);
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// CPU seconds that a session's process in the server has used: steadier than the clock on a shared machine.
class store_bench : public store_test {
  protected:
    double server_cpu(const std::string& application_name) {
        const auto pid = count(
            "select pid from pg_stat_activity where datname = current_database() and "
            "application_name = '" +
            application_name + "'");
        std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
        std::string skipped;
        std::getline(file, skipped, ')');
        for (int i = 0; i < 11; ++i) file >> skipped;  // up to field 13
        double user = 0, system = 0;
        file >> user >> system;
        return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
    }
};

TEST_F(store_bench, batches_of_256_reservations) {
    const int batches = size_from("QTABLE_BENCH_BATCHES", 20);
    auto journal = make_journal("one-0");
    std::vector<restaurant> places;
    batch setup;
    for (int i = 0; i < 64; ++i) {
        places.push_back(make_restaurant(8));
        batch one = new_restaurant_batch(places.back());
        std::move(one.restaurants.begin(), one.restaurants.end(), std::back_inserter(setup.restaurants));
        std::move(one.tables.begin(), one.tables.end(), std::back_inserter(setup.tables));
        std::move(one.events.begin(), one.events.end(), std::back_inserter(setup.events));
    }
    ASSERT_EQ(write(*journal, setup).outcome, batch_outcome::committed);

    std::vector<batch> work(static_cast<std::size_t>(batches));
    std::int64_t seq = 1;
    for (int b = 0; b < batches; ++b) {
        for (int i = 0; i < 4; ++i) {
            ++seq;
            for (const restaurant& place : places) {
                // Each table is taken by the next party when the last one has left.
                const table_id table = place.tables[static_cast<std::size_t>((b * 4 + i) % 8)].id;
                batch& to = work[static_cast<std::size_t>(b)];
                to.reservations.push_back(make_reservation(place, {table}));
                reservation& made = to.reservations.back();
                const std::int64_t later = (b * 4 + i) / 8 * 120 * ms_per_minute;
                for (instant* moment :
                     {&made.starts_at, &made.ends_at, &made.blocks_from, &made.blocks_until}) {
                    *moment = moment->plus_ms(later);
                }
                to.events.push_back(next_event(place.id, seq));
                to.events.back().data.assign(400, 'x');
                to.events.back().subject = made.id;
                to.events.back().action = "reservation.create";
            }
        }
    }
    const double cpu = server_cpu(pg_journal::application_name("one-0"));
    const auto begin = std::chrono::steady_clock::now();
    for (const batch& one : work) ASSERT_EQ(write(*journal, one).outcome, batch_outcome::committed);
    const double seconds = seconds_since(begin);
    const double each = 1e6 / batches / 256;
    std::printf(
        "%d batches of 256, one connection, fsync off: %.0f reservations/s; server CPU %.1f us each\n",
        batches, batches * 256 / seconds, (server_cpu(pg_journal::application_name("one-0")) - cpu) * each);
}

TEST_F(store_bench, start_against_copy) {
    const int restaurants = size_from("QTABLE_BENCH_RESTAURANTS", 200);
    auto journal = make_journal("one-0");
    const restaurant place = make_restaurant(10);
    ASSERT_EQ(write(*journal, new_restaurant_batch(place)).outcome, batch_outcome::committed);
    // Copies of the one, then reservations in the order in which they would have come: by time, over all
    // restaurants.
    const std::string copies = std::to_string(restaurants - 1);
    sql_->exec(
        "create temporary table made as select md5(n::text)::uuid as id from generate_series(1, " + copies +
        ") n; "
        "create temporary table one as select * from restaurants; "
        "insert into restaurants select (jsonb_populate_record(null::restaurants, to_jsonb(one) || "
        "jsonb_build_object('id', made.id))).* "
        "from one, made; "
        "insert into restaurant_tables select made.id, md5(made.id::text || t.id)::uuid, label, capacity, "
        "min_party, "
        "section, x, y, shape, status, null, 1 from restaurant_tables t, made; "
        "insert into restaurant_events select made.id, 1, 0, 'settings_changed', now(), 'system', made.id, "
        "made.id, '{}' from made; "
        "insert into customer_reservations select r.id, md5(r.id::text || n)::uuid, md5(n::text)::uuid, "
        "date '2026-11-22' + n / 4, 1080, 2, 'confirmed', 'window seat please', "
        "array[md5(r.id::text || n % 4)::uuid], null, t, t + '90 min', t, t + '90 min', t, t, 'ABCDEF', "
        "null, null, 1 "
        "from generate_series(0, 99) n, restaurants r, "
        "lateral (select timestamptz '2026-11-22 18:00Z' + n / 4 * interval '1 day' as t) x; analyze");
    const std::string file = "/tmp/" + database_ + ".copy";
    const double cpu_before = server_cpu("qtable");
    const auto copying = std::chrono::steady_clock::now();
    {
        std::ofstream out(file, std::ios::binary);
        sql_->copy_out("copy customer_reservations to stdout", [&](std::string_view chunk) {
            out.write(chunk.data(), static_cast<std::streamsize>(chunk.size()));
        });
    }
    const double copy_seconds = seconds_since(copying);
    std::remove(file.c_str());
    const double cpu_between = server_cpu("qtable");

    std::vector<restaurant_image> images;
    boot_loader::sinks sinks;
    sinks.restaurant = [&](restaurant_image&& image) { images.push_back(std::move(image)); };
    sinks.receipt = [](const stored_key&) {};
    const auto loading = std::chrono::steady_clock::now();
    const boot_counts counts = boot_loader(*sql_, zones_).load(noon, sinks);
    const double load_seconds = seconds_since(loading);
    EXPECT_EQ(counts.reservations, restaurants * 100);
    std::printf(
        "start with %d restaurants and %lld reservations: %.2f s; COPY of the reservations to a file: %.2f s "
        "(x %.1f); server CPU %.2f s against %.2f s\n",
        restaurants, static_cast<long long>(counts.reservations), load_seconds, copy_seconds,
        load_seconds / copy_seconds, server_cpu("qtable") - cpu_between, cpu_between - cpu_before);
}

}  // namespace

}  // namespace qtable::storage
