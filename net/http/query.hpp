// Query parameters, decoded one at a time on demand, without allocation. The engine has already refused a
// query with a bad escape, a NUL or bytes that aren't UTF-8; '+' is a space, as in forms. Plain values, any
// core.
//     for (query_parameters each(request.raw_query); each.next();) { each.name(); each.value(); }
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/limits.hpp"

namespace qtable::net {

class query_parameters {
  public:
    // What all names and values with escapes may take together once decoded: any query that the head's limits
    // let through.
    static constexpr std::size_t decoded_bytes = limits::request_line_bytes;

    explicit query_parameters(std::string_view raw_query) noexcept
        : rest_(raw_query),
          is_plain_(raw_query.find('%') == std::string_view::npos &&
                    raw_query.find('+') == std::string_view::npos) {}
    query_parameters(const query_parameters&) = delete;
    query_parameters& operator=(const query_parameters&) = delete;

    // Goes to the next parameter (empty ones between two '&' are passed over); false at the end.
    bool next() noexcept;

    // Both are valid as long as this object and the query are. Without '=' the value is empty.
    std::string_view name() const noexcept { return name_; }
    std::string_view value() const noexcept { return value_; }
    // The decoded text didn't fit: name and value are cut, so take it as invalid input.
    bool is_too_long() const noexcept { return is_too_long_; }

  private:
    std::string_view decode(std::string_view raw) noexcept;

    std::string_view rest_, name_, value_;
    std::size_t used_ = 0;
    bool is_too_long_ = false;
    bool is_plain_;  // nothing has to be decoded
    std::array<char, decoded_bytes> decoded_;
};

}  // namespace qtable::net
