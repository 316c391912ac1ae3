// Queries and paths: decoding against a plain reference, encoding again, and the typed reading of parameters
// within its bounds.
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "core/base/limits.hpp"
#include "net/http/query_values.hpp"
#include "net/http/uri.hpp"
#include "net/io/utf8.hpp"
#include "proto/json_document.hpp"
#include "proto/parse_diner.hpp"
#include "proto/problem.hpp"
#include "proto/render_event.hpp"
#include "proto/text_rules.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace qtable::net {
namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

// What the head scan lets through.
bool is_target(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
}

std::optional<std::string> decoded(std::string_view raw, bool plus_is_blank) {
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '%') {
            text.push_back(raw[i] == '+' && plus_is_blank ? ' ' : raw[i]);
            continue;
        }
        unsigned byte = 0;
        const char* const digits = raw.data() + i + 1;
        if (raw.size() - i < 3 || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2 ||
            byte == 0)
            return std::nullopt;
        text.push_back(static_cast<char>(byte));
        i += 2;
    }
    return proto::is_valid_utf8(text) ? std::optional(text) : std::nullopt;
}

std::string encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string raw;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        raw.push_back('%');
        raw.push_back(digits[byte >> 4]);
        raw.push_back(digits[byte & 15U]);
    }
    return raw;
}

pairs parameters_of(std::string_view query) {
    pairs all;
    for (query_parameters each(query); each.next();) {
        QTABLE_ASSERT(!each.is_too_long());
        all.emplace_back(each.name(), each.value());
    }
    return all;
}

pairs reference_of(std::string_view query) {
    pairs all;
    while (!query.empty()) {
        const std::string_view one = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(one.size() + 1, query.size()));
        if (one.empty()) continue;
        const std::size_t equals = std::min(one.find('='), one.size());
        const std::string_view value = one.substr(std::min(equals + 1, one.size()));
        all.emplace_back(decoded(one.substr(0, equals), true).value_or("?"),
                         decoded(value, true).value_or("?"));
    }
    return all;
}

void check_path(std::string_view raw) {
    std::string scratch;
    std::string_view path;
    const auto wanted = decoded(raw, false);
    QTABLE_ASSERT(decode_path(raw, scratch, path) == wanted.has_value());
    QTABLE_ASSERT(!wanted || path == *wanted);
    // Where the piece between two marks is cut inside of a character each half is still a text of bytes.
    QTABLE_ASSERT(is_valid_query(raw) == wanted.has_value());
}

// As a person would write the rule down.
bool is_plain_decimal(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.starts_with('-')) text.remove_prefix(1);
    const std::string_view whole = text.substr(0, text.find('.'));
    const bool has_point = whole.size() != text.size();
    const std::string_view fraction = has_point ? text.substr(whole.size() + 1) : std::string_view("0");
    return !whole.empty() && !fraction.empty() && std::all_of(whole.begin(), whole.end(), is_digit) &&
           std::all_of(fraction.begin(), fraction.end(), is_digit);
}

void check_number(std::string_view text) {
    const auto value = parse_number(text);
    QTABLE_ASSERT(!value || is_plain_decimal(text));
    QTABLE_ASSERT(value || text.size() > 40 || !is_plain_decimal(text));
    if (value) QTABLE_ASSERT(*value == std::strtod(std::string(text).c_str(), nullptr));
}

void check_party_sizes(std::string_view text) {
    const auto sizes = proto::parse_party_sizes(text);
    std::string again;
    int before = 0;
    for (const int each : sizes) {
        QTABLE_ASSERT(each > before && each <= limits::party_size_max);
        before = each;
        again += (again.empty() ? "" : ",") + std::to_string(each);
    }
    QTABLE_ASSERT(sizes.size() <= limits::wait_quote_sizes);
    if (!sizes.empty()) QTABLE_ASSERT(proto::parse_party_sizes(again) == sizes);
}

