// What comes from the database. A COPY's bytes read the same however they are cut; what the stores write they
// read back unaltered (rows_written.cpp); texts out of columns and notifications become core's types or are
// refused.
#include <algorithm>
#include <optional>
#include <stdexcept>
#include <vector>

#include "storage/pg/copy_rows.hpp"
#include "storage/pg/sqlstate.hpp"
#include "storage/store/bulk_writer.hpp"
#include "storage/store/journal.hpp"
#include "storage/store/restaurant_rows.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/rows_written.hpp"

namespace qtable::storage {
namespace {

struct copied {
    std::vector<std::optional<std::string>> cells;
    bool is_refused = false, is_complete = false;
    friend bool operator==(const copied&, const copied&) = default;
};

copied read_copy(std::string_view bytes, std::uint8_t seed) {
    copied all;
    copy_rows reader({pg_type::text, pg_type::int8, pg_type::uuid});
    fuzz::in_slices(bytes, seed, [&](std::span<char> piece) {
        try {
            reader.feed({piece.data(), piece.size()}, [&](const row& each) {
                for (int i = 0; i < 3; ++i) {
                    all.cells.push_back(each.is_null(i) ? std::nullopt
                                                        : std::optional(std::string(each.raw(i))));
                }
            });
        } catch (const std::runtime_error&) {
            all.is_refused = true;
        }
        return !all.is_refused;
    });
    all.is_complete = reader.is_complete();
    return all;
}

void check_copy(fuzz::input in) {
    constexpr std::string_view header("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
    const auto seed = in.take<std::uint8_t>();
    std::string bytes(in.take_bool() ? header : std::string_view());
    bytes.append(in.rest());
    QTABLE_ASSERT(read_copy(bytes, 0) == read_copy(bytes, seed));
}

void check_texts(std::string_view text) {
    const doorbell rung = parse_doorbell(text);
    QTABLE_ASSERT(text.starts_with(rung.writer) && rung.everything == rung.restaurants.empty());
    if (!rung.everything) {
        const std::string payload = format_doorbell(rung.writer, rung.restaurants);
        const doorbell again = parse_doorbell(payload);
        QTABLE_ASSERT(again.writer == rung.writer);
        QTABLE_ASSERT(again.everything || again.restaurants == rung.restaurants);
    }
    for (const restaurant_id& each : parse_changed_restaurants(text)) {
        const std::string id = to_string(each);
        QTABLE_ASSERT(std::search(text.begin(), text.end(), id.begin(), id.end(), [](char a, char b) {
                          return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b;
                      }) != text.end());
    }
    const sqlstate code(text);
    QTABLE_ASSERT(code == (text.size() == 5 ? text : std::string_view("XX000")));
    QTABLE_ASSERT(classify(code) <= sqlstate_class::other);
    const day_hours hours = hours_or_closed(text);
    QTABLE_ASSERT(hours_or_closed(format_day_hours(hours)) == hours);
}

}  // namespace
}  // namespace qtable::storage

// The first byte says what the rest is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qtable::storage;
    qtable::fuzz::input in(data, size);
    switch (in.take<std::uint8_t>() % 7) {
        case 0:
            check_copy(in);
            break;
        case 1:
            check_written_reservation(in);
            break;
        case 2:
            check_written_guest(in);
            break;
        case 3:
            check_written_restaurant(in);
            break;
        case 4:
            check_written_parts(in);
            break;
        case 5:
            check_written_events(in);
            break;
        default:
            check_texts(in.rest());
    }
    return 0;
}
