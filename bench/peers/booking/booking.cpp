// What a booking costs without us: 64 connections to PostgreSQL, each with one transaction at a time that
// writes what QTable writes for a booking (the reservation, its table under the exclusion constraint, two
// rows of the log) into QTable's own schema. Written to be fast: prepared statements, binary parameters,
// everything of a transaction in one pipeline with the implicit commit at its end, so that it costs one round
// trip; the table is known beforehand. Prints bookings, seconds, latencies and its own CPU time as JSON.
// Usage: peer_booking --database CONNINFO --connections N --seconds S --first N --received JSON --changed
// JSON
// --first: how many bookings earlier runs may have made per connection; --received and --changed: files with
// the data of the log's rows.
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

namespace {

using steady = std::chrono::steady_clock;

constexpr std::int64_t us_per_minute = 60'000'000;
constexpr std::int64_t us_per_day = 24 * 60 * us_per_minute;
constexpr std::int64_t postgres_epoch_s = 946'684'800;  // 2000-01-01 in UNIX time
constexpr std::array<int, 5> start_hours = {12, 14, 16, 18, 20};
constexpr int turn_min = 90;
constexpr int party_size = 2;

[[noreturn]] void die(const std::string& what) {
    std::fprintf(stderr, "peer_booking: %s\n", what.c_str());
    std::exit(1);
}

struct options {
    std::string database, received, changed;
    int connections = 64, first = 0;
    double seconds = 2;
};

using uuid = std::array<char, 16>;

struct house {
    uuid id;
    std::vector<uuid> tables;
    std::int64_t seq = 0, public_seq = 0;  // the last of its log
};

// The values of one statement, binary as PostgreSQL wants them.
class parameters {
  public:
    parameters() { storage_.reserve(4096); }
    void add(const uuid& value) { put(value.data(), value.size()); }
    void add(std::string_view value) { put(value.data(), value.size()); }
    void add(std::int64_t value) { put_number(static_cast<std::uint64_t>(value), 8); }
    void add(std::int32_t value) { put_number(static_cast<std::uint32_t>(value), 4); }

    void send(PGconn* to, const char* statement) {
        std::vector<const char*> values;
        for (const std::size_t at : starts_) values.push_back(storage_.data() + at);
        const std::vector<int> formats(values.size(), 1);
        if (PQsendQueryPrepared(to, statement, static_cast<int>(values.size()), values.data(), sizes_.data(),
                                formats.data(), 1) != 1)
            die(PQerrorMessage(to));
    }

