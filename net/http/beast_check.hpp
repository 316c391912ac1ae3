// A second opinion on a head that our own scan has accepted: Boost.Beast's parser has to accept it as well
// and see the same framing. Two readers that were written apart rarely share a mistake. Any core; no
// allocation.
#pragma once

#include <string_view>

#include "net/http/head_scan.hpp"

namespace qtable::net {

bool beast_agrees(std::string_view head, const request_head& ours);

}  // namespace qtable::net
