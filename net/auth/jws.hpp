// Verifies a JWS in compact form (RFC 7515) against one key given as a JWK (RFC 7517, 8037): for those who
// test the server's way with signatures from outside. The algorithm follows from the key alone: oct → HS256,
// OKP Ed25519 → EdDSA, EC P-256 → ES256. What the header says can only make it refuse: another `alg`, a `kid`
// that isn't the key's, `crit`, `jku`, `jwk`, `x5u`, `x5c`, a member twice, base64url that isn't canonical.
// Pure; any thread. Bounds: `jws_bytes_max`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"

namespace qtable::net {

constexpr std::size_t jws_bytes_max = 64 * 1024;

class json_web_key {
  public:
    // `invalid_input`: not a JWK, of another type, or a secret of less than 32 bytes.
    static result<json_web_key> parse(std::string_view json);
    // The payload; `unauthorized` when the token isn't accepted.
    result<std::string> verify(std::string_view token) const;

  private:
    enum class kind : std::uint8_t { hs256, eddsa, es256 };
    bool is_header_ours(std::string_view json) const;
    bool is_signed(std::string_view text, const std::vector<std::uint8_t>& signature) const;

    kind kind_ = kind::hs256;
    std::vector<std::uint8_t> key_;  // the secret; the public key; x and y
    std::string id_;
};

}  // namespace qtable::net
