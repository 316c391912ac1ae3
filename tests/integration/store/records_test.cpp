// What was committed, looked up again.
#include "storage/store/records_store.hpp"

#include "tests/integration/store/place_test.hpp"

namespace qtable::storage {

namespace {

class records_test : public place_test {
  protected:
    records_test() : reads_(connect("records_test", 8)), records_(*reads_) {}

    template <class T, class Ask>
    result<T> ask(Ask&& begin) {
        const auto got = wait_for<result<T>>([&](auto done) { begin(std::move(done)); });
        EXPECT_TRUE(got);
        return got.value_or(result<T>(errc::internal));
    }
    void delete_place() { sql_->query("update restaurants set deleted_at = now()"); }
    // A row of the log about `subject`.
    void log(const uuid& subject, std::string action, const actor& by,
             event_type type = event_type::guest_updated) {
        batch work = next_batch();
        work.events[0].subject = subject;
        work.events[0].action = std::move(action);
        work.events[0].by = by;
        work.events[0].type = type;
        expect_committed(work);
    }
    std::vector<activity_line> activity(std::optional<std::int64_t> before, std::optional<uuid> subject,
                                        int limit = 10) {
        return ask<std::vector<activity_line>>(
                   [&](auto done) { records_.activity(place_.id, before, subject, limit, std::move(done)); })
            .value();
    }

    std::unique_ptr<pg_connection> reads_;
    records_store records_;
};

TEST_F(records_test, finds_a_reservation_for_its_customer_and_its_house) {
    reservation r = make_reservation(place_, {place_.tables[0].id});
    r.customer = make_customer("Ada", "Lovelace");
    r.running_late_min = 15;
    expect_committed(booking(r));
    const auto mine = [&](customer_id who) {
        return ask<listed_reservation>(
            [&](auto done) { records_.reservation_of_customer(who, r.id, std::move(done)); });
    };
    const auto here = [&](restaurant_id where) {
        return ask<listed_reservation>(
            [&](auto done) { records_.reservation_at(where, r.id, std::move(done)); });
    };
    ASSERT_TRUE(mine(r.customer));
    EXPECT_EQ(mine(r.customer)->what.id, r.id);
    EXPECT_EQ(mine(r.customer)->what.running_late_min, 15);
    EXPECT_EQ(here(place_.id)->customer_name, "Ada Lovelace");
    EXPECT_EQ(here(place_.id)->timezone, "Europe/Copenhagen");
    EXPECT_EQ(mine(next_id<customer_id>()).error(), make_error_code(errc::not_found));
    EXPECT_EQ(here(next_id<restaurant_id>()).error(), make_error_code(errc::not_found));
    delete_place();
    EXPECT_EQ(mine(r.customer).error(), make_error_code(errc::not_found));
    EXPECT_EQ(here(place_.id).error(), make_error_code(errc::not_found));
}

TEST_F(records_test, tells_the_history_of_one_thing_oldest_first) {
    const uuid thing = next_uuid();
    log(thing, "guest.add", {});
    log(next_uuid(), "guest.add", {});
    log(thing, "guest.seat", {});
    const auto got = ask<std::vector<logged_event>>(
        [&](auto done) { records_.history(place_.id, thing, std::move(done)); });
    ASSERT_EQ(got->size(), 2U);
    EXPECT_EQ(got->at(0).action, "guest.add");
    EXPECT_EQ(got->at(1).action, "guest.seat");
    EXPECT_EQ(got->at(1).subject, thing);
    EXPECT_TRUE(ask<std::vector<logged_event>>([&](auto done) {
                    records_.history(next_id<restaurant_id>(), thing, std::move(done));
                })->empty());
}

TEST_F(records_test, lists_what_was_done_newest_first_with_names) {
    const uuid thing = next_uuid();
    log(thing, "guest.add", {actor::kind::staff, place_.staff[0].id});
    log({}, "slots.publish", {actor::kind::staff, place_.staff[0].id}, event_type::availability_updated);
    log(thing, "guest.leave", {actor::kind::customer, make_customer("Grace", "Hopper")});
    log(next_uuid(), "guest.add", {});
    const auto all = activity({}, {});
    ASSERT_EQ(all.size(), 4U) << "with the row of the restaurant's beginning, without availability";
    EXPECT_EQ(all[0].actor_name, "");
    EXPECT_EQ(all[1].actor_name, "Grace Hopper");
    EXPECT_EQ(all[2].actor_name, "A Person");
    EXPECT_EQ(activity(all[1].what.seq, {}).size(), 2U);
    EXPECT_EQ(activity({}, {}, 2).size(), 2U);
    const auto of_thing = activity({}, thing);
    ASSERT_EQ(of_thing.size(), 2U);
    EXPECT_EQ(of_thing[0].what.action, "guest.leave");
    EXPECT_EQ(activity(of_thing[0].what.seq, thing).size(), 1U);
    delete_place();
    EXPECT_TRUE(activity({}, {}).empty());
}

TEST_F(records_test, pages_reviews_newest_first) {
    const customer_id ada = make_customer("Ada", "Lovelace");
    batch work = next_batch();
    for (int i = 0; i < 3; ++i) {
        reservation visit = make_reservation(place_, {});
        visit.status = reservation_status::completed;
        work.reservations.push_back(visit);
        // The last two at the same moment.
        work.reviews.push_back({visit.id, place_.id, ada, 3 + i, "text", noon.plus_minutes(i > 0)});
    }
    expect_committed(work);
    const auto page = [&](std::optional<list_cursor> after, int limit) {
        return ask<std::vector<listed_review>>(
                   [&](auto done) { records_.reviews(place_.id, after, limit, std::move(done)); })
            .value();
    };
    const auto first = page({}, 2);
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].what.rating, 5);
    EXPECT_EQ(first[1].what.rating, 4);
    EXPECT_EQ(first[0].author, "Ada");
    EXPECT_EQ(first[0].what.customer, ada);
    const auto second = page(list_cursor{first[1].what.created_at, first[1].what.reservation}, 2);
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].what.rating, 3);
    sql_->exec("update customers set deleted_at = now()");
    EXPECT_EQ(page({}, 2)[0].author, "");
}

