#include "proto/parse_slots.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/limits.hpp"
#include "core/model/hours.hpp"
#include "proto/body.hpp"
#include "proto/field_rules.hpp"

namespace qtable::proto {

namespace {

constexpr integer_range tables_range = {0, limits::slot_tables_max};
constexpr std::size_t rule_dates_max = limits::booking_window_max_days;
constexpr std::size_t rule_times_max = minutes_per_day / limits::grid_min;
constexpr std::string_view rule_members[] = {"dates", "date_from",  "date_to",    "weekdays",
                                             "times", "time_slots", "party_sizes"};

auto key_of(const slot& value) noexcept {
    return std::tuple(value.date, value.minute, value.party_size);
}

slot read_slot(object_reader& in) {
    slot made;
    made.date = in.calendar_date("date").value_or({});
    made.minute = in.time_of_day("time_slot").value_or(0);
    set(made.party_size, in.integer("party_size", party_range));
    set(made.available_tables, in.integer("available_tables", tables_range));
    made.is_available = in.boolean("is_available", presence::optional).value_or(true);
    return made;
}

// Every later one of two slots that say different things about the same start.
void report_repeated(const std::vector<slot>& slots, input_errors& errors, const json_path& list) {
    std::vector<std::size_t> order(slots.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return key_of(slots[a]) < key_of(slots[b]); });
    for (std::size_t i = 1; i < order.size(); ++i) {
        if (key_of(slots[order[i]]) == key_of(slots[order[i - 1]])) {
            errors.add(list.element(order[i]), "is the same date, time and party size as another one");
        }
    }
}

void read_list(object_reader& in, input_errors& errors, std::vector<slot>& to) {
    const json_value* list = in.array("slots", 1, limits::slots_per_request);
    if (list == nullptr) return;
    const json_path here = in.path().member("slots");
    to.reserve(list->size);
    for (const json_value* one = list->first; one != nullptr; one = one->next) {
        const json_path place = here.element(to.size());
        object_reader slot_in(*one, errors, place);
        to.push_back(read_slot(slot_in));
        slot_in.finish();
    }
    if (errors.none()) report_repeated(to, errors, here);
}

// The elements of an array member, sorted and each once. `read(element, path)` gives an optional.
template <class T, class Read>
std::vector<T> read_set(object_reader& in, std::string_view name, std::size_t max_size, Read&& read) {
    std::vector<T> values;
    const json_value* list = in.array(name, 1, max_size);
    if (list == nullptr) return values;
    const json_path here = in.path().member(name);
    std::size_t index = 0;
    for (const json_value* one = list->first; one != nullptr; one = one->next, ++index) {
        if (const auto value = read(*one, here.element(index))) values.push_back(static_cast<T>(*value));
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
}

std::optional<int> read_weekday(const json_value& value, input_errors& errors, const json_path& where) {
    const auto found = std::find(weekday_names.begin(), weekday_names.end(), value.text);
    if (value.kind == json_kind::string && found != weekday_names.end()) {
        return static_cast<int>(found - weekday_names.begin());
    }
    errors.add(where, "must be a weekday, monday to sunday");
    return std::nullopt;
}

std::vector<date> read_date_span(object_reader& in, input_errors& errors) {
    const auto first = in.calendar_date("date_from");
    const auto last = in.calendar_date("date_to");
    std::vector<int> weekdays;
    if (in.has("weekdays")) {
        weekdays = read_set<int>(in, "weekdays", 7, [&](const json_value& one, const json_path& where) {
            return read_weekday(one, errors, where);
        });
    }
    std::vector<date> dates;
    if (!first || !last) return dates;
    if (*last < *first) {
        in.error("date_to", "must not be before date_from");
    } else if (static_cast<std::size_t>(last->days - first->days) >= rule_dates_max) {
        in.error("date_to", "must be within " + std::to_string(rule_dates_max) + " days of date_from");
    } else {
        for (date day = *first; day <= *last; day = day.plus_days(1)) {
            const bool is_wanted =
                weekdays.empty() || std::binary_search(weekdays.begin(), weekdays.end(), day.weekday());
            if (is_wanted) dates.push_back(day);
        }
    }
    return dates;
}

void read_rule(object_reader& in, input_errors& errors, std::vector<slot>& to) {
    const auto read_day = [&](const json_value& one, const json_path& where) {
        return read_date(one, errors, where);
    };
    const auto read_time = [&](const json_value& one, const json_path& where) {
        return read_time_of_day(one, errors, where);
    };
    const auto read_party = [&](const json_value& one, const json_path& where) {
        return read_integer(one, party_range, errors, where);
    };
    const bool has_span = in.has("date_from") || in.has("date_to");
    const std::vector<date> dates =
        has_span ? read_date_span(in, errors) : read_set<date>(in, "dates", rule_dates_max, read_day);
    const std::string_view times_name = in.has("times") ? "times" : "time_slots";
    const std::vector<int> times = read_set<int>(in, times_name, rule_times_max, read_time);
    const std::vector<int> parties =
        read_set<int>(in, "party_sizes", static_cast<std::size_t>(limits::party_size_max), read_party);
    slot made;
    set(made.available_tables, in.integer("available_tables", tables_range));
    made.is_available = in.boolean("is_available", presence::optional).value_or(true);

    const std::size_t count = dates.size() * times.size() * parties.size();
    if (count > limits::slots_per_request) {
        errors.add(in.path(), "makes " + std::to_string(count) + " slots; at most " +
                                  std::to_string(limits::slots_per_request) + " are taken at once");
    }
    if (!errors.none()) return;
    if (count == 0) errors.add(in.path(), "makes no slot: none of the weekdays is in these dates");
    to.reserve(count);
    for (const date day : dates) {
        for (const int minute : times) {
            for (const int party : parties) {
                made.date = day;
                made.minute = minute;
                made.party_size = party;
                to.push_back(made);
            }
        }
    }
}

}  // namespace

parsed<std::vector<slot>> parse_slots(std::string_view body, json_scratch& scratch) {
    input_errors errors;
    std::vector<slot> slots;
    if (const json_value* root = parse_json(body, scratch, errors)) {
        object_reader in(*root, errors);
        const bool is_rule = std::any_of(std::begin(rule_members), std::end(rule_members),
                                         [&](std::string_view name) { return in.has(name); });
        if (in.has("slots")) {
            read_list(in, errors, slots);
        } else if (is_rule) {
            read_rule(in, errors, slots);
        } else {
            slots.push_back(read_slot(in));
        }
        in.finish();
    }
    if (!errors.none()) return errors;
    return slots;
}

parsed<change_slot> parse_slot_change(std::string_view body, json_scratch& scratch) {
    return parse_body<change_slot>(body, scratch, [](object_reader& in, change_slot& to) {
        to.available_tables = to_int(in.integer("available_tables", tables_range, presence::optional));
        to.is_available = in.boolean("is_available", presence::optional).optional();
    });
}

}  // namespace qtable::proto
