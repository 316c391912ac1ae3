// Query parameters, decoded one at a time on demand, without allocation. The engine has already refused a
// query with a bad escape, a NUL or bytes that aren't UTF-8; '+' is a space, as in forms. Plain values, any
// core.
//     for (query_parameters each(request.raw_query); each.next();) { each.name(); each.value(); }
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace qtable::net {

class query_parameters {
  public:
    // What one name and one value may take together once decoded.
    static constexpr std::size_t decoded_bytes = 4096;

    explicit query_parameters(std::string_view raw_query) noexcept : rest_(raw_query) {}

    // Goes to the next parameter (empty ones between two '&' are passed over); false at the end.
    bool next() noexcept;

    // Both are valid until `next`. Without '=' the value is empty.
    std::string_view name() const noexcept { return name_; }
    std::string_view value() const noexcept { return value_; }
    // The decoded text didn't fit: name and value are cut, so take it as invalid input.
    bool is_too_long() const noexcept { return is_too_long_; }

  private:
    std::string_view decode(std::string_view raw) noexcept;

    std::string_view rest_, name_, value_;
    std::size_t used_ = 0;
    bool is_too_long_ = false;
    std::array<char, decoded_bytes> decoded_;
};

}  // namespace qtable::net
