#include "net/rt/process_memory.hpp"

#include <unistd.h>

#include <cinttypes>
#include <cstdio>

namespace qtable::net {

// proc(5): the second number of statm, in pages.
std::uint64_t resident_bytes() noexcept {
    std::uint64_t pages = 0, resident = 0;
    if (std::FILE* const file = std::fopen("/proc/self/statm", "re")) {
        if (std::fscanf(file, "%" SCNu64 " %" SCNu64, &pages, &resident) != 2) resident = 0;
        std::fclose(file);
    }
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace qtable::net
