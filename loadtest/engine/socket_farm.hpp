// All WebSockets of a run on a thread of their own, so that they see events when they come, whatever the
// requests do: opens them, reads them, checks their streams, measures delays. At moments that are known
// before it begins it drops them all at once, or stops reading some of them. Owner: its thread from `start`
// to `join`; the totals are for afterwards, the gauges for any time. Bounds: one buffer of 256 KB, what a
// socket leaves unread, and `sightings_max` sightings.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "loadtest/engine/stream_position.hpp"
#include "loadtest/measure/histogram.hpp"
#include "loadtest/measure/recorder.hpp"
#include "loadtest/wire/frames.hpp"
#include "loadtest/wire/response_parser.hpp"
#include "loadtest/wire/target.hpp"

namespace qtable::loadtest {

enum class side : std::uint8_t { staff, customer, anybody };
constexpr std::size_t sides = 3;
constexpr std::array<const char*, sides> side_names = {"staff", "customer", "public"};

struct socket_plan {
    side of = side::anybody;
    std::string path;
    std::string token;
    std::uint32_t stream = 0;  // sockets with the same number hear the same
    bool is_slow = false;      // stops reading at its moment
};

struct farm_moment {
    enum class what : std::uint8_t { drop_all, stop_reading, read_again } does = what::drop_all;
    std::int64_t at_ns = 0;
};

// A reservation as a socket heard of it.
struct sighting {
    std::uint64_t reservation = 0;  // a hash of its id
    std::int64_t at_ns = 0;
    side of = side::staff;
};

struct event_second {
    std::int64_t second = 0;
    std::uint64_t events = 0;
    std::int64_t p50_ns = 0, p99_ns = 0;
};

struct farm_totals {
    std::uint64_t opened = 0, refused = 0, reconnects = 0, dropped = 0;
    std::uint64_t events = 0, replayed = 0, duplicates = 0, holes = 0, resyncs = 0;
    std::uint64_t cut_off = 0;  // ended without a close frame
    std::uint64_t behind = 0;   // sockets that heard less than others of the same stream, in the end
    std::uint64_t late = 0;     // sockets that hadn't come back by then
    std::map<int, std::uint64_t> closes;  // by code, said by the target
    // From an event's `at` to its arrival, of the sockets that read: until something happens, and after that.
    std::array<histogram, sides> delay;
    histogram calm, after;
    double cpu_share = 0;  // of the farm's thread, while the load went on
    histogram resume;      // from the drop until everything missed has come
    std::vector<event_second> seconds;
    std::vector<sighting> sightings;
};

std::uint64_t reservation_hash(std::string_view id) noexcept;

class socket_farm {
  public:
    static constexpr std::size_t sightings_max = 4'000'000;

    socket_farm(const target& to, std::vector<socket_plan> plans);
    ~socket_farm();
    socket_farm(const socket_farm&) = delete;
    socket_farm& operator=(const socket_farm&) = delete;

    // Opens all of them and waits for their hellos; how many have one.
    std::size_t open(std::int64_t until_ns);
    // Events are measured from `window.from_ns` on.
    void start(const measured_window& window, std::vector<farm_moment> moments);
    // Reads again what was left unread, waits until all is quiet, ends.
    void finish();

    const farm_totals& totals() const noexcept { return totals_; }
    std::size_t size() const noexcept { return sockets_.size(); }
    std::atomic<std::uint64_t> events{0};
    std::atomic<std::uint32_t> open_now{0};

  private:
    enum class state : std::uint8_t { closed, connecting, upgrading, greeting, open };
    struct socket {
        const socket_plan* plan = nullptr;
        int fd = -1;
        state now = state::closed;
        bool is_reading = true;
        bool is_resuming = false;
        std::int64_t since_ns = 0;  // when to connect again, or when it was dropped
        std::int64_t dropped_ns = 0;
        response_parser parser;
        frame_reader frames;
        stream_position position;
    };

    void run();
    void turn(std::int64_t rest_ns);
    void connect(socket& which);
    void handle(socket& which, std::uint32_t flags);
    void send_upgrade(socket& which);
    void read(socket& which);
    bool take(socket& which, std::string_view bytes);
    bool take_upgrade(socket& which, std::string_view bytes);
    bool take_frames(socket& which);
    void take_message(socket& which, std::string_view text, std::int64_t now);
    void take_event(socket& which, std::string_view text, std::int64_t seq, std::int64_t now);
    void measure(const socket& which, std::string_view at, std::int64_t now);
    void become(socket& which, state next) noexcept;
    void close(socket& which, std::int64_t again_ns);
    void drop_all(std::int64_t now);
    void set_reading(socket& which, bool reads);
    void pass_moments(std::int64_t now);
    void pass_seconds(std::int64_t now);
    void tend(std::int64_t now);
    void count_behind();

    const target& target_;
    std::vector<socket_plan> plans_;
    std::vector<farm_moment> moments_;
    std::size_t next_moment_ = 0;
    std::vector<socket> sockets_;
    int epoll_ = -1;
    std::vector<char> buffer_;
    measured_window window_;
    std::int64_t wall_offset_ns_ = 0;
    bool is_measuring_ = false;
    std::int64_t last_event_ns_ = 0, tend_at_ns_ = 0;
    std::int64_t second_ends_ns_ = 0;
    event_second second_;
    histogram second_delay_;
    farm_totals totals_;
    std::thread thread_;
    std::atomic<bool> is_finishing_{false};
};

}  // namespace qtable::loadtest
