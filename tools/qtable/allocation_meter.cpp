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

std::function<net::heap_figures()> heap_meter() {
    if (mallctl == nullptr) return {};
    return [] {
        // The figures are as of the last change of the epoch.
        std::uint64_t epoch = 1;
        std::size_t size = sizeof epoch;
        mallctl("epoch", &epoch, &size, &epoch, sizeof epoch);
        const auto read = [](const char* name) {
            std::size_t bytes = 0, width = sizeof bytes;
            return mallctl(name, &bytes, &width, nullptr, 0) == 0 ? bytes : 0;
        };
        return net::heap_figures{read("stats.allocated"), read("stats.active"), read("stats.resident"),
                                 read("stats.mapped")};
    };
}

std::function<void()> heap_giver() {
    if (mallctl == nullptr) return {};
    // 4096 stands for all arenas (jemalloc(3), MALLCTL_ARENAS_ALL).
    return [] { mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0); };
}

}  // namespace qtable::tools
