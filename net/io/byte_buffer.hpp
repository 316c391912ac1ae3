// A growing block of bytes that is empty without memory: what a connection keeps between two reads only while
// it has to. Growth doubles and doesn't clear; `release` gives the memory back. Owner: one session. Bounded
// by its user.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "core/base/assert.hpp"

namespace qtable::net {

class byte_buffer {
  public:
    byte_buffer() = default;
    ~byte_buffer() { std::free(data_); }
    byte_buffer(const byte_buffer&) = delete;
    byte_buffer& operator=(const byte_buffer&) = delete;

    char* data() noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    std::string_view view() const noexcept { return {data_, size_}; }

    void append(const char* bytes, std::size_t count) {
        if (count == 0) return;
        reserve(size_ + count);
        std::memcpy(data_ + size_, bytes, count);
        size_ += count;
    }
    void erase_front(std::size_t count) noexcept {
        QTABLE_ASSERT(count <= size_);
        size_ -= count;
        if (size_ != 0 && count != 0) std::memmove(data_, data_ + count, size_);
    }
    void truncate(std::size_t size) noexcept {
        QTABLE_ASSERT(size <= size_);
        size_ = size;
    }
    void release() noexcept {
        std::free(std::exchange(data_, nullptr));
        size_ = capacity_ = 0;
    }

  private:
    static constexpr std::size_t least_bytes = 512;

    void reserve(std::size_t wanted) {
        if (wanted <= capacity_) return;
        std::size_t capacity = capacity_ == 0 ? least_bytes : capacity_ * 2;
        if (capacity < wanted) capacity = wanted;
        void* const grown = std::realloc(data_, capacity);
        if (grown == nullptr) throw std::bad_alloc();
        data_ = static_cast<char*>(grown);
        capacity_ = capacity;
    }

    char* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace qtable::net
