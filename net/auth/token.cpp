#include "net/auth/token.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include <array>
#include <cstring>
#include <span>
#include <stdexcept>

#include "core/base/limits.hpp"
#include "net/auth/random.hpp"
#include "proto/base64url.hpp"
#include "proto/json_reader.hpp"
#include "proto/json_writer.hpp"

namespace qtable::net {

namespace {

constexpr std::string_view issuer = "qtable";
// {"alg":"HS256","typ":"JWT"}
constexpr std::string_view our_header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
constexpr std::size_t token_bytes_max = 1024;
constexpr std::size_t signature_chars = 43;
constexpr std::size_t token_bytes_min = our_header.size() + 2 + signature_chars;
constexpr std::size_t mac_bytes = 32;

std::string_view audience_of(token_role role) noexcept {
    return role == token_role::customer ? "customer" : "staff";
}

std::span<const std::uint8_t> bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The signatures in a time that says nothing of how far they agree.
bool is_same_token(std::string_view known, std::string_view given) noexcept {
    if (known.size() != given.size()) return false;
    const std::size_t signature_at = known.size() - signature_chars;
    return std::memcmp(known.data(), given.data(), signature_at) == 0 &&
           CRYPTO_memcmp(known.data() + signature_at, given.data() + signature_at, signature_chars) == 0;
}

}  // namespace

struct token_service::mac {
    EVP_MAC* algorithm = nullptr;
    EVP_MAC_CTX* context = nullptr;

    ~mac() {
        EVP_MAC_CTX_free(context);
        EVP_MAC_free(algorithm);
    }

    // The key stays in the context: starting anew without one keeps it.
    std::array<std::uint8_t, mac_bytes> sign(std::string_view text) {
        std::array<std::uint8_t, mac_bytes> out{};
        std::size_t size = 0;
        const bool ok = EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
                        EVP_MAC_update(context, bytes_of(text).data(), text.size()) == 1 &&
                        EVP_MAC_final(context, out.data(), &size, out.size()) == 1;
        if (!ok) throw std::runtime_error("HMAC-SHA-256 failed");
        return out;
    }
};

token_service::token_service(std::string_view key)
    : mac_(std::make_unique<mac>()), remembered_(limits::remembered_tokens) {
    if (key.size() < key_bytes_min) throw std::runtime_error("the token key is shorter than 32 bytes");
    mac_->algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    if (mac_->algorithm != nullptr) mac_->context = EVP_MAC_CTX_new(mac_->algorithm);
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    if (mac_->context == nullptr ||
        EVP_MAC_init(mac_->context, bytes_of(key).data(), key.size(), parameters) != 1)
        throw std::runtime_error("OpenSSL has no HMAC-SHA-256");
}

token_service::~token_service() = default;

std::string token_service::mint(token_role role, const uuid& subject, instant now, std::int64_t lifetime_s,
                                const uuid& session) {
    const std::int64_t now_s = now.ms / ms_per_second;
    std::string claims;
    proto::json_writer json(claims);
    json.begin_object()
        .key("iss")
        .text(issuer)
        .key("aud")
        .text(audience_of(role))
        .key("sub")
        .id(subject)
        .key("iat")
        .integer(now_s)
        .key("nbf")
        .integer(now_s)
        .key("exp")
        .integer(now_s + lifetime_s)
        .key("jti")
        .id(new_uuid(now));
    if (!session.is_nil()) json.key("sid").id(session);
    json.end_object();
    std::string token(our_header);
    token += '.';
    proto::append_base64url(token, bytes_of(claims));
    const auto signature = mac_->sign(token);
    token += '.';
    proto::append_base64url(token, signature);
    return token;
}

token_service::remembered& token_service::place_of(std::string_view token) noexcept {
    // The claims tell tokens apart; who invents some finds another's place, but not its bytes.
    std::uint64_t hash = token.size();
    for (std::size_t at = our_header.size(); at + 8 <= token.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, token.data() + at, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
        hash ^= hash >> 32;
    }
    return remembered_[hash % remembered_.size()];
}

result<token_claims> token_service::verify(std::string_view token, instant now) {
    if (token.size() > token_bytes_max || token.size() < token_bytes_min) return errc::unauthorized;
    remembered& place = place_of(token);
    if (is_same_token(place.token, token)) {
        if (place.what.holds_at(now)) return place.what.claims;
        return errc::unauthorized;
    }
    const auto found = check(token);
    if (!found || !found->holds_at(now)) return errc::unauthorized;
    place.what = *found;
    place.token.assign(token);
    return found->claims;
}

std::optional<token_service::signed_claims> token_service::check(std::string_view token) {
    if (!token.starts_with(our_header)) return std::nullopt;
    const std::size_t claims_at = our_header.size() + 1;
    const std::size_t dot = token.rfind('.');
    if (token[claims_at - 1] != '.' || dot == std::string_view::npos || dot < claims_at) return std::nullopt;

    std::array<std::uint8_t, mac_bytes> given{};
    const auto given_size = proto::decode_base64url(token.substr(dot + 1), given);
    const auto expected = mac_->sign(token.substr(0, dot));
    if (!given_size || *given_size != mac_bytes ||
        sodium_memcmp(given.data(), expected.data(), mac_bytes) != 0)
        return std::nullopt;

    std::array<std::uint8_t, token_bytes_max> decoded;
    const auto size = proto::decode_base64url(token.substr(claims_at, dot - claims_at), decoded);
    if (!size) return std::nullopt;
    proto::input_errors errors;
    const auto* document =
        proto::parse_json({reinterpret_cast<const char*>(decoded.data()), *size}, scratch_, errors);
    if (document == nullptr) return std::nullopt;

    constexpr proto::integer_range any_time{0, std::int64_t{1} << 53};
    constexpr proto::text_rule any_text{0, 64, nullptr, {}};
    proto::object_reader claims(*document, errors);
    const auto iss = claims.text("iss", any_text);
    const auto aud = claims.text("aud", any_text);
    const auto sub = claims.identifier<uuid>("sub");
    const auto nbf = claims.integer("nbf", any_time);
    const auto exp = claims.integer("exp", any_time);
    const auto sid = claims.identifier<uuid>("sid", proto::presence::optional);
    if (!errors.none() || *iss != issuer || sub->is_nil() || (sid && sid->is_nil())) return std::nullopt;
    for (const token_role role : {token_role::customer, token_role::staff}) {
        if (*aud == audience_of(role))
            return signed_claims{{role, *sub, instant{*exp * ms_per_second}, sid.value_or(uuid{})},
                                 instant{*nbf * ms_per_second}};
    }
    return std::nullopt;
}

}  // namespace qtable::net
