// A block of addresses as operators write it: `10.0.0.0/8`, `2001:db8::/32`, or one address. A plain value,
// any core.
#pragma once

#include <optional>
#include <string_view>

#include "net/io/peer_address.hpp"

namespace qtable::net {

class address_range {
  public:
    // Nothing: it isn't one, or bits are set behind the prefix.
    static std::optional<address_range> parse(std::string_view text);
    bool contains(const peer_address& which) const noexcept;

  private:
    peer_address base_;
    int bits_ = 128;  // of the 16 bytes
};

}  // namespace qtable::net
