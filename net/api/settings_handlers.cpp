// What managers configure besides the profile and the tables: hours, special days, booking rules, the pause.
#include <algorithm>
#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/service_flow.hpp"
#include "net/api/service_handlers.hpp"
#include "proto/parse_restaurant.hpp"
#include "proto/parse_settings.hpp"
#include "proto/render_settings.hpp"

namespace qtable::net {

namespace {

template <class Write>
void send_config(call& in, Write&& write) {
    if (!query_reader(in).finish()) return;
    const restaurant& config = *in.view->config;
    if (in.is_not_modified(config.version)) return;
    std::string body;
    write(body, config);
    in.send(make_json(200, std::move(body), config.version));
}

// The date of the path; none names nothing.
std::optional<date> path_date(const call& in) {
    return parse_date(in.params[1]);
}

}  // namespace

void get_hours(call& in) {
    send_config(in, proto::write_hours);
}

// The owner answers with the restaurant as a whole; when it does, this core's directory has it too.
void change_hours(call& in) {
    const restaurant& config = *in.view->config;
    auto read = in.body([&config](std::string_view body, proto::json_scratch& scratch) {
        return proto::parse_hours_change(body, scratch, config.profile);
    });
    if (!read) return;
    change_restaurant wanted;
    wanted.zone = in.view->zone;
    wanted.profile = std::move(read->profile);
    wanted.seen_version = config.version;
    wanted.if_version = in.if_match().has_value() ? in.if_match() : read->version;
    const restaurant_id id = in.live->id;
    command_envelope envelope = make_command(in, id, std::move(wanted));
    in.app.commands().submit(std::move(envelope), [to = in.defer(), id](command_outcome&& outcome) {
        const live_restaurant* live = to.app().restaurants().find(id);
        if (!outcome.answer.ok() || live == nullptr) return answer_to(to)(std::move(outcome));
        const restaurant& now = *live->view.load(std::memory_order_acquire)->config;
        std::string body;
        proto::write_hours(body, now);
        to.send(make_json(200, std::move(body), now.version));
    });
}

void get_booking_rules(call& in) {
    send_config(in, proto::write_booking_rules);
}

void change_booking_rules(call& in) {
    const restaurant& config = *in.view->config;
    auto read = in.body([&config](std::string_view body, proto::json_scratch& scratch) {
        return proto::parse_rules_change(body, scratch, config.rules);
    });
    if (!read) return;
    change_rules wanted;
    wanted.rules = std::move(read->rules);
    wanted.seen_version = config.version;
    wanted.if_version = in.if_match().has_value() ? in.if_match() : read->version;
    send_command(in, make_command(in, in.live->id, std::move(wanted)));
}

void pause_restaurant(call& in) {
    auto wanted = optional_body(in, [now = in.now](std::string_view body, proto::json_scratch& scratch) {
        return proto::parse_pause(body, scratch, now);
    });
    if (!wanted) return;
    send_command(in, make_command(in, in.live->id, *wanted));
}

void resume_restaurant(call& in) {
    if (!query_reader(in).finish()) return;
    send_command(in, make_command(in, in.live->id, pause_bookings{}));
}

void list_special_days(call& in) {
    send_page(in, in.view->config->special_days, proto::write_special_day);
}

void add_special_day(call& in) {
    auto day = in.body(proto::parse_special_day);
    if (!day) return;
    send_creating_command(in, make_command(in, in.live->id, put_special_day{std::move(*day), true}),
                          "POST /restaurants/special-days " + to_string(in.live->id));
}

void get_special_day(call& in) {
    if (!query_reader(in).finish()) return;
    const std::optional<date> wanted = path_date(in);
    const std::vector<special_day>& all = in.view->config->special_days;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&wanted](const special_day& each) { return each.date == wanted; });
    if (found == all.end()) return in.fail(errc::not_found);
    std::string body;
    proto::write_special_day(body, *found);
    in.send(make_json(200, std::move(body)));
}

void put_special_day_of(call& in) {
    const std::optional<date> named = path_date(in);
    if (!named) return in.fail(errc::not_found);
    auto day = in.body([&named](std::string_view body, proto::json_scratch& scratch) {
        return proto::parse_special_day_of(body, scratch, *named);
    });
    if (!day) return;
    send_command(in, make_command(in, in.live->id, put_special_day{std::move(*day), false}));
}

void remove_special_day(call& in) {
    if (!query_reader(in).finish()) return;
    const std::optional<date> named = path_date(in);
    if (!named) return in.fail(errc::not_found);
    send_command(in, make_command(in, in.live->id, delete_special_day{*named}));
}

}  // namespace qtable::net
