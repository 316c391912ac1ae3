#include "loadtest/wire/members.hpp"

#include <charconv>
#include <cstddef>

namespace qtable::loadtest {

namespace {

class scanner {
  public:
    explicit scanner(std::string_view text) noexcept : text_(text) {}

    bool take(char wanted) noexcept {
        skip_blanks();
        if (at_ >= text_.size() || text_[at_] != wanted) return false;
        ++at_;
        return true;
    }

    // Without the quotes; false at the end of the text.
    bool take_string(std::string_view& value) noexcept {
        if (!take('"')) return false;
        const std::size_t from = at_;
        if (!skip_string()) return false;
        value = text_.substr(from, at_ - 1 - from);
        return true;
    }

    bool take_value(std::string_view& value) noexcept {
        skip_blanks();
        if (at_ >= text_.size()) return false;
        if (text_[at_] == '"') return take_string(value);
        const std::size_t from = at_;
        if (text_[at_] == '{' || text_[at_] == '[') {
            if (!skip_nested()) return false;
        } else {
            while (at_ < text_.size() && !ends_scalar(text_[at_])) ++at_;
        }
        value = text_.substr(from, at_ - from);
        return !value.empty();
    }

  private:
    static bool ends_scalar(char c) noexcept {
        return c == ',' || c == '}' || c == ']' || static_cast<unsigned char>(c) <= ' ';
    }
    void skip_blanks() noexcept {
        while (at_ < text_.size() && static_cast<unsigned char>(text_[at_]) <= ' ') ++at_;
    }
    // From behind the first quote to behind the last one.
    bool skip_string() noexcept {
        for (;;) {
            const std::size_t quote = text_.find('"', at_);
            if (quote == std::string_view::npos) return false;
            std::size_t slashes = 0;
            while (quote - slashes > at_ && text_[quote - slashes - 1] == '\\') ++slashes;
            at_ = quote + 1;
            if (slashes % 2 == 0) return true;
        }
    }
    bool skip_nested() noexcept {
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == '"' && !skip_string()) return false;
            if (c == '{' || c == '[') ++depth;
            if ((c == '}' || c == ']') && --depth == 0) return true;
        }
        return false;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

void find_members(std::string_view text, std::span<wanted_member> wanted) {
    scanner in(text);
    if (!in.take('{')) return;
    std::size_t left = wanted.size();
    std::string_view name, value;
    do {
        if (!in.take_string(name) || !in.take(':') || !in.take_value(value)) return;
        for (wanted_member& each : wanted) {
            if (each.is_found || each.name != name) continue;
            each.value = value;
            each.is_found = true;
            --left;
        }
    } while (left > 0 && in.take(','));
}

std::string_view find_member(std::string_view text, std::string_view name) {
    wanted_member one{name};
    find_members(text, {&one, 1});
    return one.value;
}

std::optional<std::int64_t> to_integer(std::string_view text) noexcept {
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || at != end || text.empty()) return std::nullopt;
    return value;
}

void for_each_element(std::string_view text, const std::function<void(std::string_view)>& visit) {
    scanner in(text);
    if (!in.take('[')) return;
    std::string_view value;
    do {
        if (!in.take_value(value)) return;
        visit(value);
    } while (in.take(','));
}

}  // namespace qtable::loadtest
