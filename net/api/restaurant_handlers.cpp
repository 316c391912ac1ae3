#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/handlers.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/query_reader.hpp"
#include "net/api/service_handlers.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_restaurant.hpp"
#include "proto/render_restaurant.hpp"

namespace qtable::net {

namespace {

std::shared_ptr<const zone> known_zone(call& in, const std::string& name) {
    auto found = in.app.shared().zones(name);
    if (found == nullptr) {
        proto::input_errors errors;
        errors.add("/timezone", "is no IANA time zone");
        in.fail(errors);
    }
    return found;
}

}  // namespace

void create_own_restaurant(call& in) {
    auto profile = in.body(proto::parse_restaurant);
    if (!profile) return;
    create_restaurant wanted;
    wanted.zone = known_zone(in, profile->timezone);
    if (wanted.zone == nullptr) return;
    wanted.profile = std::move(*profile);
    wanted.owner = staff_id(in.who.id);
    wanted.log_epoch = random_u64();
    // Of our own part: who made it finds it here.
    auto id = new_id<restaurant_id>(in.now);
    while (!in.app.holds(id)) id = new_id<restaurant_id>(in.now);
    send_creating_command(in, make_command(in, id, std::move(wanted)), "POST /restaurants");
}

void get_own_restaurant(call& in) {
    if (!query_reader(in).finish()) return;
    const restaurant& config = *in.view->config;
    if (in.is_not_modified(config.version)) return;
    std::string body;
    proto::write_staff_restaurant(body, config);
    in.send(make_json(200, std::move(body), config.version));
}

void change_own_restaurant(call& in) {
    const restaurant& config = *in.view->config;
    auto profile = in.body([&config](std::string_view body, proto::json_scratch& scratch) {
        return proto::parse_restaurant_change(body, scratch, config.profile);
    });
    if (!profile) return;
    change_restaurant wanted;
    wanted.zone = known_zone(in, profile->timezone);
    if (wanted.zone == nullptr) return;
    wanted.profile = std::move(*profile);
    wanted.seen_version = config.version;
    wanted.if_version = in.if_match();
    send_command(in, make_command(in, in.live->id, std::move(wanted)));
}

void delete_own_restaurant(call& in) {
    if (!query_reader(in).finish()) return;
    delete_restaurant wanted;
    wanted.if_version = in.if_match();
    send_command(in, make_command(in, in.live->id, wanted));
}

}  // namespace qtable::net
