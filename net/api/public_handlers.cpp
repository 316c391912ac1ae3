#include "net/api/app_core.hpp"
#include "net/api/handlers.hpp"
#include "net/api/query_reader.hpp"
#include "proto/render_restaurant.hpp"

namespace qtable::net {

void get_public_restaurant(call& in) {
    if (!query_reader(in).finish()) return;
    const restaurant& config = *in.view->config;
    if (in.is_not_modified(config.version)) return;
    std::string body;
    proto::write_public_restaurant(body, config);
    in.send(make_json(200, std::move(body), config.version));
}

}  // namespace qtable::net
