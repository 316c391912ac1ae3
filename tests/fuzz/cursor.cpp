// Cursors of lists and the base64url that they are written in: of each value only one text is taken, and what
// is taken can be used for what cursors are for: compared, stored, shown.
#include <array>
#include <cmath>

#include "proto/base64url.hpp"
#include "proto/cursor.hpp"
#include "storage/pg/params.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace qtable::proto {
namespace {

void check_text(std::string_view text) {
    std::array<std::uint8_t, 512> bytes;
    if (const auto count = decode_base64url(text, bytes)) {
        QTABLE_ASSERT(*count <= bytes.size());
        std::string again;
        append_base64url(again, std::span(bytes.data(), *count));
        QTABLE_ASSERT(again == text);
    }
    const auto by_distance = decode_distance_cursor(text);
    const auto by_instant = decode_instant_cursor(text);
    QTABLE_ASSERT(!by_distance || !by_instant);
    if (by_distance) {
        QTABLE_ASSERT(std::isfinite(by_distance->distance) && by_distance->distance >= 0);
        std::string again;
        append_cursor(again, *by_distance);
        QTABLE_ASSERT(again == text);
    }
    if (by_instant) {
        QTABLE_ASSERT(encode_cursor(*by_instant) == text);
        QTABLE_ASSERT(parse_rfc3339(rfc3339_utc_ms(by_instant->at)) == by_instant->at);
        QTABLE_ASSERT(storage::params().add(by_instant->at).bytes() == 8);
    }
}

void check_values(fuzz::input in) {
    const instant_cursor by_instant{in.take_instant(), in.take_uuid()};
    const auto instant_again = decode_instant_cursor(encode_cursor(by_instant));
    QTABLE_ASSERT(instant_again && instant_again->at == by_instant.at && instant_again->id == by_instant.id);
    const distance_cursor by_distance{static_cast<double>(in.take<std::uint32_t>()) / 1000, in.take_uuid()};
    std::string text;
    append_cursor(text, by_distance);
    const auto distance_again = decode_distance_cursor(text);
    QTABLE_ASSERT(distance_again && distance_again->distance == by_distance.distance &&
                  distance_again->id == by_distance.id);
}

// What any bytes are written as reads as these bytes.
void check_bytes(std::span<const std::uint8_t> bytes) {
    std::string text;
    append_base64url(text, bytes);
    std::array<std::uint8_t, 512> again;
    if (bytes.size() > again.size()) return;
    QTABLE_ASSERT(decode_base64url(text, again) == bytes.size());
    QTABLE_ASSERT(std::equal(bytes.begin(), bytes.end(), again.begin()));
    // One byte less of room isn't enough.
    if (!bytes.empty()) QTABLE_ASSERT(!decode_base64url(text, std::span(again.data(), bytes.size() - 1)));
}

}  // namespace
}  // namespace qtable::proto

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const qtable::fuzz::input in(data, size);
    qtable::proto::check_text(in.rest());
    qtable::proto::check_values(in);
    qtable::proto::check_bytes(std::span(data, size));
    // Bytes of a cursor as they are: the text that stands for them would take long to find.
    std::string text;
    qtable::proto::append_base64url(text, std::span(data, size));
    qtable::proto::check_text(text);
    return 0;
}
