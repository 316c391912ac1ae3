#include "net/io/address_range.hpp"

#include <charconv>
#include <cstddef>

namespace qtable::net {

namespace {

constexpr int all_bits = 128;
constexpr int v4_bits = 32;

bool has_prefix(const peer_address& which, const peer_address& base, int bits) noexcept {
    for (int done = 0; done < bits; done += 8) {
        const int here = bits - done < 8 ? bits - done : 8;
        const auto mask = static_cast<unsigned>(0xff << (8 - here)) & 0xffU;
        const auto at = static_cast<std::size_t>(done / 8);
        if (((which.bytes[at] ^ base.bytes[at]) & mask) != 0) return false;
    }
    return true;
}

}  // namespace

std::optional<address_range> address_range::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto base = peer_address::parse(text.substr(0, slash));
    if (!base) return std::nullopt;
    address_range made;
    made.base_ = *base;
    if (slash == std::string_view::npos) return made;
    const std::string_view digits = text.substr(slash + 1);
    const int most = base->is_v4() ? v4_bits : all_bits;
    int bits = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (failed != std::errc{} || end != digits.data() + digits.size() || bits < 0 || bits > most)
        return std::nullopt;
    made.bits_ = bits + all_bits - most;
    // 10.1.2.3/8 is a slip that would trust more than was meant.
    peer_address cleared = *base;
    for (int bit = made.bits_; bit < all_bits; ++bit)
        cleared.bytes[static_cast<std::size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
    if (cleared.bytes != base->bytes) return std::nullopt;
    return made;
}

bool address_range::contains(const peer_address& which) const noexcept {
    return has_prefix(which, base_, bits_);
}

}  // namespace qtable::net
