#include "net/auth/random.hpp"

#include <sodium.h>

#include <stdexcept>

#include "proto/base64url.hpp"

namespace qtable::net {

void start_crypto() {
    // libsodium's own generator, seeded by the kernel and one per thread: a system call for each id
    // otherwise.
    if (randombytes_set_implementation(&randombytes_internal_implementation) != 0)
        throw std::runtime_error("libsodium takes no generator");
    if (sodium_init() < 0) throw std::runtime_error("libsodium can't start: no source of randomness");
}

uuid new_uuid(instant now) {
    std::array<std::uint8_t, 10> random{};
    randombytes_buf(random.data(), random.size());
    return make_uuid_v7(now.ms, random);
}

std::uint64_t random_u64() {
    std::uint64_t value = 0;
    randombytes_buf(&value, sizeof value);
    return value;
}

std::string new_secret() {
    std::array<std::uint8_t, 32> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::string text;
    proto::append_base64url(text, bytes);
    return text;
}

std::array<std::uint8_t, 32> sha256(std::string_view text) {
    std::array<std::uint8_t, 32> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return hash;
}

std::array<std::uint8_t, 16> digest16(std::string_view text) {
    std::array<std::uint8_t, 16> hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size(), nullptr, 0);
    return hash;
}

std::string new_confirmation_code() {
    static constexpr std::string_view alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    std::string code(8, ' ');
    for (char& c : code) c = alphabet[randombytes_uniform(static_cast<std::uint32_t>(alphabet.size()))];
    return code;
}

}  // namespace qtable::net
