// Randomness and digests of the server's edge, by libsodium: ids, secret tokens, confirmation codes, hashes
// of bodies. Any core; nothing is kept. `start_crypto` once at start-up, before anything else here.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace qtable::net {

// Throws std::runtime_error when libsodium can't work here.
void start_crypto();

uuid new_uuid(instant now);
template <class Id>
Id new_id(instant now) {
    return Id(new_uuid(now));
}
std::uint64_t random_u64();

// 32 random bytes as base64url: for mails and refresh tokens. Only its SHA-256 is stored.
std::string new_secret();
std::array<std::uint8_t, 32> sha256(std::string_view text);
// BLAKE2b-128: for comparing request bodies and spreading keys.
std::array<std::uint8_t, 16> digest16(std::string_view text);

// Eight characters of an alphabet without look-alikes, to be read out on the telephone.
std::string new_confirmation_code();

}  // namespace qtable::net
