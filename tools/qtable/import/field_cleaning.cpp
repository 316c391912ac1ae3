#include "tools/qtable/import/field_cleaning.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

#include "core/base/limits.hpp"
#include "proto/text_rules.hpp"
#include "tools/qtable/import/prng.hpp"

namespace qtable::tools {

namespace {

constexpr std::size_t shown_value_chars = 200;

unsigned char byte(char c) noexcept {
    return static_cast<unsigned char>(c);
}
bool is_continuation(char c) noexcept {
    return (byte(c) & 0xc0U) == 0x80U;
}

// How many bytes a character takes that only steers the display: C0, DEL, C1, the direction marks, the byte
// order mark.
std::size_t control_length(std::string_view rest) noexcept {
    if (byte(rest[0]) <= 0x20 || byte(rest[0]) == 0x7f) return 1;
    if (rest.size() >= 2 && byte(rest[0]) == 0xc2 && byte(rest[1]) <= 0xa0) return 2;
    if (rest.size() < 3) return 0;
    if (rest.starts_with("\u2028") || rest.starts_with("\u2029") || rest.starts_with("\ufeff")) return 3;
    const bool general_punctuation = byte(rest[0]) == 0xe2 && byte(rest[1]) == 0x80;
    if (general_punctuation && byte(rest[2]) >= 0xaa && byte(rest[2]) <= 0xae) return 3;
    if (general_punctuation && (byte(rest[2]) == 0x8e || byte(rest[2]) == 0x8f)) return 3;
    if (byte(rest[0]) == 0xe2 && byte(rest[1]) == 0x81 && byte(rest[2]) >= 0xa6 && byte(rest[2]) <= 0xa9)
        return 3;
    return 0;
}

// A name without a dot is somebody's own machine.
bool is_website(std::string_view url) noexcept {
    if (!proto::is_url(url)) return false;
    const std::size_t host = url.find("://") + 3;
    return url.substr(host, url.find_first_of("/?#", host) - host).find('.') != std::string_view::npos;
}

}  // namespace

std::string without_controls(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    while (!text.empty()) {
        if (const std::size_t control = control_length(text); control > 0) {
            if (!clean.empty() && clean.back() != ' ') clean += ' ';
            text.remove_prefix(control);
        } else {
            clean += text[0];
            text.remove_prefix(1);
        }
    }
    if (!clean.empty() && clean.back() == ' ') clean.pop_back();
    return clean;
}

std::string_view cut_to(std::string_view text, std::size_t code_points) noexcept {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_continuation(text[i]) && seen++ == code_points) return text.substr(0, i);
    }
    return text;
}

bool is_position(double latitude, double longitude) noexcept {
    return std::isfinite(latitude) && std::isfinite(longitude) && std::abs(latitude) <= 90 &&
           std::abs(longitude) <= 180;
}

void field_cleaner::report(import_problem_kind kind, std::string_view field, std::string_view value,
                           std::string what) {
    const std::string clean = without_controls(value);
    const std::string_view shown = cut_to(clean, shown_value_chars);
    problems_.push_back({kind, line_, name_, std::string(field),
                         shown.size() == clean.size() ? clean : std::string(shown) + "…", std::move(what)});
}

std::string field_cleaner::text(std::string_view field, std::string_view value, std::size_t code_points_max) {
    std::string clean = without_controls(value);
    const std::string_view kept = cut_to(clean, code_points_max);
    if (kept.size() < clean.size()) {
        report(import_problem_kind::field_changed, field, value,
               "cut to " + std::to_string(code_points_max) + " characters");
        clean = without_controls(kept);
    }
    return clean;
}

std::string field_cleaner::phone(std::string_view field, std::string_view value) {
    const std::string clean = without_controls(value.substr(0, value.find(';')));
    if (clean.empty() || proto::is_phone(clean)) return clean;
    report(import_problem_kind::field_dropped, field, value, "not a phone number");
    return {};
}

