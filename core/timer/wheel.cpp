#include "core/timer/wheel.hpp"

#include <algorithm>

namespace qtable {

timer_wheel::list_head::list_head() noexcept {
    next_ = prev_ = this;
}

timer_wheel::list_head::~list_head() {
    while (next_ != this) next_->unlink();
}

timer_wheel::timer_wheel(std::int64_t tick_ms, std::int64_t now_ms) noexcept
    : tick_ms_(tick_ms), current_tick_(now_ms / tick_ms) {}

void timer_wheel::schedule(timer_entry& entry, std::int64_t deadline_ms) noexcept {
    entry.deadline_ms_ = deadline_ms;
    if (entry.is_scheduled()) {
        if (deadline_ms >= entry.linked_ms_) return;
        entry.unlink();
    }
    link(entry);
}

void timer_wheel::link(timer_entry& entry) noexcept {
    // The first tick at or after the deadline, so that nothing fires early; what is overdue goes to the next
    // tick.
    const std::int64_t tick = std::max((entry.deadline_ms_ + tick_ms_ - 1) / tick_ms_, current_tick_ + 1);
    entry.linked_ms_ = entry.deadline_ms_;
    list_head& slot = slots_[static_cast<std::size_t>(tick) % slots];
    entry.next_ = &slot;
    entry.prev_ = slot.prev_;
    slot.prev_->next_ = &entry;
    slot.prev_ = &entry;
}

void timer_wheel::advance(std::int64_t now_ms) {
    const std::int64_t target = now_ms / tick_ms_;
    if (target <= current_tick_) return;
    // After a long pause one round over all slots sees everything.
    const std::int64_t first = std::max(current_tick_ + 1, target - static_cast<std::int64_t>(slots) + 1);
    current_tick_ = target;
    for (std::int64_t tick = first; tick <= target; ++tick)
        visit(slots_[static_cast<std::size_t>(tick) % slots], now_ms);
}

void timer_wheel::visit(list_head& slot, std::int64_t now_ms) {
    if (slot.next_ == &slot) return;
    // The slot's entries move to a list of our own: what they schedule while they fire goes to the slots.
    list_head due;
    due.next_ = slot.next_;
    due.prev_ = slot.prev_;
    due.next_->prev_ = due.prev_->next_ = &due;
    slot.next_ = slot.prev_ = &slot;
    while (due.next_ != &due) {
        timer_entry& entry = *due.next_;
        entry.unlink();
        if (entry.deadline_ms_ <= now_ms)
            entry.on_deadline(now_ms);
        else
            link(entry);
    }
}

}  // namespace qtable
