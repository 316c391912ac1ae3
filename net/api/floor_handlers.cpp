// The evening at a glance: the floor, and the day in figures. From the owner's memory; only the customers'
// names come from the database.
#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/service_flow.hpp"
#include "net/api/service_handlers.hpp"

namespace qtable::net {

namespace {

void ask(call& in, command_body question) {
    command_envelope envelope = make_command(in, in.live->id, std::move(question));
    in.app.commands().submit(std::move(envelope), answer_with_names(in.defer()));
}

}  // namespace

void get_floor(call& in) {
    if (query_reader(in).finish()) ask(in, read_floor{});
}

void get_dashboard(call& in) {
    query_reader query(in);
    const std::optional<date> day = query.calendar_date("date");
    if (query.finish()) ask(in, read_dashboard{day});
}

}  // namespace qtable::net
