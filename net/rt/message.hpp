// What crosses cores: an intrusive message that runs on the core it is posted to. The sender owns it until it
// is posted; from `run` on it owns itself: it deletes itself, is kept for reuse, or is posted back as its own
// reply.
#pragma once

#include <utility>

#include "core/sync/mailbox.hpp"

namespace qtable::net {

class core_thread;

class message : public mailbox_node {
  public:
    message() = default;
    message(const message&) = delete;
    message& operator=(const message&) = delete;
    virtual ~message() = default;

    virtual void run(core_thread& on) = 0;
    // Instead of `run`, when the runtime stopped first.
    virtual void discard() noexcept { delete this; }
};

// The convenient form for cold paths: one allocation, any move-only callable taking a `core_thread&` or
// nothing.
template <class Function>
class function_message final : public message {
  public:
    explicit function_message(Function function) : function_(std::move(function)) {}
    void run(core_thread& on) override {
        struct guard {
            function_message* self;
            ~guard() { delete self; }
        } const deleter{this};
        if constexpr (requires { function_(on); }) {
            function_(on);
        } else {
            function_();
        }
    }

  private:
    Function function_;
};

}  // namespace qtable::net
