// Availability answers as they were rendered last, by the target that asked for them, kept to be given again
// while they hold: most of a dinner rush asks for the same evenings in the same words. A page is dropped by
// what changes it: a publication of its day (board or configuration, whether the restaurant is public
// included), or the clock (a start that passes, notice, a pause that ends, midnight). One per core, that core
// only. Bounds: `limits::availability_pages` places, `limits::availability_pages_bytes` of text in a ring
// that overwrites its oldest; no allocation after construction.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/inventory/availability_life.hpp"

namespace qtable::net {

// `"` and 16 hexadecimal digits and `"`.
using page_tag = std::array<char, 18>;

struct availability_page {
    std::string_view body;  // until the next `keep`
    std::string_view tag;   // the ETag
    restaurant_id of{};
};

class availability_pages {
  public:
    // `salt` tells this process from those before: their states are counted from the start, too.
    explicit availability_pages(std::uint64_t salt);

    // `target`: path and query as they stand on the request line.
    std::optional<availability_page> find(std::string_view target, instant now) const noexcept;
    // Of one day. `life` was taken before the body was made. What is too large to be kept comes back as it
    // is.
    availability_page keep(std::string_view target, const live_restaurant& of, date day,
                           const availability_life& life, std::string_view body) noexcept;

    // The ETag of an answer that is made of several days: `tag` over what `mix` made of each one's life.
    std::uint64_t mix(std::uint64_t before, const availability_life& life) const noexcept;
    static page_tag tag(std::uint64_t mixed) noexcept;

  private:
    static constexpr std::size_t ways = 2;
    // In the ring lie the target and, after it, the body.
    struct entry {
        const live_restaurant* of = nullptr;
        std::uint64_t hash = 0;  // of the target
        availability_life life;
        date day;
        std::uint32_t target_size = 0, body_size = 0;
        std::uint64_t written_at = 0;  // of all bytes that were ever written to the ring
        page_tag tag{};
    };
    std::uint64_t hash_of(std::string_view target) const noexcept;
    entry* set_of(std::uint64_t hash) const noexcept;
    std::string_view target_of(const entry& what) const noexcept;
    std::string_view body_of(const entry& what) const noexcept;
    bool is_overwritten(const entry& what) const noexcept;

    std::uint64_t salt_;
    std::unique_ptr<entry[]> entries_;
    std::unique_ptr<char[]> ring_;
    std::uint64_t written_ = 0;
    page_tag loose_tag_{};  // of the last page that was too large
};

}  // namespace qtable::net
