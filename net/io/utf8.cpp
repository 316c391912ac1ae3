#include "net/io/utf8.hpp"

#include <cstddef>
#include <cstring>

namespace qtable::net {

bool utf8_checker::feed(std::string_view piece) noexcept {
    std::size_t i = 0;
    while (i < piece.size()) {
        if (needed_ == 0) {
            std::uint64_t word = 0;
            while (i + sizeof word <= piece.size()) {
                std::memcpy(&word, piece.data() + i, sizeof word);
                if ((word & 0x8080808080808080ULL) != 0) break;
                i += sizeof word;
            }
            if (i == piece.size()) return true;
        }
        const auto byte = static_cast<std::uint8_t>(piece[i++]);
        if (needed_ > 0) {
            if (byte < low_ || byte > high_) return false;
            --needed_;
            low_ = 0x80;
            high_ = 0xbf;
        } else if (byte >= 0xc2 && byte <= 0xdf) {
            needed_ = 1;
        } else if (byte >= 0xe0 && byte <= 0xef) {
            needed_ = 2;
            if (byte == 0xe0) low_ = 0xa0;   // shorter forms exist
            if (byte == 0xed) high_ = 0x9f;  // surrogates
        } else if (byte >= 0xf0 && byte <= 0xf4) {
            needed_ = 3;
            if (byte == 0xf0) low_ = 0x90;
            if (byte == 0xf4) high_ = 0x8f;  // past U+10FFFF
        } else if (byte >= 0x80) {
            return false;
        }
    }
    return true;
}

bool is_utf8(std::string_view text) noexcept {
    utf8_checker checker;
    return checker.feed(text) && checker.is_complete();
}

}  // namespace qtable::net
