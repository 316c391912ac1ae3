#include "net/limit/rate_limits.hpp"

#include <algorithm>
#include <cstring>

namespace qtable::net {

namespace {

// A word: 20 bits of the hash above, below them the time at which the quota is whole again, in units of 10 µs
// (five years of uptime).
constexpr int time_bits = 44;
constexpr std::uint64_t time_mask = (std::uint64_t{1} << time_bits) - 1;
constexpr std::uint64_t units_per_ms = 100;
constexpr std::uint64_t units_per_min = 60'000 * units_per_ms;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) noexcept {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
    return hash ^ (hash >> 29);
}

std::uint64_t hash_of(std::string_view key, std::uint64_t salt) noexcept {
    std::uint64_t hash = mixed(salt, key.size());
    while (!key.empty()) {
        std::uint64_t word = 0;
        const std::size_t size = std::min<std::size_t>(key.size(), sizeof word);
        std::memcpy(&word, key.data(), size);
        key.remove_prefix(size);
        hash = mixed(hash, word);
    }
    return mixed(hash, salt);
}

void append(std::string& to, std::int64_t value) {
    to += std::to_string(value);
}

}  // namespace

rate_table::rate_table(int per_min, std::uint64_t salt) : per_min_(per_min), salt_(salt) {
    if (is_on()) words_ = std::make_unique<std::atomic<std::uint64_t>[]>(places);
}

// The key's word, or the one of its set that has been quiet for longest, taken over.
std::atomic<std::uint64_t>* rate_table::find(std::uint64_t hash, std::uint64_t tag,
                                             std::uint64_t now) noexcept {
    std::atomic<std::uint64_t>* const set = words_.get() + (hash & (places / ways - 1)) * ways;
    std::atomic<std::uint64_t>* oldest = set;
    std::uint64_t oldest_word = time_mask;
    for (std::size_t way = 0; way < ways; ++way) {
        const std::uint64_t word = set[way].load(std::memory_order_relaxed);
        if (word != 0 && word >> time_bits == tag) return set + way;
        if ((word & time_mask) < (oldest_word & time_mask)) {
            oldest = set + way;
            oldest_word = word;
        }
    }
    const std::uint64_t mine = tag << time_bits | now;
    std::uint64_t expected = oldest->load(std::memory_order_relaxed);
    oldest->compare_exchange_strong(expected, mine, std::memory_order_relaxed);
    return oldest;
}

rate_table::asked rate_table::look_up(std::string_view key, std::int64_t now_ms) noexcept {
    const std::uint64_t hash = hash_of(key, salt_);
    const std::uint64_t tag = std::max<std::uint64_t>(hash >> time_bits, 1);
    const std::uint64_t now = static_cast<std::uint64_t>(now_ms) * units_per_ms & time_mask;
    const auto quota = static_cast<std::uint64_t>(per_min_);
    const std::uint64_t step = std::max<std::uint64_t>(units_per_min / quota, 1);
    return {tag, now, step, step * quota, *find(hash, tag, now)};
}

void rate_table::charge(std::string_view key, std::uint32_t requests, std::int64_t now_ms) noexcept {
    const auto [tag, now, step, room, place] = look_up(key, now_ms);
    std::uint64_t word = place.load(std::memory_order_relaxed), next = 0;
    do {
        const std::uint64_t whole = std::max(word & time_mask, now);
        next = tag << time_bits | std::min(whole + step * requests, std::max(whole, now + room));
    } while (!place.compare_exchange_weak(word, next, std::memory_order_relaxed));
}

rate_verdict rate_table::take(std::string_view key, std::int64_t now_ms) noexcept {
    const auto [tag, now, step, room, place] = look_up(key, now_ms);
    std::uint64_t word = place.load(std::memory_order_relaxed);
    rate_verdict made;
    for (;;) {
        // Another key may have taken the place meanwhile: its count goes on for both, which errs to the safe
        // side.
        const std::uint64_t whole = std::max(word & time_mask, now);
        const std::uint64_t used = whole - now;
        if (used + step > room) {
            made.is_allowed = false;
            made.wait_ms = static_cast<std::int64_t>((used + step - room) / units_per_ms) + 1;
            made.whole_ms = static_cast<std::int64_t>(used / units_per_ms);
            return made;
        }
        const std::uint64_t next = tag << time_bits | (whole + step);
        if (place.compare_exchange_weak(word, next, std::memory_order_relaxed)) {
            made.left = static_cast<int>((room - used - step) / step);
            made.whole_ms = static_cast<std::int64_t>((used + step) / units_per_ms);
            return made;
        }
    }
}

void rate_note::append_to(std::string& lines) const {
    ((lines += "RateLimit-Policy: \"") += policy) += "\";q=";
    append(lines, per_min);
    ((lines += ";w=60\r\nRateLimit: \"") += policy) += "\";r=";
    append(lines, said.left);
    lines += ";t=";
    append(lines, said.is_allowed ? (said.whole_ms + 999) / 1000 : retry_after_s());
    lines += "\r\n";
}

rate_limits::rate_limits(const quotas& most, std::uint64_t salt)
    : address_(most.address_per_min, salt),
      account_(most.account_per_min, salt),
      restaurant_(most.restaurant_per_min, salt) {}

bool rate_limits::take(rate_table& from, std::string_view policy, std::string_view key, std::int64_t now_ms,
                       rate_note& told) noexcept {
    if (!from.is_on()) return true;
    const rate_verdict said = from.take(key, now_ms);
    // Which is nearer: by the part of its quota that is left.
    const bool is_nearer =
        !told.applies() || !said.is_allowed ||
        std::int64_t{said.left} * told.per_min < std::int64_t{told.said.left} * from.per_min();
    if (is_nearer) told = {policy, from.per_min(), said};
    return said.is_allowed;
}

bool rate_limits::by_address(std::string_view address, std::int64_t now_ms, rate_note& told) noexcept {
    return take(address_, "address", address, now_ms, told);
}

bool rate_limits::by_account(std::string_view account, std::int64_t now_ms, rate_note& told) noexcept {
    return take(account_, "account", account, now_ms, told);
}

bool rate_limits::by_restaurant(std::string_view restaurant, std::int64_t now_ms, rate_note& told) noexcept {
    return take(restaurant_, "restaurant", restaurant, now_ms, told);
}

}  // namespace qtable::net