TEST_F(records_test, names_customers_in_the_order_asked_for) {
    const customer_id ada = make_customer("Ada", "Lovelace"), solo = make_customer("Cher", "");
    const customer_id gone = next_id<customer_id>();
    const auto got = ask<std::vector<person_name>>([&](auto done) {
        records_.customer_names({solo, gone, ada}, std::move(done));
    });
    ASSERT_EQ(got->size(), 3U);
    EXPECT_EQ(got->at(0).name, "Cher");
    EXPECT_EQ(got->at(1).name, "");
    EXPECT_EQ(got->at(1).id, gone);
    EXPECT_EQ(got->at(2).name, "Ada Lovelace");
    EXPECT_EQ(got->at(2).phone, "+45 1");
    EXPECT_TRUE(ask<std::vector<person_name>>([&](auto done) {
                    records_.customer_names({}, std::move(done));
                })->empty());
}

TEST_F(records_test, knows_where_a_customer_waits) {
    const customer_id ada = next_id<customer_id>();
    std::vector<guest> guests;
    for (const guest_status status :
         {guest_status::waiting, guest_status::notified, guest_status::left, guest_status::waiting}) {
        guests.push_back(make_guest(status));
        guests.back().customer = ada;
        guests.back().created_at = noon.plus_minutes(static_cast<int>(guests.size()));
    }
    batch work = next_batch();
    for (const guest& each : guests) work.guests.push_back({each, place_.id, each.id == guests[3].id});
    expect_committed(work);
    const auto open = [&] {
        return ask<std::vector<guest_place>>(
            [&](auto done) { records_.open_guests_of(ada, std::move(done)); });
    };
    ASSERT_EQ(open()->size(), 2U);
    EXPECT_EQ(open()->at(0).guest, guests[1].id) << "newest first";
    EXPECT_EQ(open()->at(0).restaurant, place_.id);
    const auto one = [&](customer_id who, guest_id which) {
        return ask<guest_place>([&](auto done) { records_.guest_of_customer(who, which, std::move(done)); });
    };
    EXPECT_EQ(one(ada, guests[2].id)->restaurant, place_.id) << "also after it left";
    EXPECT_EQ(one(ada, guests[3].id).error(), make_error_code(errc::not_found)) << "deleted";
    EXPECT_EQ(one(next_id<customer_id>(), guests[0].id).error(), make_error_code(errc::not_found));
    delete_place();
    EXPECT_TRUE(open()->empty());
}

TEST_F(records_test, knows_which_restaurants_hold_something_of_a_customer) {
    const customer_id ada = next_id<customer_id>(), old = next_id<customer_id>();
    const auto places_of = [&](customer_id who) {
        return ask<std::vector<restaurant_id>>(
                   [&](auto done) { records_.restaurants_of_customer(who, std::move(done)); })
            .value();
    };
    EXPECT_TRUE(places_of(ada).empty());
    reservation past = make_reservation(place_, {});
    past.customer = old;
    guest waiting = make_guest(guest_status::waiting);
    waiting.customer = ada;
    batch work = booking(past);
    work.guests.push_back({waiting, place_.id, false});
    expect_committed(work);
    sql_->query("update customer_reservations set starts_at = now() - interval '9 days', ends_at = now()");
    EXPECT_EQ(places_of(ada), std::vector<restaurant_id>{place_.id});
    EXPECT_TRUE(places_of(old).empty());
    sql_->query(
        "update customer_reservations set starts_at = now() + interval '1 day', ends_at = now() + "
        "interval '2 days'");
    EXPECT_EQ(places_of(old), std::vector<restaurant_id>{place_.id});
    delete_place();
    EXPECT_TRUE(places_of(ada).empty());
}

TEST_F(records_test, says_when_the_database_is_away) {
    reads_->close();
    const auto got = ask<guest_place>([&](auto done) {
        records_.guest_of_customer(next_id<customer_id>(), next_id<guest_id>(), std::move(done));
    });
    EXPECT_EQ(got.error(), make_error_code(errc::database_unavailable));
}

}  // namespace

}  // namespace qtable::storage
