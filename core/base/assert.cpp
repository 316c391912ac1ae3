#include "core/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace qtable {

namespace {
// Diagnostics only: no behaviour depends on it.
thread_local int assert_shard = -1;
}  // namespace

void set_assert_shard(int shard) noexcept {
    assert_shard = shard;
}

void assertion_failed(const char* expression, const char* file, int line) noexcept {
    std::fprintf(stderr, "assertion failed: %s at %s:%d (shard %d)\n", expression, file, line, assert_shard);
    std::abort();
}

}  // namespace qtable
