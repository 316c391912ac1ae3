// Durations in nanoseconds, counted in log-linear buckets: 128 to each power of two, so that a bucket's
// middle is within 0.4 % of whatever fell into it. One thread at a time; merging is adding. Bounds: 38 KB
// whatever is recorded; values from 0 to 73 minutes, longer ones count as that; recording is a few
// instructions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace qtable::loadtest {

class histogram {
  public:
    static constexpr int sub_bits = 7;
    static constexpr int top_bit = 42;
    static constexpr std::size_t sub_buckets = std::size_t{1} << sub_bits;
    static constexpr std::size_t buckets = (top_bit - sub_bits) * sub_buckets + 2 * sub_buckets;
    static constexpr std::int64_t value_max = (std::int64_t{1} << (top_bit + 1)) - 1;

    histogram() : counts_(buckets) {}

    void record(std::int64_t value) noexcept { record(value, 1); }
    void record(std::int64_t value, std::uint64_t times) noexcept;
    void merge(const histogram& other);
    void clear() noexcept;

    bool is_empty() const noexcept { return count_ == 0; }
    std::uint64_t count() const noexcept { return count_; }
    std::int64_t min() const noexcept { return count_ == 0 ? 0 : min_; }
    std::int64_t max() const noexcept { return max_; }
    double mean() const noexcept { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
    // The value that `percent` of the recorded ones don't exceed; 0 when there are none, the exact maximum at
    // 100.
    std::int64_t percentile(double percent) const noexcept;
    // How many are at most `value`, to the precision of a bucket.
    std::uint64_t count_up_to(std::int64_t value) const noexcept;

    // Buckets that hold something, smallest first: the value in their middle and how many.
    void for_each(const std::function<void(std::int64_t value, std::uint64_t count)>& visit) const;

    static std::size_t index_of(std::int64_t value) noexcept;
    static std::int64_t middle_of(std::size_t index) noexcept;

    // What a report kept; the counts come by `record(value, times)` before.
    void restore(std::int64_t min, std::int64_t max, double sum) noexcept;
    double sum() const noexcept { return sum_; }

  private:
    std::vector<std::uint64_t> counts_;
    std::uint64_t count_ = 0;
    std::int64_t min_ = 0;
    std::int64_t max_ = 0;
    double sum_ = 0;
};

}  // namespace qtable::loadtest
