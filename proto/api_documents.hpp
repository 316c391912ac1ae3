// The published contract, built into the program: OpenAPI 3.1 for HTTP, AsyncAPI 3.0 for the sockets. Any
// core.
#pragma once

#include <string_view>

namespace qtable::proto {

std::string_view openapi_document() noexcept;
std::string_view asyncapi_document() noexcept;

}  // namespace qtable::proto
