// A fixed-size block of 64-bit words that one core writes and all cores read without a lock: a sequence
// counter that is odd while a write is under way, around words that are atomics (so a torn read is retried,
// and is no data race). Owner: the writer's core. Any core: `read`, `word`. Readers never wait for each
// other; a reader retries while the writer writes. No allocation after construction. Stores are release and
// loads acquire instead of fences: the same instructions on x86, and race detectors understand them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/base/assert.hpp"

namespace qtable {

class published_words {
  public:
    explicit published_words(std::size_t count)
        : words_(std::make_unique<std::atomic<std::uint64_t>[]>(count)), size_(count) {}

    std::size_t size() const noexcept { return size_; }

    // Writer. Replaces `values.size()` words from `first` on; readers see all of them or none.
    void write(std::span<const std::uint64_t> values, std::size_t first = 0) noexcept {
        QTABLE_ASSERT(first <= size_ && values.size() <= size_ - first);
        const std::uint64_t sequence = sequence_.load(std::memory_order_relaxed);
        sequence_.store(sequence + 1, std::memory_order_relaxed);
        for (std::size_t i = 0; i < values.size(); ++i)
            words_[first + i].store(values[i], std::memory_order_release);
        sequence_.store(sequence + 2, std::memory_order_release);
    }

    // Any core. Copies `out.size()` words from `first` on, as one write left them.
    void read(std::span<std::uint64_t> out, std::size_t first = 0) const noexcept {
        while (!try_read(out, first)) {
        }
    }

    // Any core. False when a write came in between; then `out` is not to be used.
    [[nodiscard]] bool try_read(std::span<std::uint64_t> out, std::size_t first = 0) const noexcept {
        QTABLE_ASSERT(first <= size_ && out.size() <= size_ - first);
        const std::uint64_t before = sequence_.load(std::memory_order_acquire);
        if ((before & 1) != 0) return false;
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = words_[first + i].load(std::memory_order_acquire);
        return sequence_.load(std::memory_order_relaxed) == before;
    }

    // Any core. Begins to fetch what lies around a word.
    void fetch(std::size_t index) const noexcept { __builtin_prefetch(words_.get() + index); }
    // Any core. Grows by two with each write; odd while one is under way. What is read after it is at least
    // as new.
    std::uint64_t sequence() const noexcept { return sequence_.load(std::memory_order_acquire); }

    // Any core. One word alone can't be torn: half a nanosecond.
    std::uint64_t word(std::size_t index) const noexcept {
        QTABLE_ASSERT(index < size_);
        return words_[index].load(std::memory_order_acquire);
    }

  private:
    std::atomic<std::uint64_t> sequence_{0};
    std::unique_ptr<std::atomic<std::uint64_t>[]> words_;
    std::size_t size_;
};

}  // namespace qtable
