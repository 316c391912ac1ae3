#include "proto/parse_tables.hpp"

#include <algorithm>

#include "core/base/limits.hpp"
#include "proto/body.hpp"
#include "proto/field_rules.hpp"

namespace qtable::proto {

namespace {

constexpr text_rule label_rule = {1, limits::label_chars, is_not_blank, "must not be blank"};
constexpr text_rule section_rule = {0, limits::label_chars};
constexpr integer_range seats_range = {1, limits::party_size_max};
constexpr integer_range combined_range = {
    1, limits::party_size_max* static_cast<std::int64_t>(limits::tables_per_combination)};
constexpr number_range place_range = {-limits::floor_plan_max, limits::floor_plan_max};

std::optional<table_status> read_table_status(object_reader& in) {
    const auto word = in.text("status", {0, limits::label_chars}, presence::optional);
    if (!word) return std::nullopt;
    const auto status = parse_table_status(*word);
    if (status && *status != table_status::occupied) return status;
    in.error("status", status ? "becomes occupied by seating a guest only"
                              : "must be available, reserved, dirty or out_of_service");
    return std::nullopt;
}

void check_seats(object_reader& in, int min_party, int capacity) {
    if (min_party > capacity) in.error("min_party", "must not be more than capacity");
}

// What of a table is the plan's: members that are absent leave `to` as it is.
void read_plan(object_reader& in, table& to, presence must) {
    set(to.label, in.text("label", label_rule, must));
    const auto capacity = in.integer("capacity", seats_range, must);
    set(to.capacity, capacity);
    set(to.min_party, in.integer("min_party", seats_range, presence::optional));
    if (capacity || must == presence::optional) check_seats(in, to.min_party, to.capacity);
    set(to.section, in.text("section", section_rule, presence::nullable));
    to.x = in.number("x", place_range, presence::optional).value_or(to.x);
    to.y = in.number("y", place_range, presence::optional).value_or(to.y);
    set(to.shape, in.text("shape", label_rule, presence::optional));
}

template <class Id>
const table* find_table(const restaurant& at, const Id& id) noexcept {
    const auto found =
        std::find_if(at.tables.begin(), at.tables.end(), [&id](const table& each) { return each.id == id; });
    return found == at.tables.end() ? nullptr : &*found;
}

const table* find_label(const restaurant& at, std::string_view label) {
    const std::string wanted = lower_ascii(label);
    const auto found = std::find_if(at.tables.begin(), at.tables.end(), [&wanted](const table& each) {
        return lower_ascii(each.label) == wanted;
    });
    return found == at.tables.end() ? nullptr : &*found;
}

// One of a list: as it is known, with what the body says.
table read_listed(object_reader& in, const json_value& value, const restaurant& now) {
    const auto id = in.identifier<table_id>("id", presence::optional);
    const table* known = nullptr;
    if (id) {
        known = find_table(now, *id);
        if (known == nullptr) in.error("id", "is no table of this restaurant");
    } else {
        input_errors told_later;
        object_reader peek(value, told_later);
        const auto label = peek.text("label", label_rule, presence::optional);
        if (label) known = find_label(now, *label);
    }
    table made = known != nullptr ? *known : table{};
    read_plan(in, made, known != nullptr ? presence::optional : presence::required);
    return made;
}

void report_repeated(const std::vector<table>& tables, input_errors& errors, const json_path& list) {
    std::vector<std::string> labels;
    for (const table& each : tables) {
        std::string label = lower_ascii(each.label);
        const bool is_named =
            !each.id.is_nil() && std::count_if(tables.begin(), tables.end(),
                                               [&](const table& other) { return other.id == each.id; }) > 1;
        if (is_named || std::find(labels.begin(), labels.end(), label) != labels.end()) {
            errors.add(list.element(labels.size()), "is the same table or has the same label as another one");
        }
        labels.push_back(std::move(label));
    }
}

std::vector<table_id> read_members(object_reader& in, const restaurant& now, presence must) {
    std::vector<table_id> made;
    const json_value* list = in.array("table_ids", 2, limits::tables_per_combination, must);
    if (list == nullptr) return made;
    const json_path here = in.path().member("table_ids");
    for (const json_value* one = list->first; one != nullptr; one = one->next) {
        const json_path place = here.element(made.size());
        const auto text = read_text(*one, {0, limits::label_chars}, in.errors(), place);
        const auto id = text ? table_id::parse(*text) : std::nullopt;
        const table_id member = id.value_or(table_id{});
        if (text && find_table(now, member) == nullptr) {
            in.errors().add(place, "is no table of this restaurant");
        } else if (text && std::find(made.begin(), made.end(), member) != made.end()) {
            in.errors().add(place, "stands there twice");
        }
        made.push_back(member);
    }
    return made;
}

void read_combination(object_reader& in, const restaurant& now, table_combination& to, presence must) {
    set(to.label, in.text("label", label_rule, must));
    auto members = read_members(in, now, must);
    const auto capacity = in.integer("capacity", combined_range, presence::optional);
    if (!members.empty()) {
        to.table_ids = std::move(members);
        to.capacity = 0;  // the sum of its seats, unless it is said
    }
    set(to.capacity, capacity);
    set(to.min_party, in.integer("min_party", seats_range, presence::optional));
    int seats = to.capacity;
    for (const table_id& member : to.table_ids) {
        const table* known = to.capacity == 0 ? find_table(now, member) : nullptr;
        seats += known != nullptr ? known->capacity : 0;
    }
    if (seats > 0) check_seats(in, to.min_party, seats);
}

}  // namespace

parsed<table> parse_table(std::string_view body, json_scratch& scratch) {
    return parse_body<table>(body, scratch, [](object_reader& in, table& to) {
        read_plan(in, to, presence::required);
        to.status = read_table_status(in).value_or(to.status);
    });
}

parsed<change_table> parse_table_change(std::string_view body, json_scratch& scratch) {
    return parse_body<change_table>(body, scratch, [](object_reader& in, change_table& to) {
        to.label = changed_text(in.text("label", label_rule, presence::optional));
        to.capacity = to_int(in.integer("capacity", seats_range, presence::optional));
        to.min_party = to_int(in.integer("min_party", seats_range, presence::optional));
        if (to.capacity && to.min_party) check_seats(in, *to.min_party, *to.capacity);
        to.section = changed_text(in.text("section", section_rule, presence::nullable));
        to.x = in.number("x", place_range, presence::optional).optional();
        to.y = in.number("y", place_range, presence::optional).optional();
        to.shape = changed_text(in.text("shape", label_rule, presence::optional));
        to.status = read_table_status(in);
    });
}

parsed<std::vector<table>> parse_table_list(std::string_view body, json_scratch& scratch,
                                            const restaurant& now) {
    using tables = std::vector<table>;
    return parse_body<tables>(body, scratch, [&now](object_reader& in, tables& to) {
        const json_value* list = in.array("tables", 0, limits::tables_per_restaurant);
        if (list == nullptr) return;
        const json_path here = in.path().member("tables");
        to.reserve(list->size);
        for (const json_value* one = list->first; one != nullptr; one = one->next) {
            const json_path place = here.element(to.size());
            object_reader table_in(*one, in.errors(), place);
            to.push_back(read_listed(table_in, *one, now));
            table_in.finish();
        }
        if (in.errors().none()) report_repeated(to, in.errors(), here);
    });
}

parsed<table_combination> parse_combination(std::string_view body, json_scratch& scratch,
                                            const restaurant& now) {
    return parse_body<table_combination>(body, scratch, [&now](object_reader& in, table_combination& to) {
        read_combination(in, now, to, presence::required);
    });
}

parsed<table_combination> parse_combination_change(std::string_view body, json_scratch& scratch,
                                                   const restaurant& now, const table_combination& from) {
    return parse_body(body, scratch, from, [&now](object_reader& in, table_combination& to) {
        read_combination(in, now, to, presence::optional);
    });
}

}  // namespace qtable::proto
