// A figure, printed and not asserted: what a batch costs. The size is small here; QTABLE_BENCH_BATCHES=400
// measures the real thing.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

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
                const std::int64_t afterwards = (b * 4 + i) / 8 * 120 * ms_per_minute;
                for (instant* moment :
                     {&made.starts_at, &made.ends_at, &made.blocks_from, &made.blocks_until}) {
                    *moment = moment->plus_ms(afterwards);
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

}  // namespace

}  // namespace qtable::storage
