#include <memory>
#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/diner_flow.hpp"
#include "net/api/diner_handlers.hpp"
#include "net/api/query_reader.hpp"
#include "proto/calendar.hpp"
#include "proto/parse_diner.hpp"
#include "proto/render_history.hpp"
#include "proto/render_reservation.hpp"

namespace qtable::net {

namespace {

// The customer's reservation of the path, with its restaurant's zone.
template <class Render>
void read_reservation(call& in, Render&& render) {
    if (!query_reader(in).finish()) return;
    const later to = in.defer();
    in.app.records().reservation_of_customer(
        customer_id(in.who.id), path_id<reservation_id>(in.params[0]),
        [to, render = std::forward<Render>(render)](result<listed_reservation> found) {
            if (!found) return to.fail(to_errc(found.error()));
            const auto where = to.app().shared().zones(found->timezone);
            // Written by a server that knew more zones.
            if (where == nullptr) return to.fail(errc::internal);
            to.send(render(to.app(), found->what, *where));
        });
}

proto::calendar_place place_of(const restaurant_profile& profile) {
    proto::calendar_place place;
    place.name = profile.name;
    place.address = profile.address;
    place.phone = profile.phone;
    place.website = profile.website;
    place.latitude = profile.latitude;
    place.longitude = profile.longitude;
    return place;
}

response calendar_of(app_core& app, const reservation& what, const zone& where) {
    const live_restaurant* live = app.restaurants().find(what.restaurant);
    const restaurant_view* view = live != nullptr ? live->view.load(std::memory_order_acquire) : nullptr;
    std::string body;
    proto::write_calendar(body, what, where,
                          view != nullptr ? place_of(view->config->profile) : proto::calendar_place{});
    response answer;
    answer.header("Content-Disposition", "attachment; filename=\"reservation.ics\"");
    answer.content(proto::calendar_content_type, std::move(body));
    return answer;
}

}  // namespace

void get_customer_reservation(call& in) {
    read_reservation(in,
                     [known = known_versions(in.in)](app_core&, const reservation& what, const zone& where) {
                         std::string body;
                         proto::write_reservation(body, what, where);
                         return make_versioned(known, std::move(body), what.version);
                     });
}

void get_reservation_calendar(call& in) {
    // The place's name and address are in the memory of who holds it.
    read_reservation(in, [request_id = std::string(in.in.request_id)](app_core& app, const reservation& what,
                                                                      const zone& where) {
        return app.holds(what.restaurant) ? calendar_of(app, what, where)
                                          : make_problem(errc::misdirected, request_id);
    });
}

void get_reservation_history(call& in) {
    if (!query_reader(in).finish()) return;
    const auto id = path_id<reservation_id>(in.params[0]);
    const later to = in.defer();
    in.app.people().restaurant_of(customer_id(in.who.id), id, [to, id](result<restaurant_id> restaurant) {
        if (!restaurant) return to.fail(to_errc(restaurant.error()));
        to.app().records().history(*restaurant, id, [to](result<std::vector<logged_event>> rows) {
            if (!rows) return to.fail(to_errc(rows.error()));
            std::string body;
            proto::history_writer history(body);
            for (const logged_event& row : *rows) history.add(row);
            history.end();
            to.send(make_json(200, std::move(body)));
        });
    });
}

void check_in_customer(call& in) {
    if (!has_nothing_to_say(in)) return;
    send_about_reservation(in, check_in{path_id<reservation_id>(in.params[0]), customer_id(in.who.id)});
}

void tell_running_late(call& in) {
    auto wanted = in.body(proto::parse_running_late);
    if (!wanted) return;
    wanted->id = path_id<reservation_id>(in.params[0]);
    wanted->customer = customer_id(in.who.id);
    send_about_reservation(in, *wanted);
}

}  // namespace qtable::net
