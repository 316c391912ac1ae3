// What a node tells the others of what it counted, once a second, so that limits hold over all of them:
// requests of accounts that ask much, attempts to log in. People are named by digests. Plain values and their
// text form, which goes through NOTIFY; any core. Bounds: a payload is `limits::notify_payload_bytes` long at
// most; of attempts in one second `attempts_max` are told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"

namespace qtable::net {

struct shared_counts {
    static constexpr std::size_t attempts_max = 1'000;

    struct account_requests {
        uuid account;
        std::uint32_t count = 0;
        friend bool operator==(const account_requests&, const account_requests&) = default;
    };
    enum class attempt : char { failed = 'f', from_address = 'a', succeeded = 's' };
    struct login_attempt {
        attempt what = attempt::failed;
        std::string who;  // a digest: letters, digits, - and _
        friend bool operator==(const login_attempt&, const login_attempt&) = default;
    };

    std::vector<account_requests> accounts;
    std::vector<login_attempt> attempts;
};

// One payload or more; none when there is nothing to tell. `node` has no blanks.
std::vector<std::string> format_counts(std::string_view node, const shared_counts& what);

struct told_counts {
    std::string_view node;  // within the payload
    shared_counts what;
};
// None: it isn't of this form. Anybody who may connect to the database can ring.
std::optional<told_counts> parse_counts(std::string_view payload);

}  // namespace qtable::net
