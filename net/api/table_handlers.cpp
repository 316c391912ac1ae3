#include <algorithm>
#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/handlers.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/query_reader.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_restaurant.hpp"
#include "proto/render_list.hpp"
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

}  // namespace

// At most `limits::tables_per_restaurant`, sorted by label: pages go by position, the cursor is the number of
// the next.
void list_tables(call& in) {
    query_reader query(in);
    const auto limit =
        static_cast<std::size_t>(query.integer("limit", 1, limits::list_max).value_or(limits::list_default));
    const auto from =
        static_cast<std::size_t>(query.integer("cursor", 0, limits::tables_per_restaurant).value_or(0));
    if (!query.finish()) return;
    const std::vector<table>& all = in.view->config->tables;
    std::string body;
    proto::list_writer list(body);
    const std::size_t end = std::min(all.size(), from + limit);
    for (std::size_t i = from; i < end; ++i) proto::write_table(list.next_item(), all[i]);
    list.end(end < all.size() ? std::to_string(end) : std::string());
    in.send(make_json(200, std::move(body)));
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

}  // namespace qtable::net
