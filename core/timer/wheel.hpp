// A hashed timer wheel with intrusive entries: schedule and cancel are O(1) and allocate nothing. Time is an
// argument (milliseconds of any clock that never goes back); the wheel has none. Owner: one core. An entry
// belongs to whoever embeds it, and unlinks itself when destroyed. A deadline that moves to later only writes
// a field: the entry stays in its slot, and finds its new one when that slot comes round. So an entry fires
// at most one tick late and never early.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/mutant.hpp"

namespace qtable {

class timer_wheel;

class timer_entry {
  public:
    timer_entry() = default;
    timer_entry(const timer_entry&) = delete;
    timer_entry& operator=(const timer_entry&) = delete;
    virtual ~timer_entry() { unlink(); }

    bool is_scheduled() const noexcept { return next_ != nullptr; }
    std::int64_t deadline_ms() const noexcept { return deadline_ms_; }

  protected:
    // Called by `advance` when the deadline has passed; the entry is no longer scheduled and may be scheduled
    // again. Must not throw.
    virtual void on_deadline(std::int64_t now_ms) = 0;

  private:
    friend class timer_wheel;
    void unlink() noexcept {
        if (next_ == nullptr) return;
        next_->prev_ = prev_;
        prev_->next_ = next_;
        next_ = prev_ = nullptr;
    }

    timer_entry* next_ = nullptr;
    timer_entry* prev_ = nullptr;
    std::int64_t deadline_ms_ = 0;
    std::int64_t linked_ms_ = 0;  // the deadline that the present slot was chosen for
};

class timer_wheel {
  public:
    static constexpr std::size_t slots = 512;

    // `tick_ms` is how far apart slots are; `now_ms` is where time starts.
    timer_wheel(std::int64_t tick_ms, std::int64_t now_ms) noexcept;

    // Sets or moves the deadline of an entry. A deadline that has passed fires with the next tick.
    void schedule(timer_entry& entry, std::int64_t deadline_ms) noexcept;
    void cancel(timer_entry& entry) noexcept {
        if (!mutant_on(mutant::timer_not_cancelled)) entry.unlink();
    }

    // Fires what is due at `now_ms`. Entries may schedule, cancel and destroy entries, themselves included.
    void advance(std::int64_t now_ms);

  private:
    struct list_head final : timer_entry {  // an empty list is linked to itself
        list_head() noexcept;
        ~list_head() override;
        void on_deadline(std::int64_t) override {}
    };

    void link(timer_entry& entry) noexcept;
    void visit(list_head& slot, std::int64_t now_ms);

    std::int64_t tick_ms_;
    std::int64_t current_tick_;  // everything due before the end of this tick has fired
    std::array<list_head, slots> slots_;
};

}  // namespace qtable
