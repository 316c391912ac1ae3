// How sessions are referred to: by (core, id), never by a pointer across cores. The table of a core finds the
// session of an id in O(1), and finds nothing once it is gone: an id is a slot number and the slot's
// generation, never used twice. A `session_ref` is a plain value, any core. The table belongs to its core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace qtable::net {

struct session_ref {
    std::uint32_t core = 0;
    std::uint64_t id = 0;  // 0 = none
    friend bool operator==(const session_ref&, const session_ref&) = default;
};

template <class Session>
class session_table {
  public:
    std::uint64_t add(Session* session) {
        std::uint32_t index = free_;
        if (index == none) {
            index = static_cast<std::uint32_t>(slots_.size());
            slots_.emplace_back();
        } else {
            free_ = slots_[index].next_free;
        }
        slots_[index].session = session;
        ++size_;
        return (std::uint64_t{slots_[index].generation} << 32) | index;
    }

    Session* find(std::uint64_t id) const noexcept {
        const auto index = static_cast<std::uint32_t>(id);
        if (index >= slots_.size() || slots_[index].generation != id >> 32) return nullptr;
        return slots_[index].session;
    }

    void remove(std::uint64_t id) noexcept {
        if (find(id) == nullptr) return;
        const auto index = static_cast<std::uint32_t>(id);
        slot& at = slots_[index];
        at.session = nullptr;
        if (++at.generation == 0) at.generation = 1;
        at.next_free = free_;
        free_ = index;
        --size_;
    }

    std::size_t size() const noexcept { return size_; }

    // `function` may remove the session that it is called with, and others; sessions added meanwhile may be
    // missed.
    template <class Function>
    void for_each(Function function) {
        for (std::size_t i = 0; i < slots_.size(); ++i)
            if (slots_[i].session != nullptr) function(*slots_[i].session);
    }

  private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    struct slot {
        Session* session = nullptr;
        std::uint32_t generation = 1;
        std::uint32_t next_free = none;
    };
    std::vector<slot> slots_;
    std::uint32_t free_ = none;
    std::size_t size_ = 0;
};

}  // namespace qtable::net
