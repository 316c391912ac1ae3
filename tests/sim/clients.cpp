#include "tests/sim/clients.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace qtable::sim {

namespace {

weekly_hours every_day(const char* text) {
    weekly_hours week;
    week.days.fill(parse_day_hours(text).value());
    return week;
}

}  // namespace

clients::clients(random_source& chance, const timeline& time, const test::model_database& tables,
                 const witness& seen)
    : chance_(chance), time_(time), tables_(tables), seen_(seen) {}

restaurant clients::new_restaurant() {
    restaurant made;
    made.id = new_id<restaurant_id>();
    made.profile.name = "Place " + std::to_string(ids_);
    made.profile.timezone = "UTC";
    made.profile.hours = every_day(chance_.chance(700) ? "17:00-24:00" : "18:00-02:00");
    made.rules.window_days = 30'000;
    made.rules.max_party = 8;
    made.rules.turn_times = {{2, 90}, {8, 120}};
    if (chance_.chance(300)) made.rules.pacing_covers = 8;
    if (chance_.chance(300)) made.rules.buffer_after_min = 15;
    const int count = chance_.chance(200) ? 0 : chance_.between(1, 5);
    for (int i = 0; i < count; ++i) {
        table each;
        each.id = new_id<table_id>();
        each.label = "T" + std::to_string(i);
        each.capacity = 2 * chance_.between(1, 3);
        made.tables.push_back(each);
    }
    if (count >= 2 && chance_.chance(300)) {
        table_combination pair;
        pair.id = new_id<combination_id>();
        pair.label = "C";
        pair.table_ids = {made.tables[0].id, made.tables[1].id};
        std::sort(pair.table_ids.begin(), pair.table_ids.end());
        pair.capacity = made.tables[0].capacity + made.tables[1].capacity;
        made.combinations.push_back(pair);
    }
    return made;
}

command_envelope clients::next(std::vector<restaurant_id>& places) {
    if (chance_.chance(60)) {
        if (auto again = any_retry()) return std::move(*again);
    }
    command_envelope made;
    made.id = new_id<command_id>();
    made.restaurant = places[chance_.below(static_cast<std::uint32_t>(places.size()))];
    made.body = any_body(made.restaurant, places);
    if (std::holds_alternative<create_restaurant>(made.body)) made.restaurant = places.back();
    if (std::holds_alternative<create_reservation>(made.body) && chance_.chance(500)) put_key(made);
    return made;
}

void clients::put_key(command_envelope& what) {
    const customer_id who = std::get<create_reservation>(what.body).customer;
    int& count = keys_[who];
    if (count == 0 || !chance_.chance(20)) ++count;  // now and then a bug of theirs: an old key, another body
    what.receipt = receipt_request{who, "POST /customer/reservations", std::to_string(count), {}};
    for (std::size_t i = 0; i < what.receipt->body_hash.size(); ++i)
        what.receipt->body_hash[i] = what.id.bytes[i];
}

command_body clients::any_body(const restaurant_id& where, std::vector<restaurant_id>& places) {
    const int kind = chance_.between(1, 1000);
    if (kind <= 3 && places.size() < 9) {
        create_restaurant made;
        const restaurant like = new_restaurant();
        made.profile = like.profile;
        made.rules = like.rules;
        made.zone = zone_;
        made.log_epoch = chance_.next() >> 1;
        places.push_back(like.id);
        return made;
    }
    if (kind <= 110) return any_staff_body(where);
    if (chance_.chance(400)) {
        if (auto body = any_service_body(where)) return std::move(*body);
    }
    if (kind <= 500) {
        if (const reservation* known = any_reservation(where)) {
            if (kind <= 300) return any_change(where);
            cancel_reservation made{known->id, known->customer, std::nullopt};
            if (chance_.chance(100)) made.if_version = known->version;
            return made;
        }
    }
    return any_booking();
}

command_body clients::any_staff_body(const restaurant_id& where) {
    const int kind = chance_.between(1, 100);
    const auto known = tables_.restaurants().find(where);
    if (known == tables_.restaurants().end() || kind <= 40) return any_slots();
    if (kind <= 65 && !known->second.slots.empty()) {
        auto chosen = known->second.slots.begin();
        std::advance(chosen, chance_.below(static_cast<std::uint32_t>(known->second.slots.size())));
        change_slot made;
        made.id = chosen->first;
        if (chance_.chance(700)) made.available_tables = chance_.between(0, 3);
        if (chance_.chance(300)) made.is_available = chance_.chance(600);
        if (chance_.chance(300)) made.if_version = chosen->second.version;
        return made;
    }
    return kind <= 85 ? any_table_change(where) : any_restaurant_change(where);
}

