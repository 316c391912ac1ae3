// The restaurant itself: its beginning, its profile, what guests say of it, its end.
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "core/engine/decide_configuration.hpp"

namespace qtable::deciding {

decision on(const context& in, const create_restaurant& wanted) {
    if (!are_sound(wanted.rules)) return refuse(errc::invalid_input);
    auto config = std::make_shared<restaurant>();
    config->id = in.target.id;
    config->profile = wanted.profile;
    config->rules = wanted.rules;
    config->staff = {{wanted.owner, staff_role::owner}};
    config->created_at = config->updated_at = in.now;

    in.target.stock = std::make_unique<inventory>(make_view(config, wanted.zone));
    in.target.log = event_log(wanted.log_epoch, 0, 0);

    decision made;
    made.configuration = restaurant_row{config, true, wanted.log_epoch};
    made.answer.status = 201;
    made.answer.location = "/restaurants/" + to_string(in.target.id);
    made.answer.version = config->version;
    made.answer.body = in.render.restaurant_json(*config);
    tell_settings(in, made, *config, "restaurant.create");
    return made;
}

decision on(const context& in, const change_restaurant& wanted) {
    if (wanted.if_version && *wanted.if_version != in.config().version)
        return refuse(errc::precondition_failed);
    if (wanted.seen_version != in.config().version) return refuse(errc::precondition_failed);
    auto config = std::make_shared<restaurant>(in.config());
    if (wanted.profile) config->profile = *wanted.profile;
    decision made;
    store(in, made, config, "settings.profile", wanted.zone);
    made.answer.body = in.render.restaurant_json(*config);
    return made;
}

decision on(const context& in, const record_review& wanted) {
    if (wanted.what.rating < 1 || wanted.what.rating > 5) return refuse(errc::invalid_input);
    // Where memory knows the visit it has the last word; older ones the sender has looked up.
    const reservation* visit = in.stock().find(wanted.what.reservation);
    if (const auto closed = in.target.closed.find(wanted.what.reservation); closed != in.target.closed.end())
        visit = &closed->second;
    if (visit != nullptr && visit->customer != wanted.what.customer) return refuse(errc::not_found);
    if (visit != nullptr && visit->status != reservation_status::completed)
        return refuse(errc::not_completed);

    review value = wanted.what;
    value.restaurant = in.target.id;
    value.created_at = in.now;
    auto config = std::make_shared<restaurant>(in.config());
    // Ratings are whole numbers: their sum comes back from the mean exactly.
    const double sum = std::round(config->rating * config->review_count) + value.rating;
    ++config->review_count;
    config->rating = sum / config->review_count;
    config->updated_at = in.now;
    ++config->version;

    decision made;
    in.stock().reconfigure(make_view(config, in.stock().view().zone, &in.stock().view()));
    made.configuration = restaurant_row{config, false, 0};
    made.reviews.push_back(value);
    made.answer.status = 201;
    made.answer.location = "/customer/reservations/" + to_string(value.reservation) + "/review";
    made.answer.body = in.render.review_json(value);
    tell_settings(in, made, *config, "settings.review");
    return made;
}

decision on(const context& in, const delete_restaurant& wanted) {
    if (in.command.by.what == actor::kind::staff && !is_owner(in.config(), staff_id(in.command.by.id)))
        return refuse(errc::forbidden);
    if (wanted.if_version && *wanted.if_version != in.config().version)
        return refuse(errc::precondition_failed);
    if (std::vector<reservation_id> coming = reservations_in_the_way(in, {}); !coming.empty()) {
        decision refused = refuse(errc::has_reservations);
        refused.answer.reservations = std::move(coming);
        return refused;
    }
    if (std::any_of(in.target.guests.begin(), in.target.guests.end(),
                    [](const auto& each) { return each.second.is_open(); }))
        return refuse(errc::table_in_use);

    auto config = std::make_shared<restaurant>(in.config());
    config->updated_at = in.now;
    ++config->version;
    decision made;
    made.configuration = restaurant_row{config, false, 0, true};
    made.events.push_back(make_event(in, event_type::settings_changed, in.render.deleted_json(in.target.id),
                                     {}, "restaurant.delete"));
    made.reloads_after = true;
    made.answer.status = 204;
    return made;
}

}  // namespace qtable::deciding
