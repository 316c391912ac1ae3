#include "proto/render_event.hpp"

#include "core/base/limits.hpp"
#include "proto/json_reader.hpp"
#include "proto/json_writer.hpp"

namespace qtable::proto {

namespace {

constexpr std::size_t epoch_chars = 16;

}  // namespace

void write_epoch(json_writer& json, std::uint64_t epoch) {
    constexpr char hex_digits[] = "0123456789abcdef";
    char digits[epoch_chars];
    for (std::size_t i = 0; i < epoch_chars; ++i) digits[i] = hex_digits[epoch >> (60 - 4 * i) & 15U];
    json.key("epoch").text({digits, epoch_chars});
}

void begin_event(std::string& out, const event_envelope& envelope) {
    json_writer json(out);
    json.begin_object();
    json.key("type").text(envelope.type);
    json.key("restaurant_id").id(envelope.restaurant);
    json.key("seq").integer(envelope.seq);
    write_epoch(json, envelope.epoch);
    json.key("at").utc(envelope.at);
    json.key("data");
}

void end_event(std::string& out) {
    out += '}';
}

void write_event(std::string& out, const event_envelope& envelope, std::string_view data) {
    begin_event(out, envelope);
    out += data;
    end_event(out);
}

void write_hello(std::string& out, std::uint64_t epoch, std::int64_t seq) {
    json_writer json(out);
    json.begin_object().key("type").text("hello");
    write_epoch(json, epoch);
    json.key("seq").integer(seq).end_object();
}

void write_resync_required(std::string& out) {
    out += R"({"type":"resync_required"})";
}

void write_going_away(std::string& out, std::int64_t reconnect_within_ms) {
    json_writer(out)
        .begin_object()
        .key("type")
        .text("going_away")
        .key("reconnect_within_ms")
        .integer(reconnect_within_ms)
        .end_object();
}

std::optional<std::uint64_t> parse_epoch(std::string_view text) noexcept {
    if (text.size() != epoch_chars) return std::nullopt;
    std::uint64_t epoch = 0;
    for (const char c : text) {
        const bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && (c < 'a' || c > 'f')) return std::nullopt;
        epoch = epoch << 4U | static_cast<std::uint64_t>(is_digit ? c - '0' : c - 'a' + 10);
    }
    return epoch;
}

availability_change_writer::availability_change_writer(std::string& out, std::optional<date> day)
    : out_(out) {
    json_writer json(out_);
    json.begin_object().key("date");
    day ? json.day(*day) : json.null();
    json.key("slots").begin_array();
}

void availability_change_writer::add(const availability_change& line) {
    if (!first_) out_ += ',';
    first_ = false;
    json_writer json(out_);
    json.begin_object().key("slot_id");
    line.slot_id ? json.id(*line.slot_id) : json.null();
    json.key("time").wall_time(line.minute);
    json.key("starts_at").local(line.starts_at, line.start_offset_s);
    json.key("ends_at").local(line.ends_at, line.end_offset_s);
    json.key("party_size").integer(line.party_size);
    json.key("available_tables").integer(line.available_tables);
    json.key("is_available").boolean(line.is_available);
    json.end_object();
}

void availability_change_writer::end() {
    out_ += "]}";
}

void write_window(std::string& out, const std::optional<availability_window>& window) {
    json_writer json(out);
    json.begin_object().key("date");
    if (window) {
        json.day(window->date);
        json.key("from").integer(window->from_min);
        json.key("until").integer(window->until_min);
    } else {
        json.null();
    }
    json.end_object();
}

result<std::optional<availability_window>> parse_window(std::string_view data) {
    json_scratch scratch;
    input_errors errors;
    const json_value* root = parse_json(data, scratch, errors);
    if (root == nullptr) return errc::internal;
    object_reader in(*root, errors);
    const auto day = in.calendar_date("date", presence::nullable);
    constexpr integer_range minutes = {0, limits::wall_minutes_max};
    const presence others = day ? presence::required : presence::optional;
    const auto from = in.integer("from", minutes, others);
    const auto until = in.integer("until", minutes, others);
    if (!errors.none() || day.is_absent()) return errc::internal;
    if (day.is_null()) return std::optional<availability_window>();
    return std::optional(availability_window{*day, static_cast<int>(*from), static_cast<int>(*until)});
}

}  // namespace qtable::proto
