#include "net/http/beast_check.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "core/base/limits.hpp"

namespace qtable::net {
namespace {

namespace http = boost::beast::http;
using error = boost::beast::error_code;
using boost::beast::string_view;

// Takes nothing: only what the base class finds out counts.
class silent_parser final : public http::basic_parser<true> {
    void on_request_impl(http::verb, string_view, string_view, int, error&) override {}
    void on_response_impl(int, string_view, int, error&) override {}
    void on_field_impl(http::field, string_view, string_view, error&) override {}
    void on_header_impl(error&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error&) override {}
    std::size_t on_body_impl(string_view body, error&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, string_view, error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error&) override { return body.size(); }
    void on_finish_impl(error&) override {}
};

}  // namespace

bool beast_agrees(std::string_view head, const request_head& ours) {
    silent_parser parser;
    parser.header_limit(limits::header_bytes + 1);
    parser.body_limit(boost::none);
    error failure;
    parser.put(boost::asio::const_buffer(head.data(), head.size()), failure);
    if (failure || !parser.is_header_done()) return false;
    const boost::optional<std::uint64_t> length = parser.content_length();
    return parser.chunked() == ours.is_chunked && (length ? *length : 0) == ours.content_length;
}

}  // namespace qtable::net
