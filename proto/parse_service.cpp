#include "proto/parse_service.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/limits.hpp"
#include "proto/body.hpp"
#include "proto/field_rules.hpp"

namespace qtable::proto {

namespace {

constexpr integer_range stay_range = {1, limits::stay_max_min};
constexpr integer_range quoted_range = {0, limits::quoted_max_min};
constexpr text_rule word_rule = {0, limits::label_chars};
constexpr std::array<std::string_view, 3> choices = {"table_id", "table_ids", "combination_id"};

// A text that is no id is no table here: the owner says so.
void read_tables(object_reader& in, std::vector<table_id>& to) {
    const json_value* list = in.array("table_ids", 1, limits::tables_per_combination, presence::optional);
    if (list == nullptr) return;
    const json_path here = in.path().member("table_ids");
    std::size_t at = 0;
    for (const json_value* one = list->first; one != nullptr; one = one->next, ++at) {
        const auto text = read_text(*one, word_rule, in.errors(), here.element(at));
        if (!text) continue;
        const table_id id = table_id::parse(*text).value_or(table_id{});
        if (std::find(to.begin(), to.end(), id) != to.end()) {
            in.errors().add(here.element(at), "stands there twice");
        }
        to.push_back(id);
    }
    std::sort(to.begin(), to.end());
}

table_choice read_choice(object_reader& in) {
    table_choice made;
    read_tables(in, made.tables);
    if (const auto one = in.identifier<table_id>("table_id", presence::optional)) made.tables = {*one};
    made.combination = in.identifier<combination_id>("combination_id", presence::optional).optional();
    std::string_view first;
    for (const std::string_view name : choices) {
        if (!in.has(name)) continue;
        if (!first.empty()) in.error(name, "must not stand beside " + std::string(first));
        if (first.empty()) first = name;
    }
    return made;
}

// The words of reasons but no_table, which nobody can set aside, and `past` where a status moves.
reasons read_override(object_reader& in, bool may_name_past) {
    reasons made;
    const json_value* list = in.array("override", 0, reason_words.size(), presence::optional);
    if (list == nullptr) return made;
    const json_path here = in.path().member("override");
    std::size_t at = 0;
    for (const json_value* one = list->first; one != nullptr; one = one->next, ++at) {
        const auto word = read_text(*one, word_rule, in.errors(), here.element(at));
        if (!word) continue;
        const auto found = std::find(reason_words.begin(), reason_words.end(), *word);
        const auto which = static_cast<reason>(found - reason_words.begin());
        const bool is_known = found != reason_words.end() && which != reason::no_table;
        if (is_known && (which != reason::past || may_name_past)) {
            made.add(which);
        } else {
            in.errors().add(here.element(at), "is no reason that can be set aside here");
        }
    }
    return made;
}

std::optional<reservation_status> read_reservation_status(object_reader& in) {
    const auto word = in.text("status", word_rule, presence::optional);
    if (!word) return std::nullopt;
    const auto status = parse_reservation_status(*word);
    if (!status) in.error("status", "must be confirmed, cancelled, seated, completed or no_show");
    return status;
}

guest_source read_source(object_reader& in) {
    const auto word = in.text("source", word_rule, presence::optional);
    const auto source = word ? parse_guest_source(*word) : guest_source::walk_in;
    if (source && *source != guest_source::reservation) return *source;
    in.error("source", source ? "becomes reservation by seating one only" : "must be walk_in or waitlist");
    return guest_source::walk_in;
}

}  // namespace

parsed<serve_reservation> parse_reservation_service(std::string_view body, json_scratch& scratch) {
    return parse_body<serve_reservation>(body, scratch, [](object_reader& in, serve_reservation& to) {
        to.to = read_reservation_status(in);
        to.where = read_choice(in);
        to.date = in.calendar_date("date", presence::optional).optional();
        to.minute = in.time_of_day("time", presence::optional).optional();
        to.party_size = to_int(in.integer("party_size", party_range, presence::optional));
        to.special_requests = changed_text(in.text("special_requests", requests_rule, presence::nullable));
        to.stay_min = to_int(in.integer("stay_minutes", stay_range, presence::optional));
        to.overrides = read_override(in, in.has("status"));
    });
}

parsed<seating> parse_seating(std::string_view body, json_scratch& scratch) {
    return parse_body<seating>(body, scratch, [](object_reader& in, seating& to) {
        to.where = read_choice(in);
        to.stay_min = to_int(in.integer("stay_minutes", stay_range, presence::optional));
        to.overrides = read_override(in, true);
    });
}

parsed<seating> parse_assignment(std::string_view body, json_scratch& scratch) {
    return parse_body<seating>(body, scratch, [](object_reader& in, seating& to) {
        to.where = read_choice(in);
        if (to.where.empty() && in.errors().none()) {
            in.errors().add(in.path(), "must name table_id, table_ids or combination_id");
        }
        to.overrides = read_override(in, false);
    });
}

parsed<add_guest> parse_new_guest(std::string_view body, json_scratch& scratch) {
    return parse_body<add_guest>(body, scratch, [](object_reader& in, add_guest& to) {
        set(to.name, in.text("name", name_rule));
        set(to.phone, in.text("phone", phone_rule, presence::nullable));
        set(to.party_size, in.integer("party_size", party_range));
        to.source = read_source(in);
        to.quoted_min = to_int(in.integer("quoted_minutes", quoted_range, presence::nullable));
        set(to.notes, in.text("notes", notes_rule, presence::nullable));
    });
}

parsed<change_guest> parse_guest_change(std::string_view body, json_scratch& scratch) {
    return parse_body<change_guest>(body, scratch, [](object_reader& in, change_guest& to) {
        to.name = changed_text(in.text("name", name_rule, presence::optional));
        to.phone = changed_text(in.text("phone", phone_rule, presence::nullable));
        to.party_size = to_int(in.integer("party_size", party_range, presence::optional));
        to.quoted_min = to_int(in.integer("quoted_minutes", quoted_range, presence::optional));
        to.notes = changed_text(in.text("notes", notes_rule, presence::nullable));
    });
}

}  // namespace qtable::proto
