// Always-on assertion for broken invariants: prints expression, place and the shard that ran it, then aborts.
// Any core. Expected outcomes are not asserted: they are `result<T>` (core/base/error.hpp).
#pragma once

namespace qtable {

// Names the shard that the calling thread runs, for the message of a failed assertion; -1 = none.
void set_assert_shard(int shard) noexcept;

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace qtable

#define QTABLE_ASSERT(expression) \
    (static_cast<bool>(expression) ? void(0) : ::qtable::assertion_failed(#expression, __FILE__, __LINE__))
