// Ended sessions and erased accounts, told to every core: from then on their access tokens are refused, and
// open sockets close within a second. The connection's core.
#pragma once

#include <functional>
#include <vector>

#include "core/base/ids.hpp"

namespace qtable::net {

class app_core;

// `done` on this core, after every core has it.
void revoke_everywhere(app_core& app, std::vector<uuid> what, std::function<void()> done);
// Takes it back: what was revoked ahead did not come about.
void pardon_everywhere(app_core& app, const uuid& what);

}  // namespace qtable::net
