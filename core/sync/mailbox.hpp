// An intrusive lock-free queue from many producers to one consumer. A push is one compare-and-swap; the
// consumer takes everything at once, so there is no ABA and no reclamation. Any core may push; one core, the
// owner, takes. A node belongs to its sender until it is pushed, and to the consumer after. Bounded by
// whoever makes the nodes. `push` says when the consumer needs a wake-up: only the first message after it
// went to sleep, so one per burst.
#pragma once

#include <atomic>

#include "core/base/cache_line.hpp"

namespace qtable {

struct mailbox_node {
    mailbox_node* next = nullptr;
};

class mailbox {
  public:
    mailbox() = default;
    mailbox(const mailbox&) = delete;
    mailbox& operator=(const mailbox&) = delete;

    // Any core. True when the consumer is asleep and has to be woken by the caller.
    [[nodiscard]] bool push(mailbox_node* node) noexcept {
        mailbox_node* head = head_.load(std::memory_order_relaxed);
        do {
            node->next = head == asleep() ? nullptr : head;
        } while (
            !head_.compare_exchange_weak(head, node, std::memory_order_release, std::memory_order_relaxed));
        return head == asleep();
    }

    // Consumer. All that was pushed so far, oldest first, linked by `next`; nullptr when there is nothing.
    // The consumer counts as awake from here on.
    mailbox_node* take_all() noexcept {
        mailbox_node* newest = head_.exchange(nullptr, std::memory_order_acquire);
        if (newest == asleep()) return nullptr;
        mailbox_node* oldest = nullptr;
        while (newest != nullptr) {
            mailbox_node* const before = newest->next;
            newest->next = oldest;
            oldest = newest;
            newest = before;
        }
        return oldest;
    }

    // Consumer. False when there is something to take; true when the next push will ask for a wake-up.
    [[nodiscard]] bool try_sleep() noexcept {
        mailbox_node* empty = nullptr;
        return head_.compare_exchange_strong(empty, asleep(), std::memory_order_acq_rel,
                                             std::memory_order_relaxed) ||
               empty == asleep();
    }

  private:
    // A mark that is no message's address: the consumer found nothing and went to sleep.
    mailbox_node* asleep() noexcept { return &asleep_; }

    mailbox_node asleep_;
    alignas(cache_line_bytes) std::atomic<mailbox_node*> head_{&asleep_};
};

}  // namespace qtable
