// Access tokens. Whatever the text: without our key it is never accepted; with it only under our own header,
// and only for what its claims say, as another JSON parser reads them.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <boost/json.hpp>

#include "net/auth/token.hpp"
#include "proto/base64url.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace qtable::net {
namespace {

constexpr std::string_view our_key = "a key of the fuzz target, 32 bytes";
constexpr std::string_view other_key = "another key of the fuzz target, so";
constexpr std::string_view our_header = R"({"alg":"HS256","typ":"JWT"})";
constexpr instant now{1'800'000'000'000};

std::string encoded(std::string_view bytes) {
    std::string text;
    proto::append_base64url(text, {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    return text;
}

std::string signed_by(std::string_view key, std::string_view header, std::string_view claims) {
    std::string token = encoded(header) + "." + encoded(claims);
    std::array<unsigned char, 32> mac;
    unsigned bytes = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(token.data()), token.size(), mac.data(), &bytes);
    QTABLE_ASSERT(bytes == mac.size());
    return token + "." + encoded({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

token_service& ours() {
    static token_service made{our_key};
    return made;
}
token_service& others() {
    static token_service made{other_key};
    return made;
}

bool is_text(const boost::json::object& claims, std::string_view name, std::string_view wanted) {
    const auto* const found = claims.if_contains({name.data(), name.size()});
    return found != nullptr && found->is_string() && std::string_view(found->get_string()) == wanted;
}

void check_claims(std::string_view text, const token_claims& got) {
    boost::json::error_code failure;
    const auto document = boost::json::parse({text.data(), text.size()}, failure);
    QTABLE_ASSERT(!failure && document.is_object());
    const auto& claims = document.get_object();
    QTABLE_ASSERT(is_text(claims, "iss", "qtable"));
    QTABLE_ASSERT(is_text(claims, "aud", got.role == token_role::staff ? "staff" : "customer"));
    QTABLE_ASSERT(parse_uuid(claims.at("sub").as_string()) == got.subject && !got.subject.is_nil());
    QTABLE_ASSERT(claims.at("nbf").to_number<std::int64_t>() * ms_per_second <= now.ms);
    QTABLE_ASSERT(claims.at("exp").to_number<std::int64_t>() * ms_per_second == got.expires_at.ms);
    QTABLE_ASSERT(got.expires_at > now);
    const auto* const session = claims.if_contains("sid");
    QTABLE_ASSERT(session == nullptr ? got.session.is_nil()
                                     : parse_uuid(session->as_string()) == got.session);
}

// Claims that we signed: accepted only if they are what a token of ours says.
void check_signed(std::string_view claims) {
    const std::string token = signed_by(our_key, our_header, claims);
    QTABLE_ASSERT(!others().verify(token, now));
    const auto got = ours().verify(token, now);
    if (!got) return;
    check_claims(claims, *got);
    // It is remembered now: that must not make it last longer, or begin sooner.
    QTABLE_ASSERT(ours().verify(token, now) && !ours().verify(token, got->expires_at));
    QTABLE_ASSERT(!ours().verify(token, instant{-1}));
    QTABLE_ASSERT(!ours().verify(token + "A", now) && !ours().verify(token.substr(1), now));
}

// A good token in which single characters are changed, and which is cut or grows.
void check_changed(fuzz::input in) {
    static const std::string good = signed_by(
        our_key, our_header,
        R"({"iss":"qtable","aud":"staff","sub":"01890a5d-ac96-774b-bcce-b302099a8057","nbf":1,"exp":1900000000})");
    std::string token = good;
    const int changes = in.take_below(4);
    for (int i = 0; i < changes; ++i) {
        const auto at = static_cast<std::size_t>(in.take_below(static_cast<int>(good.size())));
        token[at] = static_cast<char>(in.take<std::uint8_t>());
    }
    token.resize(good.size() - static_cast<std::size_t>(in.take_below(50) % 50));
    token.append(in.rest());
    QTABLE_ASSERT(ours().verify(token, now).has_value() == (token == good));
    QTABLE_ASSERT(!others().verify(token, now));
}

void check_header(fuzz::input in) {
    const std::string_view header = in.take_line();
    const auto got = ours().verify(signed_by(our_key, header, in.rest()), now);
    QTABLE_ASSERT(!got || header == our_header);
    if (got) check_claims(in.rest(), *got);
}

}  // namespace
}  // namespace qtable::net

// The first byte says what the rest is: a token, claims, changes of a good token, or a header and claims.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qtable::net;
    qtable::fuzz::input in(data, size);
    switch (in.take<std::uint8_t>() % 4) {
        case 0:
            QTABLE_ASSERT(!ours().verify(in.rest(), now));
            break;
        case 1:
            check_signed(in.rest());
            break;
        case 2:
            check_changed(in);
            break;
        default:
            check_header(in);
    }
    return 0;
}
