// What a booking costs without us: 64 connections to PostgreSQL, each with one transaction at a time that
// writes what QTable writes for a booking into QTable's own schema, by prepared statements with binary
// parameters. In one of two ways:
//   --style usual      as an application does it: begin, a table that is free, the
//                      reservation, its table under the exclusion constraint, a row of the log, commit,
//                      one after the other
//   --style one-trip   the floor: the table known beforehand and all of it in one pipeline with the
//                      implicit commit at its end
// Prints bookings, seconds, latencies and its own CPU time as JSON.
// Usage: peer_booking --style S --database CONNINFO --connections N --seconds S --first N --received JSON
// --changed JSON
// --first: how many bookings earlier runs may have made per connection; --received and --changed: files with
// the data of the log's row.
#include <libpq-fe.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bench/peers/booking/statements.hpp"

namespace {

using namespace peer;
using steady = std::chrono::steady_clock;

constexpr std::int64_t us_per_minute = 60'000'000;
constexpr std::int64_t us_per_day = 24 * 60 * us_per_minute;
constexpr std::int64_t postgres_epoch_s = 946'684'800;  // 2000-01-01 in UNIX time
constexpr std::array<int, 5> start_hours = {12, 14, 16, 18, 20};
constexpr int turn_min = 90;
constexpr int party_size = 2;

struct options {
    std::string database, received, changed, style;
    int connections = 64, first = 0;
    double seconds = 2;
};

struct house {
    uuid id;
    std::vector<uuid> tables;
    std::int64_t seq = 0, public_seq = 0;  // the last of its log
};

struct booking {
    house* where = nullptr;
    uuid id, customer, command, table;
    int hour = 0;
    std::int64_t starts_at = 0, ends_at = 0, now_us = 0;
};

enum class step { begin, choose, reservation, table, events, commit, done };

struct link {
    PGconn* connection = nullptr;
    std::vector<house*> houses;
    std::int64_t next = 0;
    steady::time_point begun;
    booking what;
    step at = step::done;  // unless all goes in one trip
};

class bookings {
  public:
    explicit bookings(const options& chosen)
        : options_(chosen), random_(std::random_device{}()), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        today_us_ = (std::chrono::duration_cast<std::chrono::seconds>(now).count() - postgres_epoch_s) /
                    86'400 * us_per_day;
        links_.resize(static_cast<std::size_t>(chosen.connections));
        for (link& each : links_) {
            each.connection = PQconnectdb(chosen.database.c_str());
            if (PQstatus(each.connection) != CONNECTION_OK) die(PQerrorMessage(each.connection));
            each.next = chosen.first;
        }
        load_houses();
        for (link& each : links_) prepare(each);
    }

