// Erasure, holdings, and who works where, on a real database.
#include "tests/integration/store/accounts_test.hpp"

namespace qtable::storage {

namespace {

class people_test : public accounts_test {
  protected:
    people_test() : journal_(make_journal("one-0")), place_(make_restaurant(0)) {}

    staff_invitation invitation(const std::string& email, staff_role role, const staff_id& by) {
        return {next_uuid(), place_.id, email, role, by, noon, noon.plus_minutes(60), std::nullopt};
    }
    result<void> invite(const staff_invitation& what, const token_hash& token, bool is_owner = true) {
        return ask<void>([&](auto done) {
            accounts_.create_invitation(what, token, is_owner, {next_uuid(), what.email, "Hi", "token", {}},
                                        std::nullopt, std::move(done));
        });
    }
    std::vector<staff_invitation> invited(instant now = noon) {
        return *ask<std::vector<staff_invitation>>(
            [&](auto done) { accounts_.invitations_of(place_.id, now, std::move(done)); });
    }
    result<staff_invitation> find(const token_hash& token, instant now = noon) {
        return ask<staff_invitation>(
            [&](auto done) { accounts_.find_invitation(token, now, std::move(done)); });
    }
    result<void> take_back(const uuid& id, bool is_owner) {
        return ask<void>(
            [&](auto done) { accounts_.delete_invitation(place_.id, id, is_owner, std::move(done)); });
    }

    std::unique_ptr<pg_journal> journal_;
    restaurant place_;
};

TEST_F(people_test, an_erased_customer_leaves_counts_and_nothing_personal) {
    const customer_account ada = make_customer("Ada@Example.org");
    const uuid email_actor = next_uuid();
    ASSERT_TRUE(create(ada, make_token(), make_receipt(email_actor)));
    batch work = new_restaurant_batch(place_);
    reservation booked = make_reservation(place_, {});
    booked.customer = ada.id;
    work.reservations.push_back(booked);
    work.reservations.push_back(make_reservation(place_, {}, 120));  // somebody else's
    work.events[0].data = R"({"customer_id":")" + to_string(ada.id) +
                          R"(","special_requests":"a quiet corner","party_size":3})";
    guest party;
    party.id = next_id<guest_id>();
    party.name = "Ada Lovelace";
    party.phone = "+45 12";
    party.notes = "likes the window";
    party.party_size = 2;
    party.customer = ada.id;
    party.created_at = party.updated_at = noon;
    work.guests.push_back({party, place_.id, false});
    ASSERT_EQ(write(*journal_, work).outcome, batch_outcome::committed);
    sql_->query(
        "insert into reviews (restaurant_id, reservation_id, customer_id, rating, text, created_at) "
        "values ($1, $2, $3, 4, 'by Ada', now())",
        params().add(place_.id).add(booked.id).add(ada.id));
    const uuid session = next_uuid();
    ASSERT_TRUE(ask<void>([&](auto done) {
        accounts_.add_refresh_token({make_token(), session, account_kind::customer, ada.id, noon}, done);
    }));

    const auto held =
        ask<customer_holdings>([&](auto done) { accounts_.holdings_of(ada.id, std::move(done)); });
    ASSERT_TRUE(held);
    EXPECT_EQ(held->sessions.size(), 1U);
    ASSERT_EQ(held->guests.size(), 1U);
    EXPECT_EQ(held->guests[0].what.notes, party.notes);
    ASSERT_EQ(held->reviews.size(), 1U);
    EXPECT_EQ(held->reviews[0].rating, 4);

    const auto erase = [&] {
        return ask<std::vector<uuid>>(
            [&](auto done) { accounts_.erase_customer(ada.id, email_actor, noon, std::move(done)); });
    };
    EXPECT_EQ(*erase(), std::vector{session});
    EXPECT_EQ(erase().error(), code(errc::not_found));
    for (const char* what : {"Ada", "Lovelace", "ada@", "+45 12", "quiet corner", "window"}) {
        for (const char* table : {"customers", "guests", "reviews", "restaurant_events", "mail_outbox",
                                  "idempotency_receipts", "email_tokens", "refresh_tokens"}) {
            EXPECT_EQ(count("select count(*) from " + std::string(table) + " x where x::text ilike '%" +
                            what + "%'"),
                      0)
                << what << " in " << table;
        }
    }
    EXPECT_EQ(count("select count(*) from customer_reservations where special_requests = ''"), 1);
    EXPECT_EQ(count("select count(*) from reviews where rating = 4"), 1);
    EXPECT_EQ(count("select count(*) from restaurant_events where data::json ->> 'party_size' = '3' "
                    "and data::json ->> 'special_requests' is null"),
              1);
    EXPECT_EQ(count("select count(*) from idempotency_receipts"), 0);
    EXPECT_TRUE(create(make_customer("ada@example.org"), make_token()));
}

