#include "net/limit/shared_counts.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/limits.hpp"

namespace qtable::net {

namespace {

constexpr std::size_t digest_max = 64;

// "NODE r=ID:COUNT f=DIGEST a=DIGEST s=DIGEST …"
class counts_payloads {
  public:
    explicit counts_payloads(std::string_view node) : node_(node) {}
    void add(char kind, std::string_view what) {
        if (made_.empty() || made_.back().size() + what.size() + 3 > limits::notify_payload_bytes)
            made_.emplace_back(node_);
        std::string& to = made_.back();
        to += ' ';
        to += kind;
        to += '=';
        to += what;
    }
    std::vector<std::string> take() { return std::move(made_); }

  private:
    std::string_view node_;
    std::vector<std::string> made_;
};

bool is_digest(std::string_view text) noexcept {
    return !text.empty() && text.size() <= digest_max && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '_';
    });
}

std::optional<shared_counts::account_requests> parse_account_requests(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto account = parse_uuid(text.substr(0, colon));
    std::uint32_t count = 0;
    const auto [end, failed] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), count);
    if (!account || failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return shared_counts::account_requests{*account, count};
}

}  // namespace

std::vector<std::string> format_counts(std::string_view node, const shared_counts& what) {
    counts_payloads made(node);
    for (const shared_counts::account_requests& each : what.accounts)
        made.add('r', to_string(each.account) + ':' + std::to_string(each.count));
    for (const shared_counts::login_attempt& each : what.attempts)
        made.add(static_cast<char>(each.what), each.who);
    return made.take();
}

std::optional<told_counts> parse_counts(std::string_view payload) {
    told_counts made;
    const std::size_t blank = std::min(payload.find(' '), payload.size());
    made.node = payload.substr(0, blank);
    if (made.node.empty()) return std::nullopt;
    std::string_view rest = payload.substr(blank);
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(word.size());
        if (word.size() < 3 || word[1] != '=') return std::nullopt;
        const std::string_view value = word.substr(2);
        if (word[0] == 'r') {
            const auto read = parse_account_requests(value);
            if (!read) return std::nullopt;
            made.what.accounts.push_back(*read);
            continue;
        }
        const auto what = static_cast<shared_counts::attempt>(word[0]);
        const bool is_known = what == shared_counts::attempt::failed ||
                              what == shared_counts::attempt::from_address ||
                              what == shared_counts::attempt::succeeded;
        if (!is_known || !is_digest(value)) return std::nullopt;
        made.what.attempts.push_back({what, std::string(value)});
    }
    return made;
}

}  // namespace qtable::net
