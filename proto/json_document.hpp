// A strict JSON text as a tree of nodes in a scratch arena. Strings without escapes are views into the body,
// the others lie in the arena: the tree lives as long as both. One core at a time: each core keeps one
// `json_scratch` and reuses it for every body. Bounds: depth ≤ limits::json_depth. No heap allocation while
// the tree fits the scratch's own 32 KiB (bodies of about 4 KiB and less); beyond, the arena grows from the
// heap and gives it back with the next reset.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string_view>

#include "proto/input_errors.hpp"

namespace qtable::proto {

class json_scratch {
  public:
    json_scratch() = default;
    json_scratch(const json_scratch&) = delete;
    json_scratch& operator=(const json_scratch&) = delete;

    // Everything allocated before is gone.
    void reset() noexcept { arena_.release(); }
    void* allocate(std::size_t bytes, std::size_t alignment) { return arena_.allocate(bytes, alignment); }

  private:
    alignas(std::max_align_t) std::array<std::byte, 32 * 1024> buffer_;
    std::pmr::monotonic_buffer_resource arena_{buffer_.data(), buffer_.size()};
};

enum class json_kind : std::uint8_t { null, boolean, number, string, array, object };

struct json_value {
    json_kind kind = json_kind::null;
    bool boolean = false;
    mutable bool was_read = false;      // by an object_reader: what stays unread is an unknown member
    std::uint32_t size = 0;             // elements or members
    std::string_view key;               // unescaped; of an object's member
    std::string_view text;              // a string unescaped, a number as it was written
    const json_value* first = nullptr;  // child
    const json_value* next = nullptr;   // sibling

    const json_value* find(std::string_view name) const noexcept;
};

// nullptr, with `errors` told, when the body is empty (empty_body), isn't JSON to the letter (malformed_json)
// or has an object with two members of one name (duplicate_key). A number too big for anything is
// invalid_input with its pointer. Resets the scratch.
const json_value* parse_json(std::string_view body, json_scratch& scratch, input_errors& errors);

}  // namespace qtable::proto
