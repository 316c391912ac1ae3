// What customers and the public ask beyond search, availability and booking.
#include "net/api/router.hpp"

namespace qtable::net {

std::span<const route> diner_routes() noexcept {
    return {};
}

}  // namespace qtable::net