TEST_F(people_test, memberships_are_by_name) {
    const staff_id grace = make_staff();
    restaurant other = make_restaurant(0);
    place_.profile.name = "Zum Anker";
    other.profile.name = "anker";
    for (const restaurant* each : {&other, &place_}) {
        batch work = new_restaurant_batch(*each);
        work.staff.push_back({each->id, {grace, staff_role::manager}, false});
        ASSERT_EQ(write(*journal_, work).outcome, batch_outcome::committed);
    }
    const auto found = ask<std::vector<staff_membership>>(
        [&](auto done) { accounts_.memberships_of(grace, std::move(done)); });
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ(found->at(0).name, "anker");
    EXPECT_EQ(found->at(1).restaurant, place_.id);
    EXPECT_EQ(found->at(1).role, staff_role::manager);
    const auto accounts = ask<std::vector<staff_account>>([&](auto done) {
        accounts_.staff_accounts({grace, next_id<staff_id>()}, std::move(done));
    });
    ASSERT_EQ(accounts->size(), 1U);
    EXPECT_EQ(accounts->at(0).id, grace);
}

TEST_F(people_test, an_invitation_is_found_by_its_token_until_it_expires) {
    const staff_id owner = make_staff();
    ASSERT_EQ(write(*journal_, new_restaurant_batch(place_)).outcome, batch_outcome::committed);
    const token_hash first = make_token(), second = make_token();
    ASSERT_TRUE(invite(invitation("Bo@example.org", staff_role::host, owner), first));
    const staff_invitation again = invitation("bo@example.org", staff_role::manager, owner);
    ASSERT_TRUE(invite(again, second, false));
    EXPECT_EQ(find(first).error(), code(errc::invalid_token));  // the second took its place
    ASSERT_EQ(invited().size(), 1U);
    EXPECT_EQ(find(second)->role, staff_role::manager);
    EXPECT_EQ(find(second)->invited_by, owner);
    EXPECT_EQ(find(second, noon.plus_minutes(60)).error(), code(errc::invalid_token));
    EXPECT_TRUE(invited(noon.plus_minutes(60)).empty());

    const staff_id bo = make_staff();
    ASSERT_TRUE(ask<void>([&](auto done) { accounts_.accept_invitation(again.id, bo, noon, done); }));
    EXPECT_EQ(find(second)->accepted_by, bo);
    EXPECT_TRUE(invited().empty());
    EXPECT_EQ(take_back(again.id, true).error(), code(errc::not_found));
}

TEST_F(people_test, only_owners_touch_invitations_of_owners) {
    const staff_id owner = make_staff();
    ASSERT_EQ(write(*journal_, new_restaurant_batch(place_)).outcome, batch_outcome::committed);
    const staff_invitation made = invitation("bo@example.org", staff_role::owner, owner);
    ASSERT_TRUE(invite(made, make_token()));
    const staff_invitation lower = invitation("bo@example.org", staff_role::host, owner);
    EXPECT_EQ(invite(lower, make_token(), false).error(), code(errc::forbidden));
    EXPECT_EQ(take_back(made.id, false).error(), code(errc::forbidden));
    EXPECT_EQ(invited().size(), 1U);
    EXPECT_TRUE(take_back(made.id, true));
    EXPECT_EQ(take_back(made.id, true).error(), code(errc::not_found));
}

TEST_F(people_test, invitations_are_bounded) {
    const staff_id owner = make_staff();
    ASSERT_EQ(write(*journal_, new_restaurant_batch(place_)).outcome, batch_outcome::committed);
    const auto another = [&](int i) {
        return invite(invitation("guest" + std::to_string(i) + "@example.org", staff_role::host, owner),
                      make_token());
    };
    for (int i = 0; i < open_invitations_max; ++i) ASSERT_TRUE(another(i));
    EXPECT_EQ(another(open_invitations_max).error(), code(errc::limit_reached));
    EXPECT_EQ(count("select count(*) from mail_outbox"), open_invitations_max);
    EXPECT_TRUE(another(0));  // takes the place of its earlier one
}

}  // namespace

}  // namespace qtable::storage
