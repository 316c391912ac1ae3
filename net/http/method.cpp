#include "net/http/method.hpp"

#include <array>
#include <cstddef>

namespace qtable::net {
namespace {
constexpr std::array<std::string_view, 10> method_names{"GET",    "HEAD",    "POST",  "PUT",     "PATCH",
                                                        "DELETE", "OPTIONS", "TRACE", "CONNECT", ""};
}

method parse_method(std::string_view name) noexcept {
    for (std::size_t i = 0; i < method_names.size() - 1; ++i)
        if (method_names[i] == name) return static_cast<method>(i);
    return method::unknown;
}

std::string_view name_of(method value) noexcept {
    return method_names[static_cast<std::size_t>(value)];
}

}  // namespace qtable::net
