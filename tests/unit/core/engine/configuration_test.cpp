// What managers and owners configure besides the floor, decision by decision: what is refused, what memory
// shows at once, and which rows, log rows and answers follow.
#include "core/base/limits.hpp"
#include "tests/unit/core/engine/configuration_fixture.hpp"

namespace qtable::test {
namespace configuration_test {

// ---- rules, special days, pause

TEST_F(configuration, changes_the_rules) {
    change_rules wanted{config().rules, 1, {}};
    wanted.rules.max_party = 1;
    const decision made = ask_for(wanted);
    EXPECT_EQ(made.answer.code, errc::ok);
    EXPECT_EQ(made.answer.version, 2);
    EXPECT_EQ(config().rules.max_party, 1);
    ASSERT_TRUE(made.configuration);
    EXPECT_TRUE(made.everything_changed);
    expect_logged(made, event_type::settings_changed, "settings.rules");
    EXPECT_EQ(code(wanted), errc::precondition_failed) << "it saw an older version";
}

TEST_F(configuration, refuses_rules_that_do_not_go_together) {
    const auto code_of = [this](auto&& change) {
        change_rules wanted{config().rules, config().version, {}};
        change(wanted.rules);
        return code(wanted);
    };
    EXPECT_EQ(code_of([](booking_rules& r) { r.min_party = r.max_party + 1; }), errc::invalid_input);
    EXPECT_EQ(code_of([](booking_rules& r) { r.turn_times = {{4, 90}, {2, 60}}; }), errc::invalid_input);
    EXPECT_EQ(code_of([](booking_rules& r) { r.turn_times = {{4, 92}}; }), errc::invalid_input);
    EXPECT_EQ(code_of([](booking_rules& r) { r.turn_times = {{4, 725}}; }), errc::invalid_input);
    EXPECT_EQ(code_of([](booking_rules& r) { r.turn_times.clear(); }), errc::invalid_input);
    EXPECT_EQ(code_of([](booking_rules& r) { r.slot_interval_min = 7; }), errc::invalid_input);
    EXPECT_EQ(code_of([](booking_rules& r) { r.buffer_after_min = 3; }), errc::invalid_input);
    EXPECT_EQ(code_of([](booking_rules& r) { r.no_show_grace_min = -1; }), errc::invalid_input);
    EXPECT_EQ(code_of([](booking_rules&) {}), errc::ok);
}

TEST_F(configuration, keeps_special_days_in_order) {
    const special_day late{dinner, *parse_day_hours("20:00-23:00"), "late"};
    const special_day closed{dinner.plus_days(-1), {}, "closed"};
    const decision made = ask_for(put_special_day{late, true});
    EXPECT_EQ(made.answer.status, 201);
    EXPECT_EQ(made.answer.location, "/restaurants/" + to_string(target.id) + "/special-days/2026-11-21");
    expect_logged(made, event_type::settings_changed, "settings.special_day");
    EXPECT_EQ(code(put_special_day{late, true}), errc::already_exists);
    EXPECT_FALSE(ask_for(put_special_day{late, false}).changes_anything());
    EXPECT_EQ(code(put_special_day{closed, false}), errc::ok);
    ASSERT_EQ(config().special_days.size(), 2U);
    EXPECT_EQ(config().special_days[0], closed);
    special_day longer = late;
    longer.hours = *parse_day_hours("18:00-23:00");
    const decision replaced = ask_for(put_special_day{longer, false});
    EXPECT_EQ(replaced.answer.status, 200);
    ASSERT_EQ(replaced.special_days.size(), 1U);
    EXPECT_EQ(replaced.special_days[0].what, longer);
    const decision gone = ask_for(delete_special_day{dinner});
    EXPECT_EQ(gone.answer.status, 204);
    EXPECT_TRUE(gone.special_days.at(0).is_deleted);
    EXPECT_EQ(code(delete_special_day{dinner}), errc::not_found);
    configure([](restaurant& r) { r.special_days.resize(limits::special_days_per_restaurant); });
    EXPECT_EQ(code(put_special_day{late, false}), errc::limit_reached);
}

TEST_F(configuration, pauses_and_resumes) {
    EXPECT_EQ(code(pause_bookings{now}), errc::invalid_input);
    EXPECT_FALSE(ask_for(pause_bookings{}).changes_anything()) << "it is open";
    const decision made = ask_for(pause_bookings{now.plus_minutes(60)});
    EXPECT_EQ(made.answer.version, 2);
    EXPECT_EQ(config().paused_until, now.plus_minutes(60));
    expect_logged(made, event_type::settings_changed, "settings.pause");
    EXPECT_FALSE(ask_for(pause_bookings{now.plus_minutes(60)}).changes_anything());
    expect_logged(ask_for(pause_bookings{}), event_type::settings_changed, "settings.resume");
    EXPECT_FALSE(config().paused_until);
}

// ---- staff

TEST_F(configuration, gives_and_takes_roles) {
    const staff_id person = make_id<staff_id>(9);
    const decision made = ask_for(change_staff{person, staff_role::host, true});
    EXPECT_EQ(made.answer.status, 201);
    EXPECT_EQ(config().find_staff(person)->role, staff_role::host);
    expect_logged(made, event_type::settings_changed, "settings.staff", person);
    EXPECT_FALSE(made.everything_changed) << "guests can book the same as before";
    EXPECT_TRUE(made.configuration) << "other cores must hear of it";
    EXPECT_EQ(code(change_staff{person, staff_role::host, true}), errc::already_staff);
    EXPECT_FALSE(ask_for(change_staff{person, staff_role::host, false}).changes_anything());
    EXPECT_EQ(code(change_staff{person, staff_role::owner, false}), errc::ok);
    EXPECT_EQ(code(change_staff{owner, std::nullopt, false}), errc::ok) << "another owner stays";
    EXPECT_EQ(config().find_staff(owner), nullptr);
    EXPECT_EQ(code(change_staff{make_id<staff_id>(8), staff_role::host, false}), errc::forbidden)
        << "who asked has no role any more";
}

TEST_F(configuration, keeps_one_owner) {
    EXPECT_EQ(code(change_staff{owner, std::nullopt, false}), errc::last_owner);
    EXPECT_EQ(code(change_staff{owner, staff_role::manager, false}), errc::last_owner);
    EXPECT_EQ(code(change_staff{make_id<staff_id>(8), staff_role::host, false}), errc::not_found);
    EXPECT_EQ(code(change_staff{make_id<staff_id>(8), std::nullopt, false}), errc::not_found);
    EXPECT_EQ(config().staff.size(), 3U);
}

TEST_F(configuration, managers_do_not_touch_owners) {
    by_manager();
    EXPECT_EQ(code(change_staff{owner, staff_role::host, false}), errc::forbidden);
    EXPECT_EQ(code(change_staff{owner, std::nullopt, false}), errc::forbidden);
    EXPECT_EQ(code(change_staff{host, staff_role::owner, false}), errc::forbidden);
    EXPECT_EQ(code(change_staff{manager, staff_role::owner, false}), errc::forbidden);
    EXPECT_EQ(code(change_staff{host, staff_role::manager, false}), errc::ok);
    EXPECT_EQ(code(change_staff{host, std::nullopt, false}), errc::ok);
    by = {actor::kind::staff, host};
    EXPECT_EQ(code(change_staff{manager, std::nullopt, false}), errc::forbidden);
}

TEST_F(configuration, bounds_the_number_of_staff) {
    configure([](restaurant& r) {
        for (unsigned i = 10; r.staff.size() < limits::staff_per_restaurant; ++i)
            r.staff.push_back({make_id<staff_id>(i), staff_role::host});
    });
    EXPECT_EQ(code(change_staff{make_id<staff_id>(5000), staff_role::host, true}), errc::limit_reached);
}

// ---- reviews, the end

TEST_F(configuration, the_rating_follows_the_reviews) {
    reservation visit;
    visit.id = make_id<reservation_id>(1);
    visit.customer = make_id<customer_id>(1);
    visit.status = reservation_status::cancelled;
    target.closed[visit.id] = visit;
    review said;
    said.reservation = visit.id;
    said.customer = visit.customer;
    said.rating = 4;
    EXPECT_EQ(code(record_review{said}), errc::not_completed);
    target.closed[visit.id].status = reservation_status::completed;
    said.customer = make_id<customer_id>(2);
    EXPECT_EQ(code(record_review{said}), errc::not_found);
    said.customer = visit.customer;
    const decision made = ask_for(record_review{said});
    EXPECT_EQ(made.answer.status, 201);
    ASSERT_EQ(made.reviews.size(), 1U);
    EXPECT_EQ(made.reviews[0].restaurant, target.id);
    EXPECT_EQ(made.reviews[0].created_at, now);
    EXPECT_FALSE(made.everything_changed);
    expect_logged(made, event_type::settings_changed, "settings.review");
    EXPECT_DOUBLE_EQ(config().rating, 4);
    for (unsigned i = 2; i <= 3; ++i) {
        said.reservation = make_id<reservation_id>(i);  // an old one that memory doesn't know
        said.rating = 5;
        EXPECT_EQ(code(record_review{said}), errc::ok);
    }
    EXPECT_EQ(config().review_count, 3);
    EXPECT_DOUBLE_EQ(config().rating, 14.0 / 3);
    EXPECT_EQ(config().version, 4);
    said.rating = 6;
    EXPECT_EQ(code(record_review{said}), errc::invalid_input);
}

TEST_F(configuration, ends_when_nobody_comes) {
    EXPECT_EQ(code(delete_restaurant{7}), errc::precondition_failed);
    by_manager();
    EXPECT_EQ(code(delete_restaurant{}), errc::forbidden);
    by = {actor::kind::staff, owner};
    book(1, {1}, dinner);
    const decision refused = ask_for(delete_restaurant{});
    EXPECT_EQ(refused.answer.code, errc::has_reservations);
    EXPECT_EQ(refused.answer.reservations, std::vector<reservation_id>{make_id<reservation_id>(1)});
    now = at("2026-11-22T09:00:00Z");  // it is over
    guest sitting;
    sitting.id = make_id<guest_id>(1);
    sitting.status = guest_status::seated;
    target.guests[sitting.id] = sitting;
    EXPECT_EQ(code(delete_restaurant{}), errc::table_in_use);
    target.guests[sitting.id].status = guest_status::completed;
    const decision made = ask_for(delete_restaurant{1});
    EXPECT_EQ(made.answer.status, 204);
    EXPECT_TRUE(made.reloads_after);
    ASSERT_TRUE(made.configuration);
    EXPECT_TRUE(made.configuration->is_deleted);
    EXPECT_EQ(made.configuration->what->version, 2);
    expect_logged(made, event_type::settings_changed, "restaurant.delete");
}

}  // namespace configuration_test
}  // namespace qtable::test
