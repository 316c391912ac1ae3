#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/diner_flow.hpp"
#include "net/api/handlers.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/service_flow.hpp"
#include "net/api/service_handlers.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_tables.hpp"
#include "proto/render_restaurant.hpp"

namespace qtable::net {

namespace {

// What the owner would refuse too, but with the place of the error. A table that isn't there is the owner's
// to refuse.
bool check_seats(call& in, const change_table& wanted) {
    for (const table& each : in.view->config->tables) {
        if (each.id != wanted.id) continue;
        if (wanted.min_party.value_or(each.min_party) <= wanted.capacity.value_or(each.capacity)) break;
        proto::input_errors errors;
        errors.add(wanted.min_party ? "/min_party" : "/capacity",
                   "must hold: min_party is not more than capacity");
        in.fail(errors);
        return false;
    }
    return true;
}

void sync(call& in, bool replaces_all, bool is_creating) {
    auto wanted = in.body([&in](std::string_view body, proto::json_scratch& scratch) {
        return proto::parse_table_list(body, scratch, *in.view->config);
    });
    if (!wanted) return;
    for (table& each : *wanted) {
        if (each.id.is_nil()) each.id = new_id<table_id>(in.now);
    }
    command_envelope envelope = make_command(in, in.live->id, sync_tables{std::move(*wanted), replaces_all});
    if (!is_creating) return send_command(in, std::move(envelope));
    send_creating_command(in, std::move(envelope), "POST /restaurants/tables/bulk " + to_string(in.live->id));
}

}  // namespace

void list_tables(call& in) {
    send_page(in, in.view->config->tables, proto::write_table);
}

void get_table(call& in) {
    if (!query_reader(in).finish()) return;
    const auto wanted = path_id<table_id>(in.params[1]);
    for (const table& each : in.view->config->tables) {
        if (each.id != wanted) continue;
        if (in.is_not_modified(each.version)) return;
        std::string body;
        proto::write_table(body, each);
        return in.send(make_json(200, std::move(body), each.version));
    }
    in.fail(errc::not_found);
}

void add_table(call& in) {
    auto wanted = in.body(proto::parse_table);
    if (!wanted) return;
    wanted->id = new_id<table_id>(in.now);
    send_creating_command(in, make_command(in, in.live->id, create_table{std::move(*wanted)}),
                          "POST /restaurants/tables " + to_string(in.live->id));
}

void patch_table(call& in) {
    auto wanted = in.body(proto::parse_table_change);
    if (!wanted) return;
    wanted->id = path_id<table_id>(in.params[1]);
    if (!check_seats(in, *wanted)) return;
    wanted->if_version = in.if_match();
    send_command(in, make_command(in, in.live->id, std::move(*wanted)));
}

void remove_table(call& in) {
    if (!query_reader(in).finish()) return;
    delete_table wanted;
    wanted.id = path_id<table_id>(in.params[1]);
    wanted.if_version = in.if_match();
    send_command(in, make_command(in, in.live->id, wanted));
}

void merge_tables(call& in) {
    sync(in, false, true);
}

void replace_tables(call& in) {
    sync(in, true, false);
}

void clear_own_table(call& in) {
    if (!has_nothing_to_say(in)) return;
    clear_table wanted;
    wanted.id = path_id<table_id>(in.params[1]);
    wanted.if_version = in.if_match();
    send_command(in, make_command(in, in.live->id, wanted));
}

}  // namespace qtable::net