std::string field_cleaner::website(std::string_view field, std::string_view value) {
    std::string clean = without_controls(value);
    // A semicolon may stand in an address; only one before another address separates two.
    clean = clean.substr(0, std::min(clean.find(";http"), clean.find("; http")));
    if (clean.empty()) return clean;
    const std::string start = proto::lower_ascii(clean.substr(0, 8));
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (start.starts_with(scheme)) clean.replace(0, scheme.size(), scheme);
    }
    if (start.starts_with("www.")) clean.insert(0, "https://");
    if (is_website(clean) && cut_to(clean, limits::url_chars).size() == clean.size()) return clean;
    report(import_problem_kind::field_dropped, field, value, "not an http or https address");
    return {};
}

std::string field_cleaner::cuisine(std::string_view field, std::string_view value) {
    std::vector<std::string> kinds;
    std::size_t chars = 0;
    while (true) {
        const std::size_t end = value.find_first_of(";,");
        std::string kind = proto::lower_ascii(without_controls(value.substr(0, end)));
        const bool repeated = std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
        if (!kind.empty() && !repeated) {
            const std::size_t with_separator = proto::count_code_points(kind) + (kinds.empty() ? 0 : 1);
            if (chars + with_separator > limits::cuisine_chars) {
                report(import_problem_kind::field_changed, field, kind,
                       "too many kinds: the rest is left out");
                break;
            }
            chars += with_separator;
            kinds.push_back(std::move(kind));
        }
        if (end == std::string_view::npos) break;
        value.remove_prefix(end + 1);
    }
    std::string joined;
    for (const std::string& kind : kinds) joined += (joined.empty() ? "" : ";") + kind;
    return joined;
}

std::string field_cleaner::price_range(std::string_view field, std::string_view value) {
    const std::string clean = without_controls(value);
    if (clean.empty() || proto::is_price_range(clean)) return clean;
    report(import_problem_kind::field_dropped, field, value, "not one of $, $$, $$$, $$$$");
    return {};
}

std::string ref_from_name_and_position(std::string_view name, double latitude, double longitude) {
    constexpr double steps_per_degree = 10'000;  // about 11 m
    std::uint64_t hash = hash_of(name);
    hash = mix(hash ^ static_cast<std::uint64_t>(std::llround(latitude * steps_per_degree)));
    hash = mix(hash ^ static_cast<std::uint64_t>(std::llround(longitude * steps_per_degree)));
    constexpr std::string_view digits = "0123456789abcdef";
    std::string ref = "restaurant:";
    for (int shift = 60; shift >= 0; shift -= 4) ref += digits[(hash >> shift) & 0xfU];
    return ref;
}

void make_refs_unique(import_result& result) {
    std::unordered_set<std::string> refs;   // handed out
    std::unordered_set<std::string> exact;  // reference, name and position together
    const auto is_repetition = [&](import_restaurant& restaurant) {
        const std::string long_ref =
            restaurant.source_ref + '+' +
            ref_from_name_and_position(restaurant.name, restaurant.latitude, restaurant.longitude);
        if (exact.insert(long_ref).second) {
            if (refs.insert(restaurant.source_ref).second) return false;
            restaurant.source_ref = long_ref;
            if (refs.insert(long_ref).second) return false;
        }
        field_cleaner cleaner(result.problems, restaurant.line);
        cleaner.set_name(restaurant.name);
        cleaner.report(import_problem_kind::skipped, "", restaurant.source_ref, "the same restaurant again");
        return true;
    };
    std::vector<import_restaurant> kept;
    kept.reserve(result.restaurants.size());
    for (import_restaurant& restaurant : result.restaurants) {
        if (!is_repetition(restaurant)) kept.push_back(std::move(restaurant));
    }
    result.restaurants = std::move(kept);
    std::stable_sort(result.problems.begin(), result.problems.end(),
                     [](const import_problem& a, const import_problem& b) { return a.line < b.line; });
}

}  // namespace qtable::tools
