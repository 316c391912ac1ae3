#include "tools/qtable/import/json_split.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include "core/base/limits.hpp"

namespace qtable::tools {

namespace {

namespace json = boost::json;

// Takes every event of the parser and keeps nothing. The names are the ones that Boost.JSON calls.
struct ignoring_handler {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    using code = boost::system::error_code;
    bool on_document_begin(code&) { return true; }
    bool on_document_end(code&) { return true; }
    bool on_object_begin(code&) { return true; }
    bool on_object_end(std::size_t, code&) { return true; }
    bool on_array_begin(code&) { return true; }
    bool on_array_end(std::size_t, code&) { return true; }
    bool on_key_part(json::string_view, std::size_t, code&) { return true; }
    bool on_key(json::string_view, std::size_t, code&) { return true; }
    bool on_string_part(json::string_view, std::size_t, code&) { return true; }
    bool on_string(json::string_view, std::size_t, code&) { return true; }
    bool on_number_part(json::string_view, code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, code&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, code&) { return true; }
    bool on_double(double, json::string_view, code&) { return true; }
    bool on_bool(bool, code&) { return true; }
    bool on_null(code&) { return true; }
    bool on_comment_part(json::string_view, code&) { return true; }
    bool on_comment(json::string_view, code&) { return true; }
};

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class walker {
  public:
    explicit walker(std::string_view text) : text_(text) { skip_blanks(); }

    bool at(char c) const noexcept { return at_ < text_.size() && text_[at_] == c; }
    bool skip(char c) noexcept {
        if (!at(c)) return false;
        ++at_;
        skip_blanks();
        return true;
    }
    // The value that begins here, without the blanks behind it.
    std::string_view take_value() noexcept {
        const std::size_t begin = at_;
        if (at('"')) {
            pass_string();
        } else if (at('{') || at('[')) {
            pass_container();
        } else {
            while (at_ < text_.size() && !is_blank(text_[at_]) && !at(',') && !at(']') && !at('}')) ++at_;
        }
        const std::string_view value = text_.substr(begin, at_ - begin);
        skip_blanks();
        return value;
    }

  private:
    void skip_blanks() noexcept {
        while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    }
    void pass_string() noexcept {
        ++at_;
        while (at_ < text_.size() && !at('"')) at_ += at('\\') ? 2U : 1U;
        ++at_;
    }
    void pass_container() noexcept {
        std::size_t depth = 0;
        do {
            if (at('"')) {
                pass_string();
                continue;
            }
            if (at('{') || at('[')) ++depth;
            if (at('}') || at(']')) --depth;
            ++at_;
        } while (depth > 0 && at_ < text_.size());
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::optional<json_error> find_json_error(std::string_view text) {
    json::parse_options options;
    options.max_depth = limits::json_depth;
    json::basic_parser<ignoring_handler> parser(options);
    boost::system::error_code error;
    std::size_t passed = parser.write_some(false, text.data(), text.size(), error);
    if (!error && passed < text.size()) {
        while (passed < text.size() && is_blank(text[passed])) ++passed;
        if (passed < text.size()) error = json::error::extra_data;
    }
    if (!error) return std::nullopt;
    return json_error{passed, error.message()};
}

bool for_each_member(std::string_view json, const json_member_visitor& visit) {
    walker walk(json);
    if (!walk.skip('{')) return false;
    while (!walk.at('}')) {
        const std::string_view key = walk.take_value();
        walk.skip(':');
        const std::string_view value = walk.take_value();
        visit(key.substr(1, key.size() - 2), value);
        if (!walk.skip(',')) break;
    }
    return true;
}

bool for_each_element(std::string_view json, const json_element_visitor& visit) {
    walker walk(json);
    if (!walk.skip('[')) return false;
    while (!walk.at(']')) {
        visit(walk.take_value());
        if (!walk.skip(',')) break;
    }
    return true;
}

}  // namespace qtable::tools
