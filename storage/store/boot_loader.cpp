#include "storage/store/boot_loader.hpp"

#include <ctime>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "core/base/limits.hpp"
#include "storage/store/image_reader.hpp"

namespace qtable::storage {

namespace {

constexpr const char* application_name = "qtable start";

// A part stops at the next row once another one has failed.
struct given_up : std::exception {};

std::int64_t wall_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

std::int64_t thread_cpu_us() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::int64_t{used.tv_sec} * 1'000'000 + used.tv_nsec / 1000;
}

// A connection inside a read-only transaction; a snapshot's name joins that snapshot.
class snapshot_reader {
  public:
    explicit snapshot_reader(const std::string& conninfo, const std::string& joined = {})
        : database_(conninfo, application_name) {
        database_.exec("begin transaction isolation level repeatable read, read only");
        if (!joined.empty()) database_.exec("set transaction snapshot '" + joined + "'");
    }
    blocking_connection* operator->() noexcept { return &database_; }
    // Others can join as long as we live.
    std::string share() { return std::string(database_.exec("select pg_export_snapshot()")[0].raw(0)); }

  private:
    blocking_connection database_;
};

// What one part's thread reads, and how far it is.
class part_reader {
  public:
    part_reader(std::vector<restaurant_id> ids, std::atomic<bool>& is_given_up)
        : ids_(std::move(ids)), is_given_up_(is_given_up) {}

    void run(const std::string& conninfo, const std::string& snapshot, instant now,
             const boot_loader::zone_finder& zones, const boot_loader::sinks& into) {
        const std::int64_t begun_us = wall_us(), cpu_us = thread_cpu_us();
        snapshot_reader database(conninfo, snapshot);
        image_builder builder(std::move(ids_));
        const horizon since = horizon_of(now);
        for (const image_part& part : image_parts()) {
            database->each_copied(part.literal(builder.ids(), since), [&](const row& r) {
                if (is_given_up_.load(std::memory_order_relaxed)) throw given_up();
                (builder.*part.add)(r);
                rows_.fetch_add(1, std::memory_order_relaxed);
            });
        }
        const auto refuse = [&](const restaurant_id& id) {
            ++counts_.refused;
            if (into.refused) into.refused(id, "its time zone is unknown");
        };
        builder.finish(zones, refuse);
        times_.decoding_us = thread_cpu_us() - cpu_us;
        const std::int64_t read_us = wall_us();
        times_.waiting_us = read_us - begun_us - times_.decoding_us;
        hand_out(builder.take(), into);
        times_.handing_us = wall_us() - read_us;
    }

    // Any thread.
    std::int64_t rows() const noexcept { return rows_.load(std::memory_order_relaxed); }
    std::int64_t restaurants() const noexcept { return restaurants_.load(std::memory_order_relaxed); }
    // Once it has run.
    boot_counts counts() const noexcept {
        boot_counts all = counts_;
        all.rows = rows();
        all.restaurants = restaurants();
        return all;
    }
    const boot_times& times() const noexcept { return times_; }

  private:
    void hand_out(std::vector<restaurant_image> images, const boot_loader::sinks& into) {
        for (restaurant_image& image : images) {
            if (!image.exists) continue;
            if (is_given_up_.load(std::memory_order_relaxed)) throw given_up();
            counts_.slots += static_cast<std::int64_t>(image.slots.size());
            counts_.reservations += static_cast<std::int64_t>(image.reservations.size());
            counts_.guests += static_cast<std::int64_t>(image.guests.size());
            into.restaurant(std::move(image));
            image = restaurant_image{};
            restaurants_.fetch_add(1, std::memory_order_relaxed);
        }
    }

