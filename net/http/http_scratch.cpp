#include "net/http/http_scratch.hpp"

#include <cstring>
#include <utility>

#include "net/http/answer_head.hpp"

namespace qtable::net {
namespace {

bool is_sane_request_id(std::string_view id) noexcept {
    if (id.empty() || id.size() > limits::request_id_chars) return false;
    for (const char c : id) {
        const bool is_fine = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                             c == '.' || c == '_' || c == '-';
        if (!is_fine) return false;
    }
    return true;
}

}  // namespace

http_scratch::http_scratch(std::uint64_t random) noexcept {
    constexpr char digits[] = "0123456789abcdef";
    for (auto each = id_prefix.rbegin(); each != id_prefix.rend(); ++each, random >>= 4)
        *each = digits[random & 15];
}

std::string_view http_scratch::date(instant now) {
    const std::int64_t second = now.ms / ms_per_second;
    if (second != date_second) {
        date_second = second;
        date_line = render_date_line(now);
        ok_head.clear();
        append_status_line(ok_head, 200);
        ok_head.append(date_line);
        json_head = ok_head;
        json_head.append("Content-Type: ").append(content_type::json).append("\r\nX-Request-Id: ");
        ok_head.append("X-Request-Id: ");
    }
    return date_line;
}

std::string_view http_scratch::choose_request_id(std::string_view clients) {
    if (is_sane_request_id(clients)) return clients;
    // Written from the end: the prefix stands where the longest number begins.
    constexpr char digits[] = "0123456789abcdef";
    char* const end = request_id.data() + request_id.size();
    char* at = end;
    for (std::uint64_t rest = ++id_sequence; at == end || rest != 0; rest >>= 4) *--at = digits[rest & 15];
    *--at = '-';
    at -= id_prefix.size();
    std::memcpy(at, id_prefix.data(), id_prefix.size());
    return {at, static_cast<std::size_t>(end - at)};
}

std::unique_ptr<pending_answer> http_scratch::take_spare() {
    if (spare.empty()) return std::make_unique<pending_answer>();
    std::unique_ptr<pending_answer> answer = std::move(spare.back());
    spare.pop_back();
    return answer;
}

void http_scratch::give_back(std::unique_ptr<pending_answer> answer) {
    if (spare.size() >= spare_answers) return;
    *answer = {};
    spare.push_back(std::move(answer));
}

}  // namespace qtable::net
