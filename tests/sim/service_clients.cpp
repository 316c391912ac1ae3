// What happens while a house serves: holds, arrivals, parties that sit, wait and leave.
#include <algorithm>
#include <iterator>
#include <string>

#include "tests/sim/clients.hpp"

namespace qtable::sim {

namespace {

template <class Map>
const typename Map::mapped_type* any_of_newest(const Map& all, random_source& chance, std::size_t newest) {
    if (all.empty()) return nullptr;
    const auto reach = static_cast<std::uint32_t>(std::min(all.size(), newest));
    return &std::prev(all.end(), 1 + static_cast<std::ptrdiff_t>(chance.below(reach)))->second;
}

}  // namespace

std::optional<command_body> clients::any_service_body(const restaurant_id& where) {
    const auto known = tables_.restaurants().find(where);
    if (known == tables_.restaurants().end()) return std::nullopt;
    const int kind = chance_.between(1, 100);
    if (kind <= 22) return any_hold(where);
    if (kind <= 55) return any_serving(known->second);
    if (kind <= 85) return any_guest(known->second);
    if (kind <= 92 && !known->second.what.tables.empty()) {
        const auto& all = known->second.what.tables;
        return clear_table{all[chance_.below(static_cast<std::uint32_t>(all.size()))].id, std::nullopt};
    }
    if (kind == 93) return forget_customer{any_customer()};
    if (kind <= 96) return read_floor{};
    return kind <= 98 ? command_body(read_dashboard{}) : command_body(read_wait_quotes{{2, 4}});
}

command_body clients::any_hold(const restaurant_id& where) {
    const auto known = std::find_if(holds_.rbegin(), holds_.rend(),
                                    [&where](const auto& each) { return each.first == where; });
    if (known != holds_.rend() && chance_.chance(650)) {
        const create_hold& held = known->second;
        if (chance_.chance(250)) return release_hold{held.id, held.customer};
        create_reservation made = any_booking();
        made.customer = held.customer;
        made.date = held.date;
        made.minute = held.minute;
        made.party_size = held.party_size;
        made.hold = held.id;
        return made;
    }
    const create_reservation like = any_booking();
    create_hold made;
    made.id = new_id<hold_id>();
    made.customer = like.customer;
    made.date = like.date;
    made.minute = like.minute;
    made.party_size = like.party_size;
    holds_.emplace_back(where, made);
    if (holds_.size() > 60) holds_.pop_front();
    return made;
}

table_choice clients::any_tables(const restaurant& config) {
    table_choice made;
    if (config.tables.empty() || chance_.chance(600)) return made;
    if (!config.combinations.empty() && chance_.chance(300)) {
        made.combination = config.combinations.front().id;
        return made;
    }
    made.tables = {config.tables[chance_.below(static_cast<std::uint32_t>(config.tables.size()))].id};
    return made;
}

command_body clients::any_serving(const test::model_database::restaurant_tables& stored) {
    const reservation* known = any_reservation(stored.what.id);
    if (known == nullptr) return any_booking();
    if (chance_.chance(80)) return check_in{known->id, known->customer};
    if (chance_.chance(80)) return running_late{known->id, known->customer, 5 * chance_.between(0, 6)};
    serve_reservation made;
    made.id = known->id;
    made.guest = new_id<guest_id>();
    made.guest_name = "Guest " + std::to_string(ids_);
    made.where = any_tables(stored.what);
    using status = reservation_status;
    switch (known->status) {
        case status::confirmed: {
            constexpr status moves[] = {status::seated, status::seated, status::no_show, status::cancelled};
            if (chance_.chance(750)) made.to = moves[chance_.below(4)];
            if (made.to && *made.to != status::seated) made.where = {};
            break;
        }
        case status::seated:
            if (chance_.chance(700)) made.to = status::completed;
            if (made.to) made.where = {};
            break;
        default:
            made.to = static_cast<status>(chance_.below(5));
            break;
    }
    if (!made.to && chance_.chance(400)) made.minute = any_minute() % minutes_per_day;
    if (!made.to && chance_.chance(200)) made.party_size = chance_.between(1, 7);
    if (chance_.chance(200)) made.overrides = reason::pacing;
    if (chance_.chance(150)) made.stay_min = 5 * chance_.between(1, 30);
    if (chance_.chance(100)) made.if_version = known->version;
    return made;
}

command_body clients::any_guest(const test::model_database::restaurant_tables& stored) {
    const guest* known = any_of_newest(stored.guests, chance_, 12);
    if (known == nullptr || chance_.chance(300)) {
        add_guest made;
        made.id = new_id<guest_id>();
        made.name = "Guest " + std::to_string(ids_);
        made.party_size = chance_.between(1, 7);
        if (chance_.chance(250)) {
            made.source = guest_source::waitlist;
            made.customer = any_customer();
        }
        return made;
    }
    if (chance_.chance(60)) return remove_guest{known->id, std::nullopt};
    if (chance_.chance(60)) {
        change_guest made;
        made.id = known->id;
        made.party_size = chance_.between(1, 7);
        return made;
    }
    serve_guest made;
    made.id = known->id;
    made.to = known->status == guest_status::seated ? guest_status::completed : guest_status::seated;
    if (chance_.chance(250)) made.to = static_cast<guest_status>(chance_.below(6));
    if (made.to == guest_status::seated) made.where = any_tables(stored.what);
    if (chance_.chance(200)) made.stay_min = 5 * chance_.between(1, 30);
    if (chance_.chance(200)) made.overrides = reason::pacing;
    return made;
}

}  // namespace qtable::sim
