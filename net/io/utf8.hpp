// UTF-8 validation that may be fed piece by piece (RFC 3629: no overlong forms, no surrogates, nothing past
// U+10FFFF). A plain value; ASCII goes eight bytes at a time.
#pragma once

#include <cstdint>
#include <string_view>

namespace qtable::net {

class utf8_checker {
  public:
    // False as soon as the text can't become valid any more.
    [[nodiscard]] bool feed(std::string_view piece) noexcept;
    // The text so far doesn't end inside a character.
    bool is_complete() const noexcept { return needed_ == 0; }
    void reset() noexcept { *this = {}; }

  private:
    std::uint8_t needed_ = 0;  // continuation bytes that are still to come
    std::uint8_t low_ = 0x80;  // the range of the next one
    std::uint8_t high_ = 0xbf;
};

bool is_utf8(std::string_view text) noexcept;

}  // namespace qtable::net
