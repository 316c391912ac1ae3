// Apart from all that calls them: g++ 12 warns of a mismatch where it inlines a replaced operator.
#include "tests/unit/geo/counting_new.hpp"

#include <cstdlib>
#include <new>

namespace {
std::size_t allocations = 0;
}

std::size_t qtable::geo::testing::counted_allocations() noexcept {
    return allocations;
}

void* operator new(std::size_t bytes) {
    ++allocations;
    if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