  private:
    void put(const char* bytes, std::size_t size) {
        starts_.push_back(storage_.size());
        sizes_.push_back(static_cast<int>(size));
        storage_.append(bytes, size);
    }
    void put_number(std::uint64_t value, std::size_t size) {
        std::array<char, 8> bytes;
        for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(value >> (8 * (size - 1 - i)));
        put(bytes.data(), size);
    }
    std::string storage_;
    std::vector<std::size_t> starts_;
    std::vector<int> sizes_;
};

constexpr const char* insert_reservation =
    "insert into customer_reservations (restaurant_id, id, customer_id, date, start_minute, party_size, "
    "status, "
    "special_requests, table_ids, starts_at, ends_at, blocks_from, blocks_until, created_at, updated_at, "
    "confirmation_code, version) values ($1::uuid, $2::uuid, $3::uuid, $4::timestamptz::date, $5::integer, "
    "$6::integer, 'confirmed', '', array[$7::uuid], $8::timestamptz, $9::timestamptz, $8, $9, "
    "$10::timestamptz, "
    "$10, $11::text, 1)";
constexpr const char* insert_table =
    "insert into reservation_tables (restaurant_id, reservation_id, table_id, during) values ($1::uuid, "
    "$2::uuid, $3::uuid, tstzrange($4::timestamptz, $5::timestamptz))";
constexpr const char* insert_events =
    "insert into restaurant_events (restaurant_id, seq, public_seq, type, at, actor_kind, actor_id, "
    "command_id, "
    "data, subject_id, action) values "
    "($1::uuid, $2::bigint, 0, 'customer_reservation_received', $3::timestamptz, 'customer', $4::uuid, "
    "$5::uuid, "
    "$6::text, $7::uuid, 'reservation.create'), "
    "($1, $2 + 1, $8::bigint, 'availability_updated', $3, 'customer', $4, $5, $9::text, null, "
    "'reservation.create')";

struct link {
    PGconn* connection = nullptr;
    std::vector<house*> houses;
    std::int64_t next = 0;
    steady::time_point begun;
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
        PGresult* const found = PQexecParams(any,
                                             "select t.restaurant_id, t.id, coalesce(e.seq, 0), "
                                             "coalesce(e.public_seq, 0) from restaurant_tables t "
                                             "left join (select restaurant_id, max(seq) seq, max(public_seq) "
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
              std::pair{"events", insert_events}}) {
            PGresult* const done = PQprepare(of.connection, name, text, 0, nullptr);
            if (PQresultStatus(done) != PGRES_COMMAND_OK) die(PQerrorMessage(of.connection));
            PQclear(done);
        }
        if (PQenterPipelineMode(of.connection) != 1 || PQsetnonblocking(of.connection, 1) != 0)
            die(PQerrorMessage(of.connection));
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
        const std::int64_t starts_at = today_us_ + day * us_per_day + hour * 60 * us_per_minute;
        const std::int64_t ends_at = starts_at + turn_min * us_per_minute;
        const std::int64_t now_us = std::chrono::duration_cast<std::chrono::microseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count() -
                                    postgres_epoch_s * 1'000'000;
        const uuid id = new_id(), customer = new_id(), command = new_id();
        with.begun = steady::now();

        parameters reservation;
        reservation.add(where.id);
        reservation.add(id);
        reservation.add(customer);
        reservation.add(starts_at);
        reservation.add(std::int32_t{hour * 60});
        reservation.add(std::int32_t{party_size});
        reservation.add(table);
        reservation.add(starts_at);
        reservation.add(ends_at);
        reservation.add(now_us);
        reservation.add(std::string_view("QT7K2M9P"));
        reservation.send(with.connection, "reservation");

        parameters taken;
        taken.add(where.id);
        taken.add(id);
        taken.add(table);
        taken.add(starts_at);
        taken.add(ends_at);
        taken.send(with.connection, "table");

        parameters events;
        events.add(where.id);
        events.add(where.seq + 1);
        events.add(now_us);
        events.add(customer);
        events.add(command);
        events.add(options_.received);
        events.add(id);
        events.add(where.public_seq + 1);
        events.add(options_.changed);
        events.send(with.connection, "events");
        where.seq += 2;
        where.public_seq += 1;

        if (PQpipelineSync(with.connection) != 1 || PQflush(with.connection) != 0)
            die(PQerrorMessage(with.connection));
        ++running_;
    }

    void progress(link& of) {
        if (PQconsumeInput(of.connection) != 1) die(PQerrorMessage(of.connection));
        while (PQisBusy(of.connection) == 0) {
            PGresult* const got = PQgetResult(of.connection);
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
        if (name == "--database") chosen.database = argv[i + 1];
        if (name == "--connections") chosen.connections = std::atoi(argv[i + 1]);
        if (name == "--seconds") chosen.seconds = std::atof(argv[i + 1]);
        if (name == "--first") chosen.first = std::atoi(argv[i + 1]);
        if (name == "--received") chosen.received = contents_of(argv[i + 1]);
        if (name == "--changed") chosen.changed = contents_of(argv[i + 1]);
    }
    if (chosen.connections < 1 || chosen.seconds <= 0 || chosen.received.empty() || chosen.changed.empty())
        die("usage: --database CONNINFO --connections N --seconds S --first N --received JSON --changed "
            "JSON");
    bookings(chosen).run();
}
