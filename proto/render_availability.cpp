#include "proto/render_availability.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include "core/base/assert.hpp"
#include "proto/json_writer.hpp"

namespace qtable::proto {

namespace {

// Longer than any line: all names, two instants, an id, a count of eleven digits and all ten reasons.
constexpr std::size_t line_bytes = 512;

template <std::size_t Size>
char* put(char* out, const char (&literal)[Size]) noexcept {
    std::memcpy(out, literal, Size - 1);
    return out + Size - 1;
}

char* put(char* out, std::string_view text) noexcept {
    std::memcpy(out, text.data(), text.size());
    return out + text.size();
}

constexpr std::int64_t seconds_per_day = 24 * 60 * 60;

constexpr auto make_pairs() {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}
constexpr std::array<char, 200> digit_pairs = make_pairs();

// Below 100.
void put2(std::uint32_t value, char* out) noexcept {
    std::memcpy(out, digit_pairs.data() + std::size_t{2} * value, 2);
}

char* put_reasons(char* out, reasons why) noexcept {
    bool first = true;
    for (std::size_t i = 0; i < reason_words.size(); ++i) {
        if (!why.has(static_cast<reason>(i))) continue;
        if (!first) *out++ = ',';
        first = false;
        *out++ = '"';
        out = put(out, reason_words[i]);
        *out++ = '"';
    }
    return out;
}

void begin_answer(json_writer& json, const restaurant_id& restaurant, date day, std::string_view timezone,
                  int party_size) {
    json.begin_object();
    json.key("restaurant_id").id(restaurant);
    json.key("date").day(day);
    json.key("timezone").text(timezone);
    json.key("party_size").integer(party_size);
}

}  // namespace

// The calendar is asked once a day, not once an instant: formatting the date is most of a line's cost.
char* availability_lines::put_instant(day_text& kept, instant at, int offset_s, char* out) noexcept {
    const std::int64_t local_s = at.ms / ms_per_second + offset_s;
    if (local_s < 0) return format_rfc3339(at, offset_s, out);
    const auto day = static_cast<std::int32_t>(local_s / seconds_per_day);
    const auto second = static_cast<std::uint32_t>(local_s - std::int64_t{day} * seconds_per_day);
    if (day != kept.day) {
        kept.day = day;
        format_date({day}, kept.text);
    }
    std::memcpy(out, kept.text, sizeof kept.text);
    std::memcpy(out + 10, "T00:00:00+00:00", 15);
    put2(second / 3600, out + 11);
    put2(second / 60 % 60, out + 14);
    put2(second % 60, out + 17);
    const auto offset_min = static_cast<std::uint32_t>(offset_s < 0 ? -offset_s : offset_s) / 60;
    if (offset_s < 0) out[19] = '-';
    put2(offset_min / 60, out + 20);
    put2(offset_min % 60, out + 23);
    return out + 25;
}

void availability_lines::add(const availability_line& line) {
    char buffer[line_bytes];
    char* at = buffer;
    *at++ = ',';
    if (line.slot_id) {
        at = put(at, R"({"slot_id":")");
        at = format_uuid(*line.slot_id, at);
        at = put(at, R"(","time":")");
    } else {
        at = put(at, R"({"slot_id":null,"time":")");
    }
    at = format_time_of_day(line.minute, at);
    at = put(at, R"(","starts_at":")");
    at = put_instant(start_day_, line.starts_at, line.start_offset_s, at);
    at = put(at, R"(","ends_at":")");
    at = put_instant(end_day_, line.ends_at, line.end_offset_s, at);
    at = put(at, R"(","available_tables":)");
    at = std::to_chars(at, buffer + line_bytes, line.available_tables).ptr;
    at = line.is_available ? put(at, R"(,"is_available":true,"reasons":[)")
                           : put(at, R"(,"is_available":false,"reasons":[)");
    if (!line.reasons.none()) at = put_reasons(at, line.reasons);
    at = put(at, "]}");
    QTABLE_ASSERT(at <= buffer + line_bytes);
    out_.append(buffer + (is_first_ ? 1 : 0), at);
    is_first_ = false;
}

void begin_availability(std::string& out, const restaurant_id& restaurant, date day,
                        std::string_view timezone, int party_size) {
    json_writer json(out);
    begin_answer(json, restaurant, day, timezone, party_size);
    json.key("slots").begin_array();
}

void end_availability(std::string& out) {
    out += "]}";
}

void begin_availability_days(std::string& out, const restaurant_id& restaurant, date first_day,
                             std::string_view timezone, int party_size) {
    json_writer json(out);
    begin_answer(json, restaurant, first_day, timezone, party_size);
    json.key("days").begin_array();
}

void begin_availability_day(std::string& out, date day, bool first) {
    if (!first) out += ',';
    json_writer json(out);
    json.begin_object().key("date").day(day).key("slots").begin_array();
}

void end_availability_day(std::string& out) {
    out += "]}";
}

void end_availability_days(std::string& out) {
    out += "]}";
}

}  // namespace qtable::proto
