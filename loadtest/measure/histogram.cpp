#include "loadtest/measure/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qtable::loadtest {

std::size_t histogram::index_of(std::int64_t value) noexcept {
    const auto clamped = static_cast<std::uint64_t>(std::clamp<std::int64_t>(value, 0, value_max));
    const int top = clamped == 0 ? 0 : 63 - std::countl_zero(clamped);
    const int shift = std::max(0, top - sub_bits);
    return static_cast<std::size_t>(shift) * sub_buckets + static_cast<std::size_t>(clamped >> shift);
}

std::int64_t histogram::middle_of(std::size_t index) noexcept {
    // Below two rounds of sub-buckets a bucket is one value wide.
    if (index < 2 * sub_buckets) return static_cast<std::int64_t>(index);
    const std::size_t shift = index / sub_buckets - 1;
    const auto low = static_cast<std::int64_t>(index - shift * sub_buckets) << shift;
    return low + (std::int64_t{1} << shift) / 2;
}

void histogram::record(std::int64_t value, std::uint64_t times) noexcept {
    if (times == 0) return;
    const std::int64_t kept = std::clamp<std::int64_t>(value, 0, value_max);
    counts_[index_of(kept)] += times;
    min_ = count_ == 0 ? kept : std::min(min_, kept);
    max_ = std::max(max_, kept);
    sum_ += static_cast<double>(kept) * static_cast<double>(times);
    count_ += times;
}

void histogram::merge(const histogram& other) {
    if (other.count_ == 0) return;
    for (std::size_t i = 0; i < buckets; ++i) counts_[i] += other.counts_[i];
    min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
    sum_ += other.sum_;
    count_ += other.count_;
}

void histogram::clear() noexcept {
    if (count_ != 0) std::fill(counts_.begin(), counts_.end(), 0);
    count_ = 0;
    min_ = max_ = 0;
    sum_ = 0;
}

std::int64_t histogram::percentile(double percent) const noexcept {
    if (count_ == 0) return 0;
    const double wanted = std::ceil(static_cast<double>(count_) * std::clamp(percent, 0.0, 100.0) / 100);
    const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count_);
    if (rank == count_) return max_;
    std::uint64_t seen = 0;
    for (std::size_t i = index_of(min_); i < buckets; ++i) {
        seen += counts_[i];
        if (seen >= rank) return std::clamp(middle_of(i), min_, max_);
    }
    return max_;
}

std::uint64_t histogram::count_up_to(std::int64_t value) const noexcept {
    std::uint64_t seen = 0;
    const std::size_t last = index_of(value);
    for (std::size_t i = 0; i <= last; ++i) seen += counts_[i];
    return seen;
}

void histogram::for_each(const std::function<void(std::int64_t, std::uint64_t)>& visit) const {
    for (std::size_t i = 0; i < buckets; ++i) {
        if (counts_[i] != 0) visit(middle_of(i), counts_[i]);
    }
}

void histogram::restore(std::int64_t min, std::int64_t max, double sum) noexcept {
    if (count_ == 0) return;
    min_ = min;
    max_ = max;
    sum_ = sum;
}

}  // namespace qtable::loadtest
