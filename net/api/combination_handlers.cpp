// Table combinations: sets of tables that one party can take together.
#include <algorithm>
#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/service_flow.hpp"
#include "net/api/service_handlers.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_tables.hpp"
#include "proto/render_settings.hpp"

namespace qtable::net {

namespace {

// That of the path; nullptr: the 404 is answered.
const table_combination* find_combination(call& in) {
    const auto wanted = path_id<combination_id>(in.params[1]);
    const std::vector<table_combination>& all = in.view->config->combinations;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&wanted](const table_combination& each) { return each.id == wanted; });
    if (found != all.end()) return &*found;
    in.fail(errc::not_found);
    return nullptr;
}

}  // namespace

void list_combinations(call& in) {
    send_page(in, in.view->config->combinations, proto::write_combination);
}

void add_combination(call& in) {
    auto wanted = in.body([&in](std::string_view body, proto::json_scratch& scratch) {
        return proto::parse_combination(body, scratch, *in.view->config);
    });
    if (!wanted) return;
    wanted->id = new_id<combination_id>(in.now);
    send_creating_command(in, make_command(in, in.live->id, put_combination{std::move(*wanted), true, {}}),
                          "POST /restaurants/table-combinations " + to_string(in.live->id));
}

void get_combination(call& in) {
    if (!query_reader(in).finish()) return;
    const table_combination* found = find_combination(in);
    if (found == nullptr || in.is_not_modified(found->version)) return;
    std::string body;
    proto::write_combination(body, *found);
    in.send(make_json(200, std::move(body), found->version));
}

void change_combination(call& in) {
    const table_combination* found = find_combination(in);
    if (found == nullptr) return;
    auto wanted = in.body([&in, found](std::string_view body, proto::json_scratch& scratch) {
        return proto::parse_combination_change(body, scratch, *in.view->config, *found);
    });
    if (!wanted) return;
    send_command(in,
                 make_command(in, in.live->id, put_combination{std::move(*wanted), false, in.if_match()}));
}

void remove_combination(call& in) {
    if (!query_reader(in).finish()) return;
    delete_combination wanted;
    wanted.id = path_id<combination_id>(in.params[1]);
    wanted.if_version = in.if_match();
    send_command(in, make_command(in, in.live->id, wanted));
}

}  // namespace qtable::net
