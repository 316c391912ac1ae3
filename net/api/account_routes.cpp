// What people do about their accounts, and who works where.
#include "net/api/router.hpp"

namespace qtable::net {

std::span<const route> account_routes() noexcept {
    return {};
}

}  // namespace qtable::net
