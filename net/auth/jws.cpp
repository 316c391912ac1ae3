#include "net/auth/jws.hpp"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <sodium.h>

#include <array>
#include <memory>
#include <optional>

#include "proto/base64url.hpp"
#include "proto/json_document.hpp"
#include "proto/json_reader.hpp"

namespace qtable::net {

namespace {

constexpr std::size_t secret_bytes_min = 32;
constexpr std::size_t coordinate_bytes = 32;
constexpr std::size_t hs256_bytes = 32;
constexpr std::size_t pair_bytes = 64;  // of both kinds of signature
constexpr proto::text_rule any_text{0, 4096, nullptr, {}};

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* what) const noexcept {
        Free(what);
    }
};
using public_key = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;

std::optional<std::vector<std::uint8_t>> decoded(std::string_view text) {
    std::vector<std::uint8_t> bytes(text.size() + 1);
    const auto size = proto::decode_base64url(text, bytes);
    if (!size) return std::nullopt;
    bytes.resize(*size);
    return bytes;
}

const std::uint8_t* start_of(std::string_view text) noexcept {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

bool is_maced(const std::vector<std::uint8_t>& key, std::string_view text,
              const std::vector<std::uint8_t>& signature) {
    std::array<std::uint8_t, hs256_bytes> expected{};
    std::size_t size = 0;
    if (EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.data(), key.size(), start_of(text),
                  text.size(), expected.data(), expected.size(), &size) == nullptr)
        return false;
    return signature.size() == hs256_bytes &&
           sodium_memcmp(signature.data(), expected.data(), hs256_bytes) == 0;
}

bool holds(EVP_PKEY* key, const EVP_MD* digest, std::string_view text, const std::uint8_t* signature,
           std::size_t size) {
    const digest_context context(EVP_MD_CTX_new());
    return context && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(), signature, size, start_of(text), text.size()) == 1;
}

bool is_signed_by_ed25519(const std::vector<std::uint8_t>& key, std::string_view text,
                          const std::vector<std::uint8_t>& signature) {
    const public_key known(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
    return known && signature.size() == pair_bytes &&
           holds(known.get(), nullptr, text, signature.data(), signature.size());
}

public_key make_p256(const std::vector<std::uint8_t>& coordinates) {
    std::vector<std::uint8_t> point{4};  // not compressed
    point.insert(point.end(), coordinates.begin(), coordinates.end());
    char group[] = "P-256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end()};
    const std::unique_ptr<EVP_PKEY_CTX, freed_by<EVP_PKEY_CTX_free>> context(
        EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* made = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(parameters)) !=
            1)
        return nullptr;
    return public_key(made);
}

// r and s side by side (RFC 7518, 3.4) as OpenSSL takes them: DER.
bool is_signed_by_p256(const std::vector<std::uint8_t>& key, std::string_view text,
                       const std::vector<std::uint8_t>& signature) {
    const public_key known = make_p256(key);
    if (!known || signature.size() != pair_bytes) return false;
    const std::unique_ptr<ECDSA_SIG, freed_by<ECDSA_SIG_free>> both(ECDSA_SIG_new());
    BIGNUM* const r = BN_bin2bn(signature.data(), coordinate_bytes, nullptr);
    BIGNUM* const s = BN_bin2bn(signature.data() + coordinate_bytes, coordinate_bytes, nullptr);
    if (!both || r == nullptr || s == nullptr || ECDSA_SIG_set0(both.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return false;
    }
    std::array<std::uint8_t, 80> der{};
    std::uint8_t* end = der.data();
    const int size = i2d_ECDSA_SIG(both.get(), &end);
    return size > 0 && holds(known.get(), EVP_sha256(), text, der.data(), static_cast<std::size_t>(size));
}

}  // namespace

