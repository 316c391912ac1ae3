#include "proto/json_renderer.hpp"

#include "proto/render_event.hpp"
#include "proto/render_reservation.hpp"
#include "proto/render_restaurant.hpp"

namespace qtable::proto {

std::string json_renderer::reservation_json(const reservation& what, const zone& local_zone) const {
    std::string out;
    out.reserve(1024);
    write_reservation(out, what, local_zone);
    return out;
}

std::string json_renderer::slot_json(const restaurant_id& restaurant, const slot& what) const {
    std::string out;
    out.reserve(256);
    write_slot(out, restaurant, what);
    return out;
}

std::string json_renderer::slots_json(const restaurant_id& restaurant, std::span<const slot> what) const {
    std::string out = R"({"items":[)";
    out.reserve(32 + 256 * what.size());
    for (const slot& one : what) {
        if (&one != &what.front()) out += ',';
        write_slot(out, restaurant, one);
    }
    out += "]}";
    return out;
}

std::string json_renderer::table_json(const restaurant_id&, const table& what) const {
    std::string out;
    out.reserve(512);
    write_table(out, what);
    return out;
}

std::string json_renderer::restaurant_json(const restaurant& what) const {
    std::string out;
    write_staff_restaurant(out, what);
    return out;
}

std::string json_renderer::window_json(const std::optional<availability_window>& window) const {
    std::string out;
    write_window(out, window);
    return out;
}

}  // namespace qtable::proto
