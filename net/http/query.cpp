#include "net/http/query.hpp"

#include "net/http/uri.hpp"

namespace qtable::net {

bool query_parameters::next() noexcept {
    while (!rest_.empty() && rest_.front() == '&') rest_.remove_prefix(1);
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('&');
    const std::string_view pair = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    const std::size_t equals = pair.find('=');
    is_too_long_ = false;
    name_ = decode(pair.substr(0, equals));
    value_ = equals == std::string_view::npos ? std::string_view() : decode(pair.substr(equals + 1));
    return true;
}

std::string_view query_parameters::decode(std::string_view raw) noexcept {
    if (is_plain_) return raw;
    const std::size_t start = used_;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (used_ == decoded_.size()) {
            is_too_long_ = true;
            break;
        }
        char c = raw[i] == '+' ? ' ' : raw[i];
        if (c == '%' && i + 2 < raw.size()) {
            c = static_cast<char>(parse_escape(raw[i + 1], raw[i + 2]));
            i += 2;
        }
        decoded_[used_++] = c;
    }
    const std::string_view text(decoded_.data() + start, used_ - start);
    if (is_too_long_) used_ = start;  // room for those that follow
    return text;
}

}  // namespace qtable::net
