#include "proto/render_history.hpp"

#include <utility>

#include "proto/json_writer.hpp"

namespace qtable::proto {

namespace {

// What a customer may want to know of when it changed.
constexpr std::string_view told_members[] = {
    "status",           "date",      "time",          "party_size",          "starts_at", "ends_at",
    "special_requests", "table_ids", "checked_in_at", "running_late_minutes"};

// Rows that were written before actions were.
std::string_view action_of(const logged_event& row) noexcept {
    if (!row.action.empty()) return row.action;
    switch (row.type) {
        case event_type::customer_reservation_received:
            return "reservation.create";
        case event_type::customer_reservation_cancelled:
            return "reservation.cancel";
        case event_type::customer_checked_in:
            return "reservation.check_in";
        default:
            return "reservation.change";
    }
}

bool is_of_reservation(event_type type) noexcept {
    return type == event_type::customer_reservation_received ||
           type == event_type::customer_reservation_updated ||
           type == event_type::customer_reservation_cancelled || type == event_type::customer_checked_in;
}

std::string_view side_of(const actor& by) noexcept {
    if (by.what == actor::kind::customer) return "customer";
    return by.what == actor::kind::staff ? "staff" : "system";
}

bool is_same(const json_value* a, const json_value* b) noexcept {
    if (a == nullptr || b == nullptr) {
        const json_value* given = a != nullptr ? a : b;
        return given == nullptr || given->kind == json_kind::null;
    }
    if (a->kind != b->kind || a->text != b->text || a->boolean != b->boolean || a->size != b->size)
        return false;
    const json_value* other = b->first;
    for (const json_value* one = a->first; one != nullptr; one = one->next, other = other->next) {
        if (!is_same(one, other)) return false;
    }
    return true;
}

// The kinds of value that a reservation has.
void write_value(json_writer& json, const json_value* value) {
    if (value == nullptr) {
        json.null();
    } else if (value->kind == json_kind::string) {
        json.text(value->text);
    } else if (value->kind == json_kind::number) {
        json.raw(value->text);
    } else if (value->kind == json_kind::array) {
        json.begin_array();
        for (const json_value* each = value->first; each != nullptr; each = each->next)
            write_value(json, each);
        json.end_array();
    } else {
        json.null();
    }
}

void write_changes(json_writer& json, const json_value* before, const json_value& now) {
    json.key("changes").begin_array();
    for (const std::string_view name : told_members) {
        if (before == nullptr) break;
        const json_value *from = before->find(name), *to = now.find(name);
        if (is_same(from, to)) continue;
        json.begin_object().key("field").text(name).key("from");
        write_value(json, from);
        json.key("to");
        write_value(json, to);
        json.end_object();
    }
    json.end_array();
}

}  // namespace

void history_writer::add(const logged_event& row) {
    if (!is_of_reservation(row.type)) return;
    input_errors errors;
    const json_value* now = parse_json(row.data, *scratches_[0], errors);
    if (now == nullptr || now->kind != json_kind::object) return;
    json_writer json(list_.next_item());
    json.begin_object();
    json.key("at").utc(row.at);
    json.key("action").text(action_of(row));
    json.key("by").text(side_of(row.by));
    json.key("status");
    write_value(json, now->find("status"));
    json.key("version");
    write_value(json, now->find("version"));
    write_changes(json, before_, *now);
    json.end_object();
    before_ = now;
    std::swap(scratches_[0], scratches_[1]);
}

}  // namespace qtable::proto
