#include "tools/qtable/allocation_meter.hpp"

#include <cstddef>

// jemalloc's, where the program is linked with it (jemalloc(3), thread.allocated).
extern "C" int mallctl(const char* name, void* old, std::size_t* old_size, void* value,
                       std::size_t value_size) __attribute__((weak));

namespace qtable::tools {

std::function<std::uint64_t()> allocation_meter() {
    if (mallctl == nullptr) return {};
    return [] {
        std::uint64_t bytes = 0;
        std::size_t size = sizeof bytes;
        return mallctl("thread.allocated", &bytes, &size, nullptr, 0) == 0 ? bytes : 0;
    };
}

}  // namespace qtable::tools
