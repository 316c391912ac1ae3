#include "net/http/fields.hpp"

#include <algorithm>
#include <cstring>

namespace qtable::net {
namespace {

// In the order of `field`.
constexpr std::array<std::string_view, known_fields> names{"accept",
                                                           "accept-encoding",
                                                           "access-control-request-headers",
                                                           "access-control-request-method",
                                                           "authorization",
                                                           "connection",
                                                           "content-encoding",
                                                           "content-length",
                                                           "content-type",
                                                           "cookie",
                                                           "expect",
                                                           "forwarded",
                                                           "host",
                                                           "idempotency-key",
                                                           "if-match",
                                                           "if-none-match",
                                                           "origin",
                                                           "sec-websocket-extensions",
                                                           "sec-websocket-key",
                                                           "sec-websocket-protocol",
                                                           "sec-websocket-version",
                                                           "traceparent",
                                                           "transfer-encoding",
                                                           "upgrade",
                                                           "user-agent",
                                                           "x-forwarded-for",
                                                           "x-forwarded-proto",
                                                           "x-real-ip",
                                                           "x-request-id"};

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// Length, first and last letter tell almost all names apart: one probe, seldom two.
constexpr std::size_t bucket_of(std::size_t size, char first, char last) noexcept {
    return (size * 7 + static_cast<unsigned char>(lower(first)) * 3u +
            static_cast<unsigned char>(lower(last)) * 5u) &
           127;
}

// Chains of known names by bucket: the first of each bucket, and the next in the same one (index + 1, 0 =
// none).
struct name_index {
    std::array<std::uint8_t, 128> first{};
    std::array<std::uint8_t, known_fields> next{};
};

constexpr name_index make_index() {
    name_index index;
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::uint8_t& head = index.first[bucket_of(names[i].size(), names[i].front(), names[i].back())];
        index.next[i] = head;
        head = static_cast<std::uint8_t>(i + 1);
    }
    return index;
}

constexpr name_index by_name = make_index();

// `known` is lower-case letters and '-': setting bit 5 makes a token's character equal to it in either case,
// and no other.
bool is_known_name(std::string_view name, std::string_view known) noexcept {
    if (name.size() != known.size()) return false;
    unsigned different = 0;
    for (std::size_t i = 0; i < name.size(); ++i)
        different |= (static_cast<unsigned char>(name[i]) | 0x20u) ^ static_cast<unsigned char>(known[i]);
    return different == 0;
}

}  // namespace

bool equals_ignoring_case(std::string_view one, std::string_view other) noexcept {
    return one.size() == other.size() && std::equal(one.begin(), one.end(), other.begin(),
                                                    [](char a, char b) { return lower(a) == lower(b); });
}

field parse_field(std::string_view name) noexcept {
    if (name.empty()) return field::other;
    for (std::size_t i = by_name.first[bucket_of(name.size(), name.front(), name.back())]; i != 0;
         i = by_name.next[i - 1])
        if (is_known_name(name, names[i - 1])) return static_cast<field>(i - 1);
    return field::other;
}

void field_list::clear() noexcept {
    first_.fill(0);
    counts_.fill(0);
    size_ = 0;
}

void field_list::assign(const field_list& from, const char* from_bytes, const char* to_bytes) noexcept {
    first_ = from.first_;
    counts_ = from.counts_;
    size_ = from.size_;
    const auto moved = [&](std::string_view view) {
        return std::string_view(to_bytes + (view.data() - from_bytes), view.size());
    };
    for (std::size_t i = 0; i < size_; ++i)
        lines_[i] = {moved(from.lines_[i].name), moved(from.lines_[i].value), from.lines_[i].known};
}

bool field_list::add(std::string_view name, std::string_view value) noexcept {
    if (size_ == lines_.size()) return false;
    const field known = parse_field(name);
    lines_[size_++] = {name, value, known};
    if (known != field::other) {
        const auto at = static_cast<std::size_t>(known);
        if (first_[at] == 0) first_[at] = static_cast<std::uint8_t>(size_);
        if (counts_[at] < 2) ++counts_[at];
    }
    return true;
}

std::string_view field_list::operator[](field name) const noexcept {
    const std::uint8_t at = first_[static_cast<std::size_t>(name)];
    return at == 0 ? std::string_view() : lines_[at - 1u].value;
}

std::string_view field_list::find(std::string_view name) const noexcept {
    for (const line& each : *this)
        if (equals_ignoring_case(each.name, name)) return each.value;
    return {};
}

bool field_list::has_token(field name, std::string_view token) const noexcept {
    bool found = false;
    if (has(name))
        for_each_token(name, [&](std::string_view each) { found |= equals_ignoring_case(each, token); });
    return found;
}

}  // namespace qtable::net
