#include "net/http/http_scratch.hpp"

#include <charconv>
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

std::string_view http_scratch::date(instant now) {
    const std::int64_t second = now.ms / ms_per_second;
    if (second != date_second) {
        date_second = second;
        date_line = render_date_line(now);
    }
    return date_line;
}

std::string_view http_scratch::choose_request_id(std::string_view clients) {
    if (is_sane_request_id(clients)) return clients;
    char* at = std::to_chars(request_id.data(), request_id.data() + 8, id_prefix & 0xffffffff, 16).ptr;
    *at++ = '-';
    at = std::to_chars(at, request_id.data() + request_id.size(), ++id_sequence, 16).ptr;
    return {request_id.data(), static_cast<std::size_t>(at - request_id.data())};
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
