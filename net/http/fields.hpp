// The header fields of one request, as views into the buffer that holds its head. The names that the server
// asks for are recognised once, while scanning, so that looking one up is an array access. At most
// `limits::header_fields`. Owner: the core that scans; valid as long as the buffer is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/limits.hpp"

namespace qtable::net {

enum class field : std::uint8_t {
    accept,
    accept_encoding,
    access_control_request_headers,
    access_control_request_method,
    authorization,
    connection,
    content_encoding,
    content_length,
    content_type,
    cookie,
    expect,
    forwarded,
    host,
    idempotency_key,
    if_match,
    if_none_match,
    origin,
    sec_websocket_extensions,
    sec_websocket_key,
    sec_websocket_protocol,
    sec_websocket_version,
    traceparent,
    transfer_encoding,
    upgrade,
    user_agent,
    x_forwarded_for,
    x_forwarded_proto,
    x_real_ip,
    x_request_id,
    other
};
constexpr std::size_t known_fields = static_cast<std::size_t>(field::other);

// `other` when it is none that we ask for. Case-insensitive.
field parse_field(std::string_view name) noexcept;
bool equals_ignoring_case(std::string_view one, std::string_view other) noexcept;

class field_list {
  public:
    struct line {
        std::string_view name, value;  // the value without surrounding blanks
        field known = field::other;
    };

    void clear() noexcept;
    // The same lines, as they stand in a copy of the bytes: each view moves from `from_bytes` to `to_bytes`.
    void assign(const field_list& from, const char* from_bytes, const char* to_bytes) noexcept;
    // False when there is no room for one more.
    bool add(std::string_view name, std::string_view value) noexcept;

    // The first value, empty when there is none.
    std::string_view operator[](field name) const noexcept;
    bool has(field name) const noexcept { return first_[static_cast<std::size_t>(name)] != 0; }
    // How many lines have this name: 0, 1, or 2 for any more.
    int count(field name) const noexcept { return counts_[static_cast<std::size_t>(name)]; }
    // Any name, by comparison with every line.
    std::string_view find(std::string_view name) const noexcept;

    // Calls `function(std::string_view)` for each non-empty member of the comma-separated lists of all lines
    // of that name.
    template <class Function>
    void for_each_token(field name, Function function) const;
    bool has_token(field name, std::string_view token) const noexcept;

    const line* begin() const noexcept { return lines_.data(); }
    const line* end() const noexcept { return lines_.data() + size_; }
    std::size_t size() const noexcept { return size_; }

  private:
    std::array<line, limits::header_fields> lines_;
    std::array<std::uint8_t, known_fields> first_{};  // index + 1
    std::array<std::uint8_t, known_fields> counts_{};
    std::size_t size_ = 0;
};

template <class Function>
void field_list::for_each_token(field name, Function function) const {
    for (const line& each : *this) {
        if (each.known != name) continue;
        std::string_view rest = each.value;
        while (!rest.empty()) {
            const std::size_t comma = rest.find(',');
            std::string_view token = rest.substr(0, comma);
            while (!token.empty() && (token.front() == ' ' || token.front() == '\t')) token.remove_prefix(1);
            while (!token.empty() && (token.back() == ' ' || token.back() == '\t')) token.remove_suffix(1);
            if (!token.empty()) function(token);
            if (comma == std::string_view::npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
}

}  // namespace qtable::net
