// Counts attempts by key in a sliding window and says when one more is too many: failed logins per account,
// logins per address. One instance for the whole process, on one core, so that the count is over all cores;
// others ask by message. Owner: its core. Time is an argument. Bounds: `max_keys`; when full, keys whose
// window is over go first, then any.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace qtable::net {

class attempt_limiter {
  public:
    attempt_limiter(int most, std::int64_t window_ms) : most_(most), window_ms_(window_ms) {}

    // 0: go on. Otherwise the milliseconds until another attempt is allowed.
    std::int64_t wait_ms(std::string_view key, std::int64_t now_ms) const;
    void count(std::string_view key, std::int64_t now_ms);
    void forget(std::string_view key);
    std::size_t size() const noexcept { return keys_.size(); }

    static constexpr std::size_t max_keys = 100'000;

  private:
    struct window {
        std::int64_t began_ms = 0;
        int attempts = 0;
    };
    void make_room(std::int64_t now_ms);

    int most_;
    std::int64_t window_ms_;
    boost::unordered_flat_map<std::string, window> keys_;
};

}  // namespace qtable::net