create_reservation clients::any_booking() {
    create_reservation made;
    made.id = new_id<reservation_id>();
    made.customer = any_customer();
    made.date = any_day();
    made.minute = any_minute() % minutes_per_day;
    made.party_size = chance_.between(1, 7);
    made.confirmation_code = "code";
    return made;
}

command_body clients::any_change(const restaurant_id& where) {
    const reservation* known = any_reservation(where);
    change_reservation made;
    made.id = known->id;
    made.customer = chance_.chance(970) ? known->customer : any_customer();
    if (chance_.chance(300)) made.date = any_day();
    if (chance_.chance(500)) made.minute = any_minute() % minutes_per_day;
    if (chance_.chance(300)) made.party_size = chance_.between(1, 7);
    if (chance_.chance(200)) made.special_requests = "v" + std::to_string(ids_);
    if (chance_.chance(100)) made.if_version = known->version;
    return made;
}

publish_slots clients::any_slots() {
    publish_slots made;
    const int count = chance_.between(1, 4);
    for (int i = 0; i < count; ++i) {
        slot each;
        each.id = new_id<slot_id>();
        each.date = any_day();
        each.minute = 17 * 60 + 30 * chance_.between(0, 13);
        each.party_size = chance_.between(1, 7);
        each.available_tables = chance_.between(0, 3);
        made.slots.push_back(each);
    }
    return made;
}

command_body clients::any_table_change(const restaurant_id& where) {
    const std::vector<table>& known = tables_.restaurants().at(where).what.tables;
    const int kind = chance_.between(1, 10);
    if (known.empty() || kind <= 3) {
        create_table made;
        made.table.id = new_id<table_id>();
        made.table.label = "T" + std::to_string(chance_.below(7));
        made.table.capacity = 2 * chance_.between(1, 3);
        return made;
    }
    const table& one = known[chance_.below(static_cast<std::uint32_t>(known.size()))];
    if (kind <= 5) return delete_table{one.id, std::nullopt};
    change_table made;
    made.id = one.id;
    if (chance_.chance(500)) made.capacity = 2 * chance_.between(1, 3);
    if (chance_.chance(300)) made.label = "T" + std::to_string(chance_.below(9));
    if (chance_.chance(400))
        made.status = chance_.chance(500) ? table_status::out_of_service : table_status::available;
    if (chance_.chance(200)) made.if_version = one.version;
    return made;
}

command_body clients::any_restaurant_change(const restaurant_id& where) {
    const restaurant& known = tables_.restaurants().at(where).what;
    change_restaurant made;
    made.profile = known.profile;
    made.profile->name = "Name " + std::to_string(ids_);
    if (chance_.chance(400))
        made.profile->hours = every_day(chance_.chance(500) ? "17:00-24:00" : "18:00-02:00");
    made.seen_version = known.version;
    made.zone = zone_;
    return made;
}

std::optional<command_envelope> clients::any_retry() {
    if (keyed_tickets_.empty()) return std::nullopt;
    // Mostly soon, now and then long after.
    const auto all = static_cast<std::uint32_t>(keyed_tickets_.size());
    const std::uint32_t back = chance_.below(chance_.chance(700) ? std::min(all, 8U) : all);
    return repeat(keyed_tickets_[all - 1 - back]);
}

std::optional<command_envelope> clients::repeat(std::uint64_t ticket) {
    const command_envelope& before = seen_.asked(ticket).what;
    if (!before.receipt) return std::nullopt;
    command_envelope again = before;
    again.id = new_id<command_id>();
    std::get<create_reservation>(again.body).id = new_id<reservation_id>();
    return again;
}

const reservation* clients::any_reservation(const restaurant_id& where) {
    const auto known = tables_.restaurants().find(where);
    if (known == tables_.restaurants().end() || known->second.reservations.empty()) return nullptr;
    const auto& all = known->second.reservations;
    // The newest are the interesting ones.
    const auto reach = std::min<std::size_t>(all.size(), 40);
    auto chosen = all.end();
    std::advance(chosen, -1 - static_cast<std::ptrdiff_t>(chance_.below(static_cast<std::uint32_t>(reach))));
    return &chosen->second;
}

customer_id clients::any_customer() {
    uuid made;
    made.bytes[15] = static_cast<std::uint8_t>(1 + chance_.below(60));
    return customer_id(made);
}

}  // namespace qtable::sim
