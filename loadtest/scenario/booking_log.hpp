// The bookings that one thread of load was promised: each 201 with what it said, whether it was cancelled
// again, and when. What cancelling picks from, and what is looked up after the run. Owner: its thread, then
// whoever checks. Bounds: `most` bookings, further ones are counted only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadtest/scenario/offers.hpp"

namespace qtable::loadtest {

enum class cancelling : std::uint8_t { none, asked, done };

struct booking {
    wanted_booking wanted;
    std::string id;    // empty: the 201 named none
    std::string body;  // of the 201, when it is to be compared later
    std::string note;  // what was asked for in special_requests
    std::int64_t sent_ns = 0, confirmed_ns = 0;
    std::int64_t cancel_sent_ns = 0;
    cancelling cancel = cancelling::none;
};

class booking_log {
  public:
    static constexpr std::size_t most = 1'000'000;

    explicit booking_log(bool keeps_bodies) : keeps_bodies_(keeps_bodies) {}

    void confirmed(const wanted_booking& what, std::string_view note, std::string_view body,
                   std::int64_t sent_ns, std::int64_t now_ns);
    // The one that stands for longest, which is then being cancelled; none when there are no more.
    std::optional<std::size_t> begin_cancel(std::int64_t now_ns);
    void cancelled(std::size_t which) { all_[which].cancel = cancelling::done; }

    const std::vector<booking>& all() const noexcept { return all_; }
    std::size_t standing() const noexcept { return standing_.size(); }
    std::uint64_t not_kept() const noexcept { return not_kept_; }

  private:
    bool keeps_bodies_;
    std::vector<booking> all_;
    std::deque<std::size_t> standing_;  // those that nobody has cancelled, oldest first
    std::uint64_t not_kept_ = 0;
};

}  // namespace qtable::loadtest
