// Requests as bytes, ready to be sent: built once, or cheaply for each. Pure functions of their arguments,
// any thread.
#pragma once

#include <string>
#include <string_view>

namespace qtable::loadtest {

struct request_parts {
    std::string_view method = "GET";
    std::string_view path = {};   // with its query, already encoded
    std::string_view token = {};  // "Authorization: Bearer …"
    std::string_view idempotency_key = {};
    std::string_view body = {};  // JSON
};

// Appends the whole request.
void append_request(std::string& out, std::string_view host, const request_parts& parts);
std::string make_request(std::string_view host, const request_parts& parts);

// The upgrade to a WebSocket; what the key's answer must be isn't looked at, the load is.
std::string make_upgrade(std::string_view host, std::string_view path, std::string_view token);

// Everything but letters, digits and "-._~" as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace qtable::loadtest
