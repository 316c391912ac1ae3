// What staff ask: configuration and the evening's service.
#include "net/api/router.hpp"

namespace qtable::net {

std::span<const route> service_routes() noexcept {
    return {};
}

}  // namespace qtable::net
