// The vectors of RFC 7515 (A.1, A.3) and RFC 8037 (A.4), and what attackers make of them.
#include "net/auth/jws.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "proto/base64url.hpp"

namespace qtable::net {
namespace jws_test {

constexpr std::string_view oct_key =
    R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})";
constexpr std::string_view hs256 =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view ed_key =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
constexpr std::string_view eddsa =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
constexpr std::string_view ec_key =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
constexpr std::string_view es256 =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

bool accepts(std::string_view key, std::string_view token) {
    const auto parsed = json_web_key::parse(key);
    EXPECT_TRUE(parsed) << key;
    return parsed && parsed->verify(token);
}

std::string encoded(std::string_view text) {
    std::string out;
    proto::append_base64url(out, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    return out;
}

std::string with_header(std::string_view token, std::string_view header) {
    return encoded(header) + std::string(token.substr(token.find('.')));
}

TEST(jws, accepts_the_vectors) {
    EXPECT_TRUE(accepts(oct_key, hs256));
    EXPECT_TRUE(accepts(ed_key, eddsa));
    EXPECT_TRUE(accepts(ec_key, es256));
    EXPECT_EQ(*json_web_key::parse(ed_key)->verify(eddsa), "Example of Ed25519 signing");
}

TEST(jws, refuses_every_flipped_character) {
    for (const auto& [key, token] : {std::pair(oct_key, hs256), {ed_key, eddsa}, {ec_key, es256}}) {
        for (std::size_t i = 0; i < token.size(); ++i) {
            std::string changed(token);
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            EXPECT_FALSE(accepts(key, changed)) << i;
        }
    }
}

TEST(jws, the_key_decides_the_algorithm) {
    EXPECT_FALSE(accepts(oct_key, eddsa));
    EXPECT_FALSE(accepts(ed_key, hs256));
    EXPECT_FALSE(accepts(ec_key, hs256));
    for (const char* none :
         {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"nOnE"})", R"({"alg":""})", "{}"}) {
        const std::string header = encoded(none);
        EXPECT_FALSE(accepts(oct_key, header + ".e30.")) << none;
        EXPECT_FALSE(accepts(oct_key, with_header(hs256, none))) << none;
    }
}

TEST(jws, headers_that_try_to_direct_us) {
    for (const char* header :
         {R"({"alg":"HS256","kid":"other"})", R"({"alg":"HS256","jku":"https://evil.test"})",
          R"({"alg":"HS256","jwk":{"kty":"oct","k":"AA"}})", R"({"alg":"HS256","x5u":"https://evil.test"})",
          R"({"alg":"HS256","crit":["exp"]})", R"({"alg":"none","alg":"HS256"})",
          R"({"alg":"HS256","b64":false})"}) {
        EXPECT_FALSE(accepts(oct_key, with_header(hs256, header))) << header;
    }
}

TEST(jws, forms_that_are_none) {
    const std::string good(hs256);
    for (const std::string& bad :
         {good + "=", good + ".", '.' + good, good + '\n', good.substr(0, good.size() - 1), std::string(),
          std::string(".."), std::string("."), good + "." + good, std::string(jws_bytes_max + 1, 'a')}) {
        EXPECT_FALSE(accepts(oct_key, bad)) << bad.substr(0, 60);
    }
    // The last character has two bits that mean nothing: only one spelling is taken.
    std::string other(good);
    other.back() = other.back() == 'k' ? 'l' : 'm';
    EXPECT_FALSE(accepts(oct_key, other));
}

TEST(jws, keys_that_are_none) {
    for (const char* bad :
         {"", "{}", "[]", R"({"kty":"oct"})", R"({"kty":"oct","k":"c2hvcnQ"})",
          R"({"kty":"RSA","n":"AQAB","e":"AQAB"})", R"({"kty":"OKP","crv":"X25519","x":"AA"})",
          R"({"kty":"OKP","crv":"Ed25519","x":"AA"})", R"({"kty":"oct","k":"!!!!"})"}) {
        EXPECT_FALSE(json_web_key::parse(bad)) << bad;
    }
    std::string wrong_algorithm(oct_key);
    wrong_algorithm.insert(1, R"("alg":"RS256",)");
    EXPECT_FALSE(json_web_key::parse(wrong_algorithm));
}

}  // namespace jws_test
}  // namespace qtable::net