    void run() {
        const auto begin = steady::now();
        end_ = begin +
               std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(options_.seconds));
        rusage before{};
        ::getrusage(RUSAGE_SELF, &before);
        for (link& each : links_) book(each);
        std::array<epoll_event, 64> events;
        while (running_ > 0) {
            const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < count; ++i)
                progress(*static_cast<link*>(events[static_cast<std::size_t>(i)].data.ptr));
        }
        report(std::chrono::duration<double>(steady::now() - begin).count(), before);
    }

  private:
    // Each connection has restaurants of its own, as if its application had sharded them: nobody waits for a
    // lock.
    void load_houses() {
        PGconn* const any = links_.front().connection;
        PGresult* const found =
            PQexecParams(any,
                         "select t.restaurant_id, t.id, coalesce(e.seq, 0), "
                         "coalesce(e.public_seq, 0) from restaurant_tables t "
                         "left join (select restaurant_id, max(seq) + 1 seq, max(public_seq) "
                         "public_seq from restaurant_events "
                         "group by 1) e using (restaurant_id) where t.capacity >= 2 and "
                         "t.deleted_at is null order by 1, 2",
                         0, nullptr, nullptr, nullptr, nullptr, 1);
        if (PQresultStatus(found) != PGRES_TUPLES_OK) die(PQerrorMessage(any));
        for (int row = 0; row < PQntuples(found); ++row) {
            uuid restaurant, id;
            std::memcpy(restaurant.data(), PQgetvalue(found, row, 0), restaurant.size());
            std::memcpy(id.data(), PQgetvalue(found, row, 1), id.size());
            if (houses_.empty() || houses_.back()->id != restaurant)
                houses_.push_back(std::make_unique<house>(
                    house{restaurant, {}, number_at(found, row, 2), number_at(found, row, 3)}));
            houses_.back()->tables.push_back(id);
        }
        PQclear(found);
        if (houses_.size() < links_.size()) die("fewer restaurants than connections");
        for (std::size_t i = 0; i < houses_.size(); ++i)
            links_[i % links_.size()].houses.push_back(houses_[i].get());
    }

    static std::int64_t number_at(PGresult* from, int row, int column) {
        std::uint64_t value = 0;
        for (int i = 0; i < 8; ++i)
            value = value << 8 | static_cast<unsigned char>(PQgetvalue(from, row, column)[i]);
        return static_cast<std::int64_t>(value);
    }

    void prepare(link& of) {
        for (const auto& [name, text] :
             {std::pair{"reservation", insert_reservation}, std::pair{"table", insert_table},
              std::pair{"events", insert_events}, std::pair{"choose", choose_table},
              std::pair{"begin", "begin"}, std::pair{"commit", "commit"}}) {
            PGresult* const done = PQprepare(of.connection, name, text, 0, nullptr);
            if (PQresultStatus(done) != PGRES_COMMAND_OK) die(PQerrorMessage(of.connection));
            PQclear(done);
        }
        if (is_one_trip_ && PQenterPipelineMode(of.connection) != 1) die(PQerrorMessage(of.connection));
        if (PQsetnonblocking(of.connection, 1) != 0) die(PQerrorMessage(of.connection));
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = &of;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, PQsocket(of.connection), &event);
    }

    // Version 7: the time in front, so that they come in order.
    uuid new_id() {
        const auto ms = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                       std::chrono::system_clock::now().time_since_epoch())
                                                       .count());
        uuid made;
        const std::array<std::uint64_t, 2> drawn = {random_(), random_()};
        std::memcpy(made.data(), drawn.data(), made.size());
        for (std::size_t i = 0; i < 6; ++i) made[i] = static_cast<char>(ms >> (8 * (5 - i)));
        made[6] = static_cast<char>((made[6] & 0x0f) | 0x70);
        made[8] = static_cast<char>((made[8] & 0x3f) | 0x80);
        return made;
    }

    // Restaurant by restaurant, then the next of its tables, start hours and days: nothing is ever taken
    // twice.
    void book(link& with) {
        const auto n = static_cast<std::size_t>(with.next++);
        house& where = *with.houses[n % with.houses.size()];
        std::size_t rest = n / with.houses.size();
        const uuid& table = where.tables[rest % where.tables.size()];
        rest /= where.tables.size();
        const int hour = start_hours[rest % start_hours.size()];
        const auto day = static_cast<std::int64_t>(1 + rest / start_hours.size());
        booking& made = with.what;
        made.where = &where;
        made.table = table;
        made.hour = hour;
        made.starts_at = today_us_ + day * us_per_day + hour * 60 * us_per_minute;
        made.ends_at = made.starts_at + turn_min * us_per_minute;
        made.now_us = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count() -
                      postgres_epoch_s * 1'000'000;
        made.id = new_id();
        made.customer = new_id();
        made.command = new_id();
        with.begun = steady::now();
        ++running_;
        if (!is_one_trip_) {
            with.at = step::begin;
            send_step(with);
            return;
        }
        send_reservation(with);
        send_table(with);
        send_events(with);
        if (PQpipelineSync(with.connection) != 1 || PQflush(with.connection) != 0)
            die(PQerrorMessage(with.connection));
    }

    void send_choice(link& with) {
        parameters values;
        values.add(with.what.where->id);
        values.add(std::int32_t{party_size});
        values.add(with.what.starts_at);
        values.add(with.what.ends_at);
        values.send(with.connection, "choose");
    }

    void send_reservation(link& with) {
        const booking& made = with.what;
        parameters values;
        values.add(made.where->id);
        values.add(made.id);
        values.add(made.customer);
        values.add(made.starts_at);
        values.add(std::int32_t{made.hour * 60});
        values.add(std::int32_t{party_size});
        values.add(made.table);
        values.add(made.starts_at);
        values.add(made.ends_at);
        values.add(made.now_us);
        values.add(std::string_view("QT7K2M9P"));
        values.send(with.connection, "reservation");
    }

    void send_table(link& with) {
        const booking& made = with.what;
        parameters values;
        values.add(made.where->id);
        values.add(made.id);
        values.add(made.table);
        values.add(made.starts_at);
        values.add(made.ends_at);
        values.send(with.connection, "table");
    }

    void send_events(link& with) {
        const booking& made = with.what;
        house& where = *made.where;
        parameters values;
        values.add(where.id);
        values.add(where.seq + 1);
        values.add(made.now_us);
        values.add(made.customer);
        values.add(made.command);
        values.add(options_.received);
        values.add(made.id);
        values.add(where.public_seq + 1);
        values.add(options_.changed);
        values.send(with.connection, "events");
        where.seq += 2;
        where.public_seq += 1;
    }

    void send_step(link& with) {
        switch (with.at) {
            case step::begin:
                parameters().send(with.connection, "begin");
                break;
            case step::choose:
                send_choice(with);
                break;
            case step::reservation:
                send_reservation(with);
                break;
            case step::table:
                send_table(with);
                break;
            case step::events:
                send_events(with);
                break;
            case step::commit:
                parameters().send(with.connection, "commit");
                break;
            case step::done:
                return done(with);
        }
        if (PQflush(with.connection) != 0) die(PQerrorMessage(with.connection));
    }

    // The answer to one statement of many.
    void take(link& of, PGresult* got) {
        const ExecStatusType status = PQresultStatus(got);
        if (status == PGRES_TUPLES_OK && PQntuples(got) == 1) {
            std::memcpy(of.what.table.data(), PQgetvalue(got, 0, 0), of.what.table.size());
        } else if (status != PGRES_COMMAND_OK) {
            die(status == PGRES_TUPLES_OK ? "no table is free" : PQresultErrorMessage(got));
        }
        PQclear(got);
    }

    void progress(link& of) {
        if (PQconsumeInput(of.connection) != 1) die(PQerrorMessage(of.connection));
        while (PQisBusy(of.connection) == 0) {
            PGresult* const got = PQgetResult(of.connection);
            if (!is_one_trip_) {
                if (got != nullptr) {
                    take(of, got);
                    continue;
                }
                of.at = static_cast<step>(static_cast<int>(of.at) + 1);
                return send_step(of);
            }
            if (got == nullptr) continue;  // between two statements
            const ExecStatusType status = PQresultStatus(got);
            if (status != PGRES_COMMAND_OK && status != PGRES_PIPELINE_SYNC) die(PQresultErrorMessage(got));
            PQclear(got);
            if (status == PGRES_PIPELINE_SYNC) return done(of);
        }
    }

    void done(link& of) {
        --running_;
        const auto now = steady::now();
        latencies_ms_.push_back(std::chrono::duration<double, std::milli>(now - of.begun).count());
        if (now < end_) book(of);
    }

    void report(double seconds, const rusage& before) {
        rusage after{};
        ::getrusage(RUSAGE_SELF, &after);
        const auto spent = [](const rusage& of) {
            return static_cast<double>(of.ru_utime.tv_sec + of.ru_stime.tv_sec) +
                   static_cast<double>(of.ru_utime.tv_usec + of.ru_stime.tv_usec) / 1e6;
        };
        std::sort(latencies_ms_.begin(), latencies_ms_.end());
        const auto quantile = [&](double of) {
            return latencies_ms_[static_cast<std::size_t>(of *
                                                          static_cast<double>(latencies_ms_.size() - 1))];
        };
        std::int64_t most = 0;
        for (const link& each : links_) most = std::max(most, each.next);
        std::printf(
            "{\"bookings\": %zu, \"seconds\": %.4f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"cpu_s\": %.4f, "
            "\"next\": %lld}\n",
            latencies_ms_.size(), seconds, quantile(0.5), quantile(0.99), spent(after) - spent(before),
            static_cast<long long>(most));
    }

    options options_;
    const bool is_one_trip_ = options_.style == "one-trip";
    std::mt19937_64 random_;
    int epoll_;
    std::vector<link> links_;
    std::vector<std::unique_ptr<house>> houses_;
    std::vector<double> latencies_ms_;
    std::int64_t today_us_ = 0;
    steady::time_point end_;
    int running_ = 0;
};

std::string contents_of(const char* path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) die(std::string("can't read ") + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
    options chosen;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--style") chosen.style = argv[i + 1];
        if (name == "--database") chosen.database = argv[i + 1];
        if (name == "--connections") chosen.connections = std::atoi(argv[i + 1]);
        if (name == "--seconds") chosen.seconds = std::atof(argv[i + 1]);
        if (name == "--first") chosen.first = std::atoi(argv[i + 1]);
        if (name == "--received") chosen.received = contents_of(argv[i + 1]);
        if (name == "--changed") chosen.changed = contents_of(argv[i + 1]);
    }
    if ((chosen.style != "usual" && chosen.style != "one-trip") || chosen.connections < 1 ||
        chosen.seconds <= 0 || chosen.received.empty() || chosen.changed.empty())
        die("usage: --style usual|one-trip --database CONNINFO --connections N --seconds S --first N "
            "--received JSON --changed "
            "JSON");
    bookings(chosen).run();
}
