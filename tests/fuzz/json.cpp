// The bodies of all requests. What a parse function accepts lies within its bounds and, written again, is
// accepted and means the same; what it refuses it refuses with errors that can be told; a document that is
// JSON is the same document when it is written again.
#include <iterator>
#include <tuple>

#include "core/base/limits.hpp"
#include "proto/problem.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/json_writers.hpp"

namespace qtable::proto {
namespace {

constexpr std::size_t slots_written_again = 64;
constexpr instant now{1'800'000'000'000};

json_scratch& scratch() {
    static json_scratch made;
    return made;
}

void check_errors(const input_errors& errors) {
    QTABLE_ASSERT(!errors.none());
    QTABLE_ASSERT((errors.code == errc::invalid_input) == !errors.errors.empty());
    QTABLE_ASSERT(errors.errors.size() <= limits::input_errors_max);
    for (const field_error& each : errors.errors) {
        QTABLE_ASSERT(each.pointer.size() <= limits::error_pointer_bytes && is_valid_utf8(each.pointer));
        QTABLE_ASSERT(each.pointer.empty() || each.pointer.starts_with('/'));
        QTABLE_ASSERT(!each.detail.empty());
    }
    std::string problem;
    write_problem(problem, errors.code, {.errors = errors.errors});
    input_errors none;
    QTABLE_ASSERT(parse_json(problem, scratch(), none) != nullptr);
}

template <class T>
std::string written(const T& what) {
    std::string text;
    json_writer json(text);
    json.begin_object();
    fuzz::write(json, what);
    json.end_object();
    return text;
}

template <class Parse>
void parse_twice(std::string_view body, Parse parse) {
    const auto first = parse(body, scratch());
    if (!first) return check_errors(first.error());
    const std::string text = written(*first);
    const auto second = parse(text, scratch());
    QTABLE_ASSERT(second);
    QTABLE_ASSERT(written(*second) == text);
}

// Of a PATCH: it says the same whatever was before.
template <class Parse>
void patch_twice(std::string_view body, Parse parse) {
    const auto first = parse(body, scratch(), false);
    if (!first) return check_errors(first.error());
    const std::string text = written(*first);
    const auto second = parse(text, scratch(), true);
    QTABLE_ASSERT(second);
    QTABLE_ASSERT(written(*second) == text);
}

restaurant_profile profile(bool is_other) {
    restaurant_profile made;
    made.name = is_other ? "Trattoria" : "Bistro";
    made.timezone = is_other ? "Europe/Rome" : "UTC";
    made.price_range = is_other ? 3 : 0;
    if (is_other) made.latitude = made.longitude = 1.5;
    made.hours.days[0] = {{600, is_other ? std::int16_t{700} : std::int16_t{1500}}};
    return made;
}

booking_rules rules(bool is_other) {
    booking_rules made;
    made.window_days = is_other ? 10 : 20;
    made.min_party = is_other ? 2 : 1;
    return made;
}

// Three tables with the ids …01 to …03.
const restaurant& house() {
    static const restaurant made = [] {
        restaurant at;
        for (std::uint8_t i = 1; i <= 3; ++i) {
            table one;
            one.id.bytes[15] = i;
            one.label = std::string("T") + static_cast<char>('0' + i);
            one.capacity = 2 * i;
            at.tables.push_back(one);
        }
        return at;
    }();
    return made;
}

table_combination combination(bool is_other) {
    table_combination made;
    made.label = is_other ? "A" : "B";
    made.table_ids = {house().tables[0].id, house().tables[1].id};
    if (is_other) made.table_ids.push_back(house().tables[2].id);
    return made;
}

void parse_slots_twice(std::string_view body) {
    const auto made = parse_slots(body, scratch());
    if (!made || made->size() <= slots_written_again) return parse_twice(body, parse_slots);
    std::ignore = written(*made);  // which asserts the bounds
}

void append_document(std::string& out, const json_value& value);

void append_children(std::string& out, const json_value& of) {
    std::uint32_t count = 0;
    for (const json_value* each = of.first; each != nullptr; each = each->next) {
        if (count++ > 0) out += ',';
        if (of.kind == json_kind::object) {
            QTABLE_ASSERT(of.find(each->key) == each);
            append_json_string(out, each->key);
            out += ':';
        }
        append_document(out, *each);
    }
    QTABLE_ASSERT(count == of.size);
}

void append_document(std::string& out, const json_value& value) {
    switch (value.kind) {
        case json_kind::null:
            out += "null";
            return;
        case json_kind::boolean:
            out += value.boolean ? "true" : "false";
            return;
        case json_kind::number:
            out += value.text;
            return;
        case json_kind::string:
            QTABLE_ASSERT(is_valid_utf8(value.text));
            append_json_string(out, value.text);
            return;
        case json_kind::array:
        case json_kind::object:
            out += value.kind == json_kind::array ? '[' : '{';
            append_children(out, value);
            out += value.kind == json_kind::array ? ']' : '}';
            return;
    }
}

void read_document(std::string_view body) {
    input_errors errors;
    const json_value* const root = parse_json(body, scratch(), errors);
    if (root == nullptr) return check_errors(errors);
    QTABLE_ASSERT(errors.none());
    std::string text, again;
    append_document(text, *root);
    const json_value* const same = parse_json(text, scratch(), errors);
    QTABLE_ASSERT(same != nullptr);
    append_document(again, *same);
    QTABLE_ASSERT(text == again);
}

template <auto parse>
void twice(std::string_view body) {
    parse_twice(body, parse);
}

// In the order of the headers; the first byte of an input says which.
using check = void (*)(std::string_view);
constexpr check checks[] = {
    read_document,
    // parse_account.hpp
    twice<parse_customer_registration>, twice<parse_staff_registration>, twice<parse_credentials>,
    twice<parse_email_verification>, twice<parse_refresh>, twice<parse_logout>, twice<parse_email_request>,
    twice<parse_password_reset>, twice<parse_customer_patch>, twice<parse_password_confirmation>,
    twice<parse_staff_addition>, twice<parse_role_change>,
    // parse_diner.hpp, parse_reservation.hpp
    twice<parse_hold_request>, twice<parse_waitlist_request>, twice<parse_running_late>, twice<parse_review>,
    twice<parse_nothing>, twice<parse_reservation_request>, twice<parse_reservation_change>,
    // parse_restaurant.hpp
    twice<parse_restaurant>,
    [](std::string_view body) {
        patch_twice(body, [](std::string_view text, json_scratch& in, bool is_other) {
            return parse_restaurant_change(text, in, profile(is_other));
        });
    },
    [](std::string_view body) {
        patch_twice(body, [](std::string_view text, json_scratch& in, bool is_other) {
            return parse_hours_change(text, in, profile(is_other));
        });
    },
    // parse_service.hpp
    twice<parse_reservation_service>, twice<parse_seating>, twice<parse_assignment>, twice<parse_new_guest>,
    twice<parse_guest_change>,
    // parse_settings.hpp
    [](std::string_view body) {
        patch_twice(body, [](std::string_view text, json_scratch& in, bool is_other) {
            return parse_rules_change(text, in, rules(is_other));
        });
    },
    twice<parse_special_day>,
    [](std::string_view body) {
        parse_twice(body, [](std::string_view text, json_scratch& in) {
            return parse_special_day_of(text, in, from_civil(2026, 12, 24));
        });
    },
    [](std::string_view body) {
        parse_twice(body, [](std::string_view text, json_scratch& in) { return parse_pause(text, in, now); });
    },
    // parse_slots.hpp, parse_tables.hpp
    parse_slots_twice, twice<parse_slot_change>, twice<parse_table>, twice<parse_table_change>,
    [](std::string_view body) {
        parse_twice(body, [](std::string_view text, json_scratch& in) {
            return parse_table_list(text, in, house());
        });
    },
    [](std::string_view body) {
        parse_twice(body, [](std::string_view text, json_scratch& in) {
            return parse_combination(text, in, house());
        });
    },
    [](std::string_view body) {
        patch_twice(body, [](std::string_view text, json_scratch& in, bool is_other) {
            return parse_combination_change(text, in, house(), combination(is_other));
        });
    }};

}  // namespace
}  // namespace qtable::proto

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qtable::proto;
    qtable::fuzz::input in(data, size);
    const std::size_t which = in.take<std::uint8_t>();
    checks[which % std::size(checks)](in.rest());
    return 0;
}
