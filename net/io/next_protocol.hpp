// The seam by which a connection goes from HTTP to another protocol: HTTP writes its 101, hands over the
// transport and what it had already received beyond the request, and is gone. Implemented by net/ws; HTTP
// knows nothing of it. Owner: the connection's core.
#pragma once

#include <memory>
#include <string_view>

#include "net/io/transport.hpp"

namespace qtable::net {

class next_protocol {
  public:
    virtual ~next_protocol() = default;
    // `received` is valid during the call only.
    virtual void start(std::unique_ptr<transport> connection, std::string_view received) = 0;
};

}  // namespace qtable::net
