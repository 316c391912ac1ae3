// How often a client may ask: so many requests a minute by address, by account and by restaurant, all of them
// at once if it likes, and then as they come back one after the other (the generic cell rate algorithm: one
// number a key, the time at which its quota is whole again). One instance for the process; any core, without
// a lock: the count is over all cores because it is one table of atomic words. Time is an argument,
// monotonic. Bounds: `places` keys a table, 8 bytes each; when four keys meet in one set, the one that asked
// least lately loses its count. Two keys share a count when 34 bits of their salted hashes are the same.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace qtable::net {

struct rate_verdict {
    bool is_allowed = true;
    int left = 0;               // requests that may follow at once
    std::int64_t wait_ms = 0;   // until the next is allowed; 0: now
    std::int64_t whole_ms = 0;  // until the whole quota is back
};

// Of one kind of key.
class rate_table {
  public:
    static constexpr std::size_t places = 64 * 1024;
    static constexpr int quota_max = 10'000'000;

    // `per_min`: 0 = no limit.
    rate_table(int per_min, std::uint64_t salt);

    bool is_on() const noexcept { return per_min_ > 0; }
    int per_min() const noexcept { return per_min_; }
    // Counts one request of the key, unless it is one too many.
    rate_verdict take(std::string_view key, std::int64_t now_ms) noexcept;
    // Counts what was asked elsewhere, at most until nothing is left.
    void charge(std::string_view key, std::uint32_t requests, std::int64_t now_ms) noexcept;

  private:
    static constexpr std::size_t ways = 4;
    // Of one key at one moment, in the table's own units.
    struct asked {
        std::uint64_t tag, now, step, room;
        std::atomic<std::uint64_t>& place;
    };
    asked look_up(std::string_view key, std::int64_t now_ms) noexcept;
    std::atomic<std::uint64_t>* find(std::uint64_t hash, std::uint64_t tag, std::uint64_t now) noexcept;

    int per_min_;
    std::uint64_t salt_;
    std::unique_ptr<std::atomic<std::uint64_t>[]> words_;  // tag and time, by sets of `ways`; 0 = free
};

// What an answer tells its client of the limit that is nearest.
struct rate_note {
    std::string_view policy;  // "address", "account", "restaurant"; empty: none applies
    int per_min = 0;
    rate_verdict said;

    bool applies() const noexcept { return !policy.empty(); }
    // The fields `RateLimit-Policy` and `RateLimit`, as complete lines
    // (draft-ietf-httpapi-ratelimit-headers-10).
    void append_to(std::string& lines) const;
    std::int64_t retry_after_s() const noexcept { return (said.wait_ms + 999) / 1000; }
};

class rate_limits {
  public:
    struct quotas {
        int address_per_min = 0, account_per_min = 0, restaurant_per_min = 0;
    };
    rate_limits(const quotas& most, std::uint64_t salt);

    // The note that is nearer to its end of the two. False: too many.
    bool by_address(std::string_view address, std::int64_t now_ms, rate_note& told) noexcept;
    bool by_account(std::string_view account, std::int64_t now_ms, rate_note& told) noexcept;
    bool by_restaurant(std::string_view restaurant, std::int64_t now_ms, rate_note& told) noexcept;
    // What an account asked of other nodes.
    void charge_account(std::string_view account, std::uint32_t requests, std::int64_t now_ms) noexcept {
        if (account_.is_on()) account_.charge(account, requests, now_ms);
    }

  private:
    static bool take(rate_table& from, std::string_view policy, std::string_view key, std::int64_t now_ms,
                     rate_note& told) noexcept;
    rate_table address_, account_, restaurant_;
};

}  // namespace qtable::net