result<json_web_key> json_web_key::parse(std::string_view json) {
    proto::json_scratch scratch;
    proto::input_errors errors;
    const auto* document = json.size() > jws_bytes_max ? nullptr : proto::parse_json(json, scratch, errors);
    if (document == nullptr) return errc::invalid_input;
    proto::object_reader members(*document, errors);
    const auto optional = proto::presence::optional;
    const auto type = members.text("kty", any_text);
    const auto curve = members.text("crv", any_text, optional);
    const auto x = members.text("x", any_text, optional), y = members.text("y", any_text, optional);
    const auto secret = members.text("k", any_text, optional);
    const auto algorithm = members.text("alg", any_text, optional);
    const auto id = members.text("kid", any_text, optional);
    if (!errors.none()) return errc::invalid_input;

    json_web_key made;
    std::string_view expected;
    std::optional<std::vector<std::uint8_t>> key;
    if (*type == "oct" && secret) {
        key = decoded(*secret);
        if (key && key->size() < secret_bytes_min) return errc::invalid_input;
        expected = "HS256";
    } else if (*type == "OKP" && curve && *curve == "Ed25519" && x) {
        made.kind_ = kind::eddsa;
        key = decoded(*x);
        if (key && key->size() != coordinate_bytes) return errc::invalid_input;
        expected = "EdDSA";
    } else if (*type == "EC" && curve && *curve == "P-256" && x && y) {
        made.kind_ = kind::es256;
        key = decoded(*x);
        const auto second = decoded(*y);
        if (!key || !second || key->size() != coordinate_bytes || second->size() != coordinate_bytes)
            return errc::invalid_input;
        key->insert(key->end(), second->begin(), second->end());
        expected = "ES256";
    }
    if (!key || (algorithm && *algorithm != expected)) return errc::invalid_input;
    made.key_ = std::move(*key);
    made.id_ = id ? std::string(*id) : std::string();
    return made;
}

bool json_web_key::is_header_ours(std::string_view json) const {
    proto::json_scratch scratch;
    proto::input_errors errors;
    const auto* document = proto::parse_json(json, scratch, errors);
    if (document == nullptr) return false;
    proto::object_reader members(*document, errors);
    const auto optional = proto::presence::optional;
    const auto algorithm = members.text("alg", any_text);
    const auto id = members.text("kid", any_text, optional);
    static_cast<void>(members.text("typ", any_text, optional));
    static_cast<void>(members.text("cty", any_text, optional));
    members.finish();  // whatever else it may say is nothing that we act on
    if (!errors.none()) return false;
    constexpr std::array<std::string_view, 3> names = {"HS256", "EdDSA", "ES256"};
    return *algorithm == names[static_cast<std::size_t>(kind_)] && (!id || (!id_.empty() && *id == id_));
}

bool json_web_key::is_signed(std::string_view text, const std::vector<std::uint8_t>& signature) const {
    switch (kind_) {
        case kind::hs256:
            return is_maced(key_, text, signature);
        case kind::eddsa:
            return is_signed_by_ed25519(key_, text, signature);
        case kind::es256:
            return is_signed_by_p256(key_, text, signature);
    }
    return false;
}

result<std::string> json_web_key::verify(std::string_view token) const {
    const std::size_t first = token.find('.'), last = token.rfind('.');
    if (token.size() > jws_bytes_max || first == std::string_view::npos || first == last ||
        token.find('.', first + 1) != last)
        return errc::unauthorized;
    const auto header = decoded(token.substr(0, first));
    const auto payload = decoded(token.substr(first + 1, last - first - 1));
    const auto signature = decoded(token.substr(last + 1));
    if (!header || !payload || !signature) return errc::unauthorized;
    const std::string_view said(reinterpret_cast<const char*>(header->data()), header->size());
    if (!is_header_ours(said) || !is_signed(token.substr(0, last), *signature)) return errc::unauthorized;
    return std::string(reinterpret_cast<const char*>(payload->data()), payload->size());
}

}  // namespace qtable::net