// What a socket's address and its first message say.
void check_resume(std::string_view text, std::int64_t since_seq) {
    const auto epoch = proto::parse_epoch(text);
    if (!epoch) return;
    std::string hello, again;
    proto::write_hello(hello, *epoch, since_seq);
    proto::json_scratch scratch;
    proto::input_errors errors;
    const auto* const document = proto::parse_json(hello, scratch, errors);
    QTABLE_ASSERT(document != nullptr && document->find("epoch")->text == text);
    QTABLE_ASSERT(document->find("seq")->text == std::to_string(since_seq));
}

void check_errors(const proto::input_errors& errors) {
    QTABLE_ASSERT(errors.none() == errors.errors.empty());
    QTABLE_ASSERT(errors.errors.size() <= limits::input_errors_max);
    if (errors.none()) return;
    QTABLE_ASSERT(errors.code == errc::invalid_input);
    std::string problem;
    proto::write_problem(problem, errors.code, {.errors = errors.errors});
    proto::json_scratch scratch;
    proto::input_errors none;
    QTABLE_ASSERT(proto::parse_json(problem, scratch, none) != nullptr);
}

void read_typed(std::string_view query, const pairs& all) {
    query_values values(query);
    const auto text = values.text("q", 8);
    QTABLE_ASSERT(!text || (proto::count_code_points(*text) <= 8 && !text->empty() &&
                            !proto::has_forbidden_character(*text)));
    const auto number = values.number("lat", -90, 90);
    QTABLE_ASSERT(!number || (std::isfinite(*number) && *number >= -90 && *number <= 90));
    const auto integer = values.integer("limit", 1, 100);
    QTABLE_ASSERT(!integer || (*integer >= 1 && *integer <= 100));
    const auto day = values.calendar_date("date");
    const auto minute = values.time_of_day("time");
    const auto moment = values.moment("at");
    const auto since_seq = values.integer("since_seq", 0, std::int64_t{1} << 53);
    const auto epoch = values.text("epoch", 16);
    const auto sizes = values.text("party_sizes", 200);
    if (epoch) check_resume(*epoch, since_seq.value_or(0));
    if (sizes) check_party_sizes(*sizes);
    const proto::input_errors& errors = values.complete();
    check_errors(errors);
    std::size_t read = 0;
    for (const auto& [name, value] : all) {
        check_number(value);
        check_party_sizes(value);
        if (!errors.none()) continue;  // one that stands there twice is read once
        if (day && name == "date") QTABLE_ASSERT(to_string(*day) == value);
        if (minute && name == "time") QTABLE_ASSERT(time_of_day_to_string(*minute) == value);
        if (text && name == "q") QTABLE_ASSERT(*text == value);
        if (moment && name == "at") QTABLE_ASSERT(parse_rfc3339(value) == moment);
        for (const std::string_view known :
             {"q", "lat", "limit", "date", "time", "at", "since_seq", "epoch", "party_sizes"})
            read += name == known ? 1U : 0U;
    }
    // Nothing but what was asked for, each at most once and each as it must be.
    QTABLE_ASSERT(!errors.none() || read == all.size());
}

}  // namespace
}  // namespace qtable::net

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qtable::net;
    const std::string_view raw = qtable::fuzz::input(data, size).rest();
    check_number(raw);
    check_party_sizes(raw);
    if (!is_target(raw)) return 0;
    check_path(raw);
    if (!is_valid_query(raw)) return 0;
    const pairs all = parameters_of(raw);
    QTABLE_ASSERT(raw.size() > query_parameters::decoded_bytes || all == reference_of(raw));
    std::string again;
    for (const auto& [name, value] : all)
        again.append(again.empty() ? "" : "&").append(encoded(name)).append("=").append(encoded(value));
    // A parameter without a name and a value comes back as "=".
    QTABLE_ASSERT(again.size() > query_parameters::decoded_bytes || parameters_of(again) == all);
    read_typed(raw, all);
    return 0;
}
