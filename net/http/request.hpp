// A complete request as a handler sees it: views that are valid during `handle` only. Owner: the connection's
// core.
#pragma once

#include <cstdint>
#include <string_view>

#include "net/http/fields.hpp"
#include "net/http/method.hpp"
#include "net/io/peer_address.hpp"
#include "net/rt/session_table.hpp"

namespace qtable::net {

// Names one request of one connection, for answering it later; a plain value that may travel between cores.
struct ticket {
    session_ref session;
    std::uint64_t request = 0;
};

struct request {
    net::method method = net::method::unknown;
    std::string_view target;     // as it stands on the request line
    std::string_view path;       // percent-decoded, valid UTF-8, begins with '/'
    std::string_view raw_query;  // without '?', still encoded but checked: see query.hpp
    const field_list* fields = nullptr;
    std::string_view body;
    std::string_view request_id;  // the client's if it is sane, else one of ours
    peer_address remote;
    bool is_tls = false;
    net::ticket ticket;

    std::string_view operator[](field name) const noexcept { return (*fields)[name]; }
};

}  // namespace qtable::net
