// One restaurant in memory, and decisions on it one by one, without a gate or a database: three staff, one of
// each role, and the small restaurant's tables.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "core/engine/owned_restaurant.hpp"
#include "tests/unit/core/engine/text_renderer.hpp"
#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable::test {

class configuration : public testing::Test {
  protected:
    configuration() {
        target.id = make_id<restaurant_id>(1);
        restaurant place = small_restaurant();
        place.staff = {{owner, staff_role::owner}, {manager, staff_role::manager}, {host, staff_role::host}};
        use(place);
    }

    void use(const restaurant& place) {
        target.stock = std::make_unique<inventory>(view_of(place, zone::utc()));
    }
    template <class Change>
    void configure(Change&& change) {
        restaurant place = config();
        change(place);
        use(place);
    }
    const restaurant& config() const { return *target.stock->view().config; }

    decision ask_for(command_body body) {
        command_envelope command;
        command.restaurant = target.id;
        command.by = by;
        command.body = std::move(body);
        return decide(target, command, now, render);
    }
    errc code(command_body body) { return ask_for(std::move(body)).answer.code; }
    void by_manager() { by = {actor::kind::staff, manager}; }

    // A reservation at these tables on the evening of `on`.
    void book(unsigned number, std::vector<unsigned> tables, date on) {
        reservation r;
        r.id = make_id<reservation_id>(number);
        r.restaurant = target.id;
        r.customer = make_id<customer_id>(number);
        r.date = on;
        r.minute = clock_min(19, 0);
        r.party_size = 2;
        for (const unsigned each : tables) r.tables.push_back(make_id<table_id>(each));
        r.starts_at = r.blocks_from = instant{on.days * ms_per_day}.plus_minutes(clock_min(19, 0));
        r.ends_at = r.blocks_until = r.starts_at.plus_minutes(120);
        target.stock->take(r);
    }

    // The one log row that a decision makes: about what, and what was done.
    static void expect_logged(const decision& made, event_type type, std::string_view action,
                              const uuid& subject = {}) {
        ASSERT_EQ(made.events.size(), 1U);
        EXPECT_EQ(made.events[0].type, type);
        EXPECT_EQ(made.events[0].action, action);
        EXPECT_EQ(made.events[0].subject, subject);
    }

    const staff_id owner = make_id<staff_id>(1), manager = make_id<staff_id>(2), host = make_id<staff_id>(3);
    owned_restaurant target;
    text_renderer render;
    instant now = at("2026-11-20T09:00:00Z");
    const date dinner = day("2026-11-21");
    actor by{actor::kind::staff, make_id<staff_id>(1)};
};

}  // namespace qtable::test