    std::vector<restaurant_id> ids_;
    std::atomic<bool>& is_given_up_;
    std::atomic<std::int64_t> rows_{0}, restaurants_{0};
    boot_counts counts_;
    boot_times times_;
};

// The parts' threads. The first failure of any stops the others and is thrown by `wait`.
class part_threads {
  public:
    ~part_threads() {
        is_given_up_ = true;
        for (std::thread& each : threads_) each.join();
    }
    void add(std::vector<restaurant_id> ids) {
        readers_.push_back(std::make_unique<part_reader>(std::move(ids), is_given_up_));
    }
    void start(const std::function<void(part_reader&)>& run) {
        left_ = readers_.size();
        for (const auto& reader : readers_) {
            threads_.emplace_back([this, run, &reader = *reader] {
                std::exception_ptr failure;
                try {
                    run(reader);
                } catch (...) {
                    failure = std::current_exception();
                }
                const std::lock_guard lock(mutex_);
                if (failure && !failure_) failure_ = failure;
                if (failure) is_given_up_ = true;
                --left_;
                is_done_.notify_all();
            });
        }
    }
    void wait(std::chrono::milliseconds every, const std::function<void()>& still_waiting) {
        std::unique_lock lock(mutex_);
        while (!is_done_.wait_for(lock, every, [this] { return left_ == 0; })) {
            lock.unlock();
            still_waiting();
            lock.lock();
        }
        if (failure_) std::rethrow_exception(failure_);
    }
    const std::vector<std::unique_ptr<part_reader>>& readers() const noexcept { return readers_; }

  private:
    std::atomic<bool> is_given_up_{false};
    std::vector<std::unique_ptr<part_reader>> readers_;
    std::mutex mutex_;
    std::condition_variable is_done_;
    std::size_t left_ = 0;
    std::exception_ptr failure_;
    std::vector<std::thread> threads_;
};

std::vector<std::vector<restaurant_id>> deal_out(snapshot_reader& database, std::size_t parts,
                                                 const partition& wanted, const boot_loader::sinks& into) {
    std::vector<std::vector<restaurant_id>> dealt(parts);
    database->each_copied("select id from restaurants where deleted_at is null", [&](const row& r) {
        const auto id = r.get<restaurant_id>(0);
        if (wanted.holds(id)) dealt[into.part_of ? into.part_of(id) : 0].push_back(id);
    });
    return dealt;
}

std::int64_t load_receipts(snapshot_reader& database, instant now, const boot_loader::sinks& into) {
    std::int64_t count = 0;
    const params since = std::move(params().add(now.plus_ms(-limits::idempotency_kept_ms)));
    database->each_row(
        "select actor_id, route, key, body_hash, at from idempotency_receipts where at >= $1 order by at",
        since, [&](const row& r) {
            stored_key found{r.get<uuid>(0),
                             r.get<std::string_view>(1),
                             r.get<std::string_view>(2),
                             {},
                             r.get<instant>(4)};
            const byte_view hash = r.get<byte_view>(3);
            QTABLE_ASSERT(hash.size() == found.body_hash.size());
            std::copy(hash.begin(), hash.end(), found.body_hash.begin());
            ++count;
            into.receipt(found);
        });
    return count;
}

}  // namespace

boot_counts& boot_counts::operator+=(const boot_counts& other) noexcept {
    restaurants_total += other.restaurants_total;
    rows += other.rows;
    restaurants += other.restaurants;
    refused += other.refused;
    slots += other.slots;
    reservations += other.reservations;
    guests += other.guests;
    receipts += other.receipts;
    return *this;
}

boot_loader::loaded boot_loader::load(instant now, const sinks& into) {
    snapshot_reader database(conninfo_);
    const std::string snapshot = database.share();
    loaded result;
    part_threads threads;
    for (std::vector<restaurant_id>& ids : deal_out(database, parts, wanted, into)) {
        result.counts.restaurants_total += static_cast<std::int64_t>(ids.size());
        threads.add(std::move(ids));
    }
    threads.start([&](part_reader& reader) { reader.run(conninfo_, snapshot, now, zones_, into); });
    result.counts.receipts = load_receipts(database, now, into);
    threads.wait(std::chrono::milliseconds(progress_interval_ms), [&] {
        boot_counts so_far = result.counts;
        for (const auto& reader : threads.readers()) {
            so_far.rows += reader->rows();
            so_far.restaurants += reader->restaurants();
        }
        if (into.progress) into.progress(so_far);
    });
    for (const auto& reader : threads.readers()) {
        result.counts += reader->counts();
        result.times.waiting_us += reader->times().waiting_us / static_cast<std::int64_t>(parts);
        result.times.decoding_us += reader->times().decoding_us / static_cast<std::int64_t>(parts);
        result.times.handing_us += reader->times().handing_us / static_cast<std::int64_t>(parts);
    }
    return result;
}

}  // namespace qtable::storage
