// `/_test/*`, for those who test the engine from outside; only behind a flag. The connection's core.
#pragma once

#include "net/api/call.hpp"

namespace qtable::net {

// /_test/echo answers any method with the body; /_test/ws echoes messages, text and binary, up to 17 MiB.
void answer_test(call& in);

}  // namespace qtable::net
