#include "proto/json_renderer.hpp"

#include "proto/render_event.hpp"
#include "proto/render_floor.hpp"
#include "proto/render_guest.hpp"
#include "proto/render_reservation.hpp"
#include "proto/render_restaurant.hpp"
#include "proto/render_settings.hpp"

namespace qtable::proto {

namespace {

constexpr std::size_t usual_bytes = 1024;  // most things are smaller

// What `write(out)` appends, as a string of its own.
template <class Write>
std::string text_of(Write&& write) {
    std::string out;
    out.reserve(usual_bytes);
    write(out);
    return out;
}

// {"items":[…]}
template <class Item, class Write>
std::string items_of(std::span<const Item> items, Write&& write) {
    std::string out = R"({"items":[)";
    out.reserve(32 + 256 * items.size());
    for (const Item& each : items) {
        if (&each != &items.front()) out += ',';
        write(out, each);
    }
    out += "]}";
    return out;
}

}  // namespace

std::string json_renderer::reservation_json(const reservation& what, const zone& local_zone) const {
    return text_of([&](std::string& out) { write_reservation(out, what, local_zone); });
}

std::string json_renderer::slot_json(const restaurant_id& restaurant, const slot& what) const {
    return text_of([&](std::string& out) { write_slot(out, restaurant, what); });
}

std::string json_renderer::slots_json(const restaurant_id& restaurant, std::span<const slot> what) const {
    return items_of(what, [&](std::string& out, const slot& each) { write_slot(out, restaurant, each); });
}

std::string json_renderer::table_json(const restaurant_id&, const table& what) const {
    return text_of([&](std::string& out) { write_table(out, what); });
}

std::string json_renderer::restaurant_json(const restaurant& what) const {
    return text_of([&](std::string& out) { write_staff_restaurant(out, what); });
}

std::string json_renderer::combination_json(const restaurant_id&, const table_combination& what) const {
    return text_of([&](std::string& out) { write_combination(out, what); });
}

std::string json_renderer::tables_json(const restaurant_id&, std::span<const table> what) const {
    return items_of(what, [](std::string& out, const table& each) { write_table(out, each); });
}

std::string json_renderer::special_day_json(const special_day& what) const {
    return text_of([&](std::string& out) { write_special_day(out, what); });
}

std::string json_renderer::rules_json(const restaurant& what) const {
    return text_of([&](std::string& out) { write_booking_rules(out, what); });
}

std::string json_renderer::staff_member_json(const restaurant_id& restaurant,
                                             const staff_member& what) const {
    return text_of([&](std::string& out) { write_staff_member(out, restaurant, what); });
}

std::string json_renderer::review_json(const review& what) const {
    return text_of([&](std::string& out) { write_review(out, what); });
}

std::string json_renderer::guest_json(const restaurant_id& restaurant, const guest& what,
                                      const wait_estimate* wait) const {
    return text_of([&](std::string& out) { write_guest(out, restaurant, what, wait); });
}

std::string json_renderer::guests_json(const restaurant_id& restaurant, std::span<const guest_line> what,
                                       const std::optional<guest_id>& next) const {
    return text_of([&](std::string& out) { write_guests(out, restaurant, what, next); });
}

std::string json_renderer::hold_json(const hold& what, const zone& local_zone) const {
    return text_of([&](std::string& out) { write_hold(out, what, local_zone); });
}

std::string json_renderer::holds_json(std::span<const hold> what, const zone& local_zone) const {
    return items_of(what, [&](std::string& out, const hold& each) { write_hold(out, each, local_zone); });
}

std::string json_renderer::floor_json(const floor_picture& what) const {
    return text_of([&](std::string& out) { write_floor(out, what); });
}

std::string json_renderer::dashboard_json(const dashboard_picture& what) const {
    return text_of([&](std::string& out) { write_dashboard(out, what); });
}

std::string json_renderer::wait_quotes_json(const restaurant_id& restaurant, instant at,
                                            std::span<const wait_quote> what) const {
    return text_of([&](std::string& out) { write_wait_quotes(out, restaurant, at, what); });
}

std::string json_renderer::deleted_json(const uuid& what) const {
    return text_of([&](std::string& out) { write_deleted(out, what); });
}

std::string json_renderer::window_json(const std::optional<availability_window>& window) const {
    return text_of([&](std::string& out) { write_window(out, window); });
}

}  // namespace qtable::proto
