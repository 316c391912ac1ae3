#include "proto/parse_reservation.hpp"

#include "core/base/limits.hpp"
#include "proto/body.hpp"
#include "proto/field_rules.hpp"

namespace qtable::proto {

parsed<reservation_request> parse_reservation_request(std::string_view body, json_scratch& scratch) {
    return parse_body<reservation_request>(body, scratch, [](object_reader& in, reservation_request& to) {
        to.restaurant = in.identifier<restaurant_id>("restaurant_id").value_or({});
        to.command.date = in.calendar_date("date").value_or({});
        to.command.minute = in.time_of_day("time").value_or(0);
        set(to.command.party_size, in.integer("party_size", party_range));
        set(to.command.special_requests, in.text("special_requests", requests_rule, presence::nullable));
        to.command.hold = in.identifier<hold_id>("hold_id", presence::nullable).optional();
    });
}

parsed<change_reservation> parse_reservation_change(std::string_view body, json_scratch& scratch) {
    return parse_body<change_reservation>(body, scratch, [](object_reader& in, change_reservation& to) {
        to.date = in.calendar_date("date", presence::optional).optional();
        to.minute = in.time_of_day("time", presence::optional).optional();
        to.party_size = to_int(in.integer("party_size", party_range, presence::optional));
        const auto requests = in.text("special_requests", requests_rule, presence::nullable);
        if (!requests.is_absent()) to.special_requests = std::string(requests.value_or({}));
    });
}

}  // namespace qtable::proto
