#include "net/http/response.hpp"

#include <utility>

#include "core/base/assert.hpp"

namespace qtable::net {

response& response::header(std::string_view name, std::string_view value) {
    QTABLE_ASSERT(!has_line_break(value));
    headers.append(name).append(": ").append(value).append("\r\n");
    return *this;
}

response& response::content(std::string_view type, std::string bytes) {
    header("Content-Type", type);
    body = std::move(bytes);
    return *this;
}

}  // namespace qtable::net
