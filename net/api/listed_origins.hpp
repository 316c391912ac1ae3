// Which browser pages may open a WebSocket: those of the CORS list, and those that this server itself serves.
// Others send no Origin. On the stack of a handler.
#pragma once

#include <string_view>

#include "net/api/app_core.hpp"
#include "net/api/call.hpp"

namespace qtable::net {

class listed_origins final : public origin_policy {
  public:
    explicit listed_origins(const call& in) : in_(in) {}
    bool is_allowed(std::string_view origin) const override {
        if (in_.app.allowed_origin(in_.in) != nullptr) return true;
        const std::string_view host = in_.in[field::host];
        const std::size_t at = origin.find("://");
        return at != std::string_view::npos && origin.substr(at + 3) == host;
    }

  private:
    const call& in_;
};

}  // namespace qtable::net
