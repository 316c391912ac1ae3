// A stream of requests as a client may send it. What our own scan accepts, Beast's parser must read the same
// way or refuse; how the bytes are cut, and whether the lines were seen before, changes nothing; what was
// read and is written again reads the same.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <utility>
#include <vector>

#include "net/http/beast_check.hpp"
#include "net/http/request_reader.hpp"
#include "net/http/uri.hpp"
#include "net/io/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace qtable::net {
namespace {

namespace http = boost::beast::http;
using beast_text = boost::beast::string_view;

constexpr std::size_t body_limit = 512;
using lines = std::vector<std::pair<std::string, std::string>>;

std::string text_of(beast_text from) {
    return {from.data(), from.size()};
}

class recording_parser final : public http::basic_parser<true> {
  public:
    std::string method, target;
    int version = 0;
    lines fields;

  private:
    using error = boost::beast::error_code;
    void on_request_impl(http::verb, beast_text name, beast_text target_text, int number, error&) override {
        method = text_of(name);
        target = text_of(target_text);
        version = number;
    }
    void on_response_impl(int, beast_text, int, error&) override {}
    void on_field_impl(http::field, beast_text name, beast_text value, error&) override {
        fields.emplace_back(text_of(name), text_of(value));
    }
    void on_header_impl(error&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error&) override {}
    std::size_t on_body_impl(beast_text body, error&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, beast_text, error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast_text body, error&) override { return body.size(); }
    void on_finish_impl(error&) override {}
};

lines lines_of(const field_list& fields) {
    lines all;
    for (const field_list::line& each : fields) all.emplace_back(each.name, each.value);
    return all;
}

void compare_with_beast(std::string_view text, const request_head& head, const field_list& fields) {
    recording_parser parser;
    parser.header_limit(limits::header_bytes + 1);
    parser.body_limit(boost::none);
    boost::beast::error_code failure;
    parser.put(boost::asio::const_buffer(text.data(), text.size()), failure);
    QTABLE_ASSERT(!failure && parser.is_header_done());
    QTABLE_ASSERT(parser.method == head.method_name && parser.target == head.target);
    QTABLE_ASSERT(parser.version == 10 + head.minor_version);
    QTABLE_ASSERT(parser.fields == lines_of(fields));
    QTABLE_ASSERT(parser.chunked() == head.is_chunked);
    QTABLE_ASSERT(parser.content_length().value_or(0) == head.content_length);
    // Both `close` and `keep-alive`: we close.
    QTABLE_ASSERT(!head.is_keep_alive || parser.keep_alive());
}

void check_fields(const field_list& fields) {
    for (const field_list::line& each : fields) {
        QTABLE_ASSERT(each.known == parse_field(each.name));
        int same = 0;
        std::string_view first;
        for (const field_list::line& other : fields) {
            if (!equals_ignoring_case(other.name, each.name)) continue;
            if (same++ == 0) first = other.value;
        }
        QTABLE_ASSERT(fields.find(each.name) == first);
        if (each.known == field::other) continue;
        QTABLE_ASSERT(fields[each.known] == first && fields.count(each.known) == std::min(same, 2));
    }
}

bool is_same(const request_head& one, const request_head& other) {
    return one.method == other.method && one.method_name == other.method_name && one.target == other.target &&
           one.raw_path == other.raw_path && one.raw_query == other.raw_query &&
           one.minor_version == other.minor_version && one.content_length == other.content_length &&
           one.is_chunked == other.is_chunked && one.is_keep_alive == other.is_keep_alive &&
           one.expects_continue == other.expects_continue;
}

void scan_again(const request_head& head, const field_list& fields) {
    std::string text(head.method_name);
    text.append(" ").append(head.target).append(head.minor_version == 1 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
    for (const field_list::line& each : fields)
        text.append(each.name).append(": ").append(each.value).append("\r\n");
    text += "\r\n";
    request_head again;
    field_list fields_again;
    QTABLE_ASSERT(!scan_head(text, again, fields_again));
    QTABLE_ASSERT(is_same(head, again) && lines_of(fields) == lines_of(fields_again));
}

struct seen_request {
    std::string head, target, path, query, body;
    lines fields;
    std::uint64_t content_length = 0;
    method verb = method::unknown;
    bool is_chunked = false, is_keep_alive = false, expects_continue = false;
    friend bool operator==(const seen_request&, const seen_request&) = default;
};

struct reading {
    std::vector<seen_request> requests;
    bool is_refused = false;
    friend bool operator==(const reading&, const reading&) = default;
};

class stream_reader {
  public:
    explicit stream_reader(head_memory* memory) : memory_(memory) {}

    bool take(std::span<char> piece) {
        reader_.begin(piece.data(), piece.size());
        while (step()) {
        }
        if (!seen_.is_refused) reader_.end();
        return !seen_.is_refused;
    }
    reading result() && { return std::move(seen_); }

  private:
    // False: more bytes are needed, or it was refused.
    bool step() {
        switch (reader_.next(head_, fields_, memory_)) {
            case request_reader::outcome::need_more:
                return false;
            case request_reader::outcome::refused:
                QTABLE_ASSERT(reader_.why().status >= 400 && !reader_.why().detail.empty());
                seen_.is_refused = true;
                return false;
            case request_reader::outcome::head:
                seen_.is_refused = !prepare() || !reader_.begin_body(head_, body_limit);
                return !seen_.is_refused;
            case request_reader::outcome::request:
                note();
                reader_.consume();
                return true;
        }
        return false;
    }

    // As a connection does it.
    bool prepare() {
        std::string_view path;
        if (!decode_path(head_.raw_path, decoded_, path) || !is_valid_query(head_.raw_query)) return false;
        QTABLE_ASSERT(is_utf8(path) && path.find('\0') == std::string_view::npos);
        QTABLE_ASSERT(path == "*" || path.starts_with('/'));
        path_ = path;
        const bool is_agreed = beast_agrees(reader_.head_text(), head_);
        QTABLE_ASSERT(is_agreed || !head_.is_known);
        if (!is_agreed) return false;
        compare_with_beast(reader_.head_text(), head_, fields_);
        check_fields(fields_);
        scan_again(head_, fields_);
        if (memory_ && !head_.is_known) reader_.remember_head(head_, fields_, *memory_);
        return true;
    }

    void note() {
        QTABLE_ASSERT(reader_.body().size() <= body_limit);
        QTABLE_ASSERT(head_.is_chunked || reader_.body().size() == head_.content_length);
        seen_.requests.push_back({std::string(reader_.head_text()), std::string(head_.target), path_,
                                  std::string(head_.raw_query), std::string(reader_.body()),
                                  lines_of(fields_), head_.content_length, head_.method, head_.is_chunked,
                                  head_.is_keep_alive, head_.expects_continue});
    }

    request_reader reader_;
    request_head head_;
    field_list fields_;
    head_memory* memory_;
    std::string decoded_, path_;
    reading seen_;
};

reading read(std::string_view text, std::uint8_t seed, bool remembers) {
    // One for all inputs: it is costly to make, and what it knows may only make things faster.
    static head_memory memory;
    stream_reader reader(remembers ? &memory : nullptr);
    fuzz::in_slices(text, seed, [&](std::span<char> piece) { return reader.take(piece); });
    return std::move(reader).result();
}

}  // namespace
}  // namespace qtable::net

// The first byte: where the stream is cut, and (its high bit) whether lines are remembered.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    qtable::fuzz::input in(data, size);
    const auto options = in.take<std::uint8_t>();
    const auto seed = static_cast<std::uint8_t>(options & 0x7fU);
    const auto whole = qtable::net::read(in.rest(), 0, false);
    if (seed != 0) QTABLE_ASSERT(whole == qtable::net::read(in.rest(), seed, false));
    if ((options & 0x80U) != 0) QTABLE_ASSERT(whole == qtable::net::read(in.rest(), seed, true));
    return 0;
}
