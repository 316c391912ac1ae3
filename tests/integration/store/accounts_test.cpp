// Accounts, tokens, receipts and lists on a real database.
#include "tests/integration/store/accounts_test.hpp"

namespace qtable::storage {

namespace {

TEST_F(accounts_test, a_customer_is_made_once_per_address_in_any_case) {
    const customer_account ada = make_customer("Ada@Example.org");
    ASSERT_TRUE(create(ada, make_token()));
    EXPECT_EQ(letters_, 1);
    EXPECT_EQ(create(make_customer("ada@example.ORG"), make_token()).error(), code(errc::email_taken));
    EXPECT_EQ(letters_, 1);
    EXPECT_EQ(count("select count(*) from mail_outbox"), 1);

    const auto found = by_email("ADA@EXAMPLE.ORG");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, ada.id);
    EXPECT_EQ(found->email, "Ada@Example.org");
    EXPECT_EQ(found->phone, ada.phone);
    EXPECT_EQ(found->password_hash, ada.password_hash);
    EXPECT_EQ(found->created_at, noon);
    EXPECT_FALSE(found->email_verified);
    EXPECT_EQ(by_email("bob@example.org").error(), code(errc::not_found));
    const auto by_id =
        ask<customer_account>([&](auto done) { accounts_.customer_by_id(ada.id, std::move(done)); });
    EXPECT_EQ(by_id->last_name, "Lovelace");
}

// Outside of ASCII, letters of another case are other letters: "É" and "é" may well be two mailboxes.
TEST_F(accounts_test, only_ascii_letters_are_the_same_in_both_cases) {
    EXPECT_TRUE(create(make_customer("é@example.org"), make_token()));
    EXPECT_TRUE(create(make_customer("É@example.org"), make_token()));
}

TEST_F(accounts_test, staff_are_made_once_per_address_in_any_case) {
    const auto create_staff = [&](const std::string& email) {
        return ask<void>([&](auto done) {
            accounts_.create_staff({next_id<staff_id>(), email, "hash", "Grace Hopper", noon}, std::nullopt,
                                   std::move(done));
        });
    };
    ASSERT_TRUE(create_staff("grace@example.org"));
    EXPECT_EQ(create_staff("GRACE@example.org").error(), code(errc::email_taken));
    const auto found =
        ask<staff_account>([&](auto done) { accounts_.staff_by_email("Grace@example.org", done); });
    ASSERT_TRUE(found);
    const auto again = ask<staff_account>([&](auto done) { accounts_.staff_by_id(found->id, done); });
    EXPECT_EQ(again->full_name, "Grace Hopper");
}

TEST_F(accounts_test, a_verification_works_once_and_answers_again) {
    const token_hash token = make_token();
    const customer_account ada = make_customer("ada@example.org");
    ASSERT_TRUE(create(ada, token));
    EXPECT_EQ(verify(make_token(), noon).error(), code(errc::invalid_token));
    const auto verified = verify(token, noon.plus_minutes(59));
    ASSERT_TRUE(verified);
    EXPECT_EQ(verified->id, ada.id);
    EXPECT_TRUE(verified->email_verified);
    EXPECT_TRUE(verify(token, noon.plus_minutes(600)));
    EXPECT_EQ(count("select version from customers"), 2);
}

TEST_F(accounts_test, an_expired_verification_does_not_work) {
    const token_hash token = make_token();
    ASSERT_TRUE(create(make_customer("ada@example.org"), token));
    EXPECT_EQ(verify(token, noon.plus_minutes(60)).error(), code(errc::invalid_token));
    EXPECT_FALSE(by_email("ada@example.org")->email_verified);
}

TEST_F(accounts_test, a_receipt_is_stored_with_the_account_and_found_by_its_actor) {
    const uuid actor = next_uuid();
    ASSERT_TRUE(create(make_customer("ada@example.org"), make_token(), make_receipt(actor)));
    const auto find = [&](const uuid& who) {
        return ask<std::optional<receipt_row>>([&](auto done) {
            accounts_.find_receipt(who, "POST /customer/register", "key", std::move(done));
        });
    };
    const auto found = find(actor);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->status, 201);
    EXPECT_EQ((*found)->version, 3);
    EXPECT_EQ((*found)->location, "/customer/me");
    EXPECT_EQ((*found)->request.body_hash, make_receipt(actor).request.body_hash);
    EXPECT_FALSE(*find(next_uuid()));
    EXPECT_EQ(create(make_customer("bob@example.org"), make_token(), make_receipt(actor)).error(),
              code(errc::idempotency_in_progress));
    EXPECT_EQ(by_email("bob@example.org").error(), code(errc::not_found));
}

TEST_F(accounts_test, a_receipt_that_a_standby_may_lack_is_told_when_it_has_it) {
    const uuid actor = next_uuid();
    ASSERT_TRUE(create(make_customer("ada@example.org"), make_token(), make_receipt(actor)));
    auto standby = std::make_optional<absent_standby>(*sql_);
    std::optional<result<std::optional<receipt_row>>> found, unknown;
    accounts_.find_receipt(next_uuid(), "POST /customer/register", "key",
                           [&](auto got) { unknown = std::move(got); });
    run_until([&] { return unknown.has_value(); });
    EXPECT_TRUE(unknown && *unknown && !**unknown);
    accounts_.find_receipt(actor, "POST /customer/register", "key",
                           [&](auto got) { found = std::move(got); });
    run_until(
        [&] { return count("select count(*) from pg_stat_activity where wait_event = 'SyncRep'") == 1; });
    EXPECT_FALSE(found);
    standby.reset();
    run_until([&] { return found.has_value(); });
    EXPECT_TRUE(found && *found && **found);
}

