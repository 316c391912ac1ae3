// Access tokens: JWTs (RFC 7519) signed with HMAC-SHA-256 (RFC 7515, HS256). The algorithm is pinned: a token
// whose header isn't byte for byte ours is refused before anything in it is looked at, so `alg`, `kid`,
// `jku`, … of a stranger have no effect. One instance per core: it keeps a MAC context, and the last
// `limits::remembered_tokens` tokens that were good.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "proto/json_document.hpp"

namespace qtable::net {

enum class token_role : std::uint8_t { customer, staff };

struct token_claims {
    token_role role = token_role::customer;
    uuid subject;
    instant expires_at;
    uuid session;  // nil: of no login (minted by an operator)
};

class token_service {
  public:
    static constexpr std::size_t key_bytes_min = 32;
    // Throws std::runtime_error for a key below `key_bytes_min`.
    explicit token_service(std::string_view key);
    ~token_service();
    token_service(const token_service&) = delete;
    token_service& operator=(const token_service&) = delete;

    std::string mint(token_role role, const uuid& subject, instant now, std::int64_t lifetime_s,
                     const uuid& session = {});
    // `unauthorized` for whatever is not a token of ours that is valid now. A token that was verified lately
    // is known by its bytes: no MAC, no parsing.
    result<token_claims> verify(std::string_view token, instant now);

  private:
    struct mac;
    struct signed_claims {
        token_claims claims;
        instant valid_from;
        bool holds_at(instant now) const noexcept { return valid_from <= now && now < claims.expires_at; }
    };
    struct remembered {
        signed_claims what;
        std::string token;  // empty: none
    };
    std::optional<signed_claims> check(std::string_view token);
    remembered& place_of(std::string_view token) noexcept;

    std::unique_ptr<mac> mac_;
    std::vector<remembered> remembered_;  // by a hash of the token: a newer one takes the place
    std::string text_;                    // reused
    proto::json_scratch scratch_;
};

}  // namespace qtable::net
