// A chunked body. However the bytes are cut, and in place or not, the same comes out; where our decoder says
// that the body ends and what it holds, Beast's parser sees the same or refuses it; a body that is put into
// chunks comes back whole.
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdio>

#include "core/base/limits.hpp"
#include "net/http/chunked_decoder.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace qtable::net {
namespace {

namespace http = boost::beast::http;
using beast_text = boost::beast::string_view;
using outcome = chunked_decoder::outcome;

struct decoded {
    outcome what = outcome::need_more;
    std::size_t consumed = 0;
    std::string body;
    friend bool operator==(const decoded&, const decoded&) = default;
};

// In slices, each decoded within itself.
decoded decode(std::string_view text, std::size_t limit, std::uint8_t seed) {
    decoded all;
    chunked_decoder decoder(limit);
    fuzz::in_slices(text, seed, [&](std::span<char> piece) {
        const auto got = decoder.feed(piece.data(), piece.size(), piece.data());
        QTABLE_ASSERT(got.consumed <= piece.size() && got.produced <= got.consumed);
        QTABLE_ASSERT(got.what != outcome::need_more || got.consumed == piece.size());
        all.what = got.what;
        all.consumed += got.consumed;
        all.body.append(piece.data(), got.produced);
        if (got.what == outcome::refused) QTABLE_ASSERT(decoder.why().status >= 400);
        return got.what == outcome::need_more;
    });
    QTABLE_ASSERT(all.body.size() <= limit);
    return all;
}

// Into other memory.
decoded decode_apart(std::string_view text, std::size_t limit) {
    decoded all;
    chunked_decoder decoder(limit);
    all.body.resize(text.size());
    const auto got = decoder.feed(text.data(), text.size(), all.body.data());
    all.what = got.what;
    all.consumed = got.consumed;
    all.body.resize(got.produced);
    return all;
}

class body_parser final : public http::basic_parser<true> {
  public:
    std::string body;

  private:
    using error = boost::beast::error_code;
    void on_request_impl(http::verb, beast_text, beast_text, int, error&) override {}
    void on_response_impl(int, beast_text, int, error&) override {}
    void on_field_impl(http::field, beast_text, beast_text, error&) override {}
    void on_header_impl(error&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error&) override {}
    std::size_t on_body_impl(beast_text text, error&) override { return text.size(); }
    void on_chunk_header_impl(std::uint64_t, beast_text, error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast_text text, error&) override {
        body.append(text.data(), text.size());
        return text.size();
    }
    void on_finish_impl(error&) override {}
};

void compare_with_beast(std::string_view text, const decoded& ours) {
    constexpr std::string_view head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    body_parser parser;
    parser.body_limit(boost::none);
    parser.eager(true);
    const std::string all = std::string(head).append(text);
    boost::beast::error_code failure;
    std::size_t used = 0;
    while (!failure && !parser.is_done()) {
        const std::size_t more =
            parser.put(boost::asio::const_buffer(all.data() + used, all.size() - used), failure);
        used += more;
        if (more == 0 && !failure && !parser.is_done()) break;
    }
    if (!parser.is_done()) {
        // Refused, or it waits for what we don't need.
        QTABLE_ASSERT(failure != http::error::need_more);
        return;
    }
    QTABLE_ASSERT(parser.body == ours.body && used == head.size() + ours.consumed);
}

void encode_and_decode(std::string_view body, std::uint8_t seed) {
    std::string coded;
    fuzz::in_slices(body, seed, [&](std::span<char> piece) {
        std::array<char, 24> size;
        std::snprintf(size.data(), size.size(), "%zX\r\n", piece.size());
        coded.append(size.data()).append(piece.data(), piece.size()).append("\r\n");
        return true;
    });
    coded += "0\r\n\r\n";
    const decoded got = decode(coded, body.size(), seed);
    QTABLE_ASSERT(got.what == outcome::done && got.body == body && got.consumed == coded.size());
    if (!body.empty()) QTABLE_ASSERT(decode(coded, body.size() - 1, seed).what == outcome::refused);
}

}  // namespace
}  // namespace qtable::net

// The first byte: where the stream is cut; the second: the limit of the body, or 0: the rest is a body to be
// put into chunks.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qtable::net;
    qtable::fuzz::input in(data, size);
    const auto seed = in.take<std::uint8_t>();
    const std::size_t limit = in.take<std::uint8_t>() * std::size_t{8};
    if (limit == 0) {
        encode_and_decode(in.rest(), seed);
        return 0;
    }
    const decoded whole = decode(in.rest(), limit, 0);
    QTABLE_ASSERT(whole == decode(in.rest(), limit, seed));
    QTABLE_ASSERT(whole == decode_apart(in.rest(), limit));
    if (whole.what == outcome::done) compare_with_beast(in.rest(), whole);
    return 0;
}