TEST_F(accounts_test, refresh_tokens_belong_to_an_account) {
    const customer_account ada = make_customer("ada@example.org");
    ASSERT_TRUE(create(ada, make_token()));
    const auto add = [&](bool is_staff, const uuid& account) {
        return ask<void>([&](auto done) {
            accounts_.add_refresh_token(
                {make_token(), next_uuid(), is_staff ? account_kind::staff : account_kind::customer, account,
                 noon},
                std::move(done));
        });
    };
    EXPECT_TRUE(add(false, ada.id));
    EXPECT_TRUE(add(true, make_staff()));
    EXPECT_FALSE(add(true, ada.id));
}

class lists_test : public accounts_test {
  protected:
    lists_test() : journal_(make_journal("one-0")), place_(make_restaurant(0)) {
        EXPECT_TRUE(create(ada_, make_token()));
        batch work = new_restaurant_batch(place_);
        for (int i = 0; i < 7; ++i) {
            reservation r = make_reservation(place_, {}, i / 2 * 30);  // two of each start
            if (i != 6) r.customer = ada_.id;
            if (i == 5) r.status = reservation_status::cancelled;
            if (i == 4) {
                r.date = r.date.plus_days(1);
                r.starts_at = r.starts_at.plus_ms(ms_per_day);
                r.ends_at = r.ends_at.plus_ms(ms_per_day);
                r.blocks_until = r.ends_at;
            }
            work.reservations.push_back(r);
        }
        EXPECT_EQ(write(*journal_, work).outcome, batch_outcome::committed);
        made_ = work.reservations;
    }
    std::vector<listed_reservation> list(const reservation_query& query) {
        auto got = ask<std::vector<listed_reservation>>(
            [&](auto done) { accounts_.list_reservations(query, std::move(done)); });
        EXPECT_TRUE(got);
        return got ? *got : std::vector<listed_reservation>{};
    }
    // All pages; what each step of three shows is what one big page shows.
    std::vector<reservation_id> pages(reservation_query query, int limit) {
        query.limit = limit;
        std::vector<reservation_id> out;
        for (auto page = list(query); !page.empty(); page = list(query)) {
            for (const listed_reservation& one : page) out.push_back(one.what.id);
            query.after = list_cursor{page.back().what.starts_at, page.back().what.id};
        }
        return out;
    }
    std::vector<reservation_id> ids(std::initializer_list<std::size_t> indices) {
        std::vector<reservation_id> out;
        for (const std::size_t i : indices) out.push_back(made_[i].id);
        return out;
    }

    std::unique_ptr<pg_journal> journal_;
    restaurant place_;
    customer_account ada_ = make_customer("ada@example.org");
    std::vector<reservation> made_;
};

TEST_F(lists_test, a_customer_sees_the_newest_first) {
    reservation_query mine;
    mine.customer = ada_.id;
    EXPECT_EQ(pages(mine, 100), ids({4, 5, 3, 2, 1, 0}));
    EXPECT_EQ(pages(mine, 1), pages(mine, 100));
    EXPECT_EQ(pages(mine, 4), pages(mine, 100));
    mine.status = reservation_status::cancelled;
    EXPECT_EQ(pages(mine, 4), ids({5}));
    mine.restaurant = next_id<restaurant_id>();
    EXPECT_TRUE(pages(mine, 4).empty());
}

TEST_F(lists_test, staff_see_the_earliest_first_by_business_day) {
    reservation_query ours;
    ours.restaurant = place_.id;
    EXPECT_EQ(pages(ours, 100), ids({0, 1, 2, 3, 5, 6, 4}));
    EXPECT_EQ(pages(ours, 3), pages(ours, 100));
    ours.on = made_[4].date;
    EXPECT_EQ(pages(ours, 3), ids({4}));
    ours.on = std::nullopt;
    ours.to = made_[0].date;
    ours.status = reservation_status::confirmed;
    EXPECT_EQ(pages(ours, 3), ids({0, 1, 2, 3, 6}));
    ours.from = made_[4].date;
    EXPECT_TRUE(pages(ours, 3).empty());
}

TEST_F(lists_test, lines_say_who_and_where) {
    reservation_query ours;
    ours.restaurant = place_.id;
    const auto page = list(ours);
    ASSERT_EQ(page.size(), 7U);
    EXPECT_EQ(page[0].timezone, "Europe/Copenhagen");
    EXPECT_EQ(page[0].customer_name, "Ada Lovelace");
    EXPECT_EQ(page[0].customer_phone, "+45 12");
    EXPECT_EQ(page[0].what.special_requests, made_[0].special_requests);
    EXPECT_EQ(page[5].customer_name, "");  // whoever it was has gone
}

TEST_F(lists_test, a_reservation_is_found_for_its_customer_only) {
    const auto where = [&](const customer_id& who) {
        return ask<restaurant_id>(
            [&](auto done) { accounts_.restaurant_of(who, made_[0].id, std::move(done)); });
    };
    EXPECT_EQ(*where(ada_.id), place_.id);
    EXPECT_EQ(where(next_id<customer_id>()).error(), code(errc::not_found));
}

TEST_F(accounts_test, without_a_database_everything_is_unavailable) {
    loads_->close();
    EXPECT_EQ(create(make_customer("ada@example.org"), make_token()).error(),
              code(errc::database_unavailable));
    EXPECT_EQ(by_email("ada@example.org").error(), code(errc::database_unavailable));
}

}  // namespace

}  // namespace qtable::storage
