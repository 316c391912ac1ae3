// Sessions and passwords on a real database: renewals that race, tokens that come twice, letters with tokens.
#include "storage/store/accounts_purge.hpp"
#include "storage/store/session_loader.hpp"
#include "tests/integration/store/accounts_test.hpp"

namespace qtable::storage {

namespace {

constexpr account_kind customers = account_kind::customer;
const instant later = noon.plus_minutes(10);
const instant far = noon.plus_minutes(60 * 24);

class sessions_test : public accounts_test {
  protected:
    sessions_test() {
        EXPECT_TRUE(create(ada_, make_token()));
        EXPECT_TRUE(begin(first_, session_));
    }
    result<void> begin(const token_hash& token, const uuid& session) {
        return ask<void>([&](auto done) {
            accounts_.add_refresh_token({token, session, customers, ada_.id, far}, std::move(done));
        });
    }
    result<session_renewal> renew(const token_hash& used, const token_hash& next,
                                  account_kind kind = customers, instant now = later) {
        return ask<session_renewal>(
            [&](auto done) { accounts_.renew_session(kind, used, next, now, far, std::move(done)); });
    }
    result<std::vector<uuid>> end(std::optional<uuid> session, std::optional<token_hash> refresh,
                                  std::optional<uuid> account = std::nullopt) {
        return ask<std::vector<uuid>>([&](auto done) {
            accounts_.end_sessions(customers, account.value_or(ada_.id), session, refresh, later,
                                   std::move(done));
        });
    }
    result<void> give(email_token::purpose what, const token_hash& token) {
        return ask<void>([&](auto done) {
            accounts_.add_email_token({token, what, customers, ada_.id, noon, far},
                                      {next_uuid(), ada_.email, "Hello", "token", "cause"}, std::move(done));
        });
    }
    result<password_reset> reset(const token_hash& token, instant now = later) {
        return ask<password_reset>(
            [&](auto done) { accounts_.reset_password(customers, token, "new hash", now, std::move(done)); });
    }
    result<changed_customer> change(customer_change wanted) {
        wanted.id = ada_.id;
        return ask<changed_customer>(
            [&](auto done) { accounts_.change_customer(wanted, later, std::move(done)); });
    }

    const customer_account ada_ = make_customer("ada@example.org");
    const token_hash first_ = make_token();
    const uuid session_ = next_uuid();
};

TEST_F(sessions_test, a_renewal_uses_its_token_up) {
    const token_hash second = make_token();
    const auto renewed = renew(first_, second);
    ASSERT_TRUE(renewed);
    EXPECT_EQ(renewed->account, uuid(ada_.id));
    EXPECT_EQ(renewed->session, session_);
    EXPECT_FALSE(renewed->is_reuse);
    EXPECT_TRUE(renew(second, make_token()));
    EXPECT_EQ(renew(make_token(), make_token()).error(), code(errc::invalid_credentials));
}

TEST_F(sessions_test, a_used_token_ends_the_whole_session) {
    const token_hash second = make_token();
    ASSERT_TRUE(renew(first_, second));
    const auto again = renew(first_, make_token());
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->is_reuse);
    EXPECT_EQ(again->session, session_);
    EXPECT_EQ(renew(second, make_token()).error(), code(errc::invalid_credentials));
    EXPECT_EQ(renew(first_, make_token()).error(), code(errc::invalid_credentials));  // it has ended
    EXPECT_EQ(count("select count(*) from refresh_tokens"), 2);
}

TEST_F(sessions_test, other_kinds_and_expired_ones_get_nothing) {
    EXPECT_EQ(renew(first_, make_token(), account_kind::staff).error(), code(errc::invalid_credentials));
    EXPECT_EQ(renew(first_, make_token(), customers, far).error(), code(errc::invalid_credentials));
    EXPECT_TRUE(renew(first_, make_token()));
}

// On two connections at once, many times: one wins, and its session goes on.
TEST_F(sessions_test, of_two_renewals_at_once_one_succeeds) {
    accounts_store other(*writes_);
    for (int round = 0; round < 20; ++round) {
        const token_hash token = make_token(), one = make_token(), two = make_token();
        ASSERT_TRUE(begin(token, next_uuid()));
        std::vector<result<session_renewal>> answers;
        const auto keep = [&](result<session_renewal> got) { answers.push_back(std::move(got)); };
        sql_->exec("begin; select 1 from login_sessions for update");  // both wait for this
        accounts_.renew_session(customers, token, one, later, far, keep);
        other.renew_session(customers, token, two, later, far, keep);
        const auto waiting = [&] {
            return count("select count(*) from pg_stat_activity where wait_event_type = 'Lock'") == 2;
        };
        run_until(waiting);
        sql_->exec("commit");
        run_until([&] { return answers.size() == 2; });
        ASSERT_EQ(answers.size(), 2U);
        const auto wins = std::count_if(answers.begin(), answers.end(),
                                        [](const auto& each) { return each.has_value() && !each->is_reuse; });
        EXPECT_EQ(wins, 1);
        EXPECT_EQ(count("select count(*) from login_sessions where revoked_at is not null"), 0);
    }
}

TEST_F(sessions_test, an_end_is_of_the_own_sessions_and_may_be_repeated) {
    const token_hash other = make_token();
    ASSERT_TRUE(begin(other, next_uuid()));
    EXPECT_TRUE(end(session_, std::nullopt, next_uuid())->empty());
    EXPECT_EQ(*end(session_, std::nullopt), std::vector{session_});
    EXPECT_EQ(*end(session_, std::nullopt), std::vector{session_});
    EXPECT_EQ(renew(first_, make_token()).error(), code(errc::invalid_credentials));
    EXPECT_EQ(end(session_, other)->size(), 2U);
    EXPECT_EQ(renew(other, make_token()).error(), code(errc::invalid_credentials));

    std::vector<uuid> loaded;
    load_revoked(*sql_, noon, [&](const uuid& what, instant at) {
        loaded.push_back(what);
        EXPECT_EQ(at, later);
    });
    EXPECT_EQ(loaded.size(), 2U);
    loaded.clear();
    load_revoked(*sql_, later, [&](const uuid& what, instant) { loaded.push_back(what); });
    EXPECT_TRUE(loaded.empty());
}

TEST_F(sessions_test, a_reset_works_once_and_ends_every_session) {
    const token_hash earlier = make_token(), token = make_token();
    ASSERT_TRUE(give(email_token::purpose::reset, earlier));
    ASSERT_TRUE(give(email_token::purpose::reset, token));
    EXPECT_EQ(count("select count(*) from mail_outbox where cause = 'cause'"), 1);
    EXPECT_EQ(reset(earlier).error(), code(errc::invalid_token));  // void since the second one
    EXPECT_EQ(reset(token, far).error(), code(errc::invalid_token));
    const auto check = [&] {
        return ask<void>([&](auto done) { accounts_.check_reset(customers, token, later, std::move(done)); });
    };
    EXPECT_TRUE(check());
    const auto made = reset(token);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->email, ada_.email);
    EXPECT_EQ(made->ended_sessions, std::vector{session_});
    EXPECT_EQ(check().error(), code(errc::invalid_token));
    EXPECT_EQ(reset(token).error(), code(errc::invalid_token));
    EXPECT_EQ(renew(first_, make_token()).error(), code(errc::invalid_credentials));
    const auto found = by_email(ada_.email);
    EXPECT_EQ(found->password_hash, "new hash");
    EXPECT_TRUE(found->email_verified);
    EXPECT_EQ(found->version, 2);
}

TEST_F(sessions_test, a_verification_is_no_reset) {
    const token_hash token = make_token();
    ASSERT_TRUE(give(email_token::purpose::verification, token));
    EXPECT_EQ(reset(token).error(), code(errc::invalid_token));
    EXPECT_TRUE(verify(token, later)->email_verified);
}

TEST_F(sessions_test, a_change_is_of_the_version_that_was_seen) {
    customer_change wanted;
    wanted.phone = "";
    wanted.if_version = 2;
    EXPECT_EQ(change(wanted).error(), code(errc::precondition_failed));
    wanted.if_version = 1;
    const auto changed = change(wanted);
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->account.phone, "");
    EXPECT_EQ(changed->account.first_name, ada_.first_name);
    EXPECT_EQ(changed->account.version, 2);
    EXPECT_TRUE(changed->ended_sessions.empty());

    wanted.password_hash = "new hash";
    EXPECT_EQ(change(wanted).error(), code(errc::precondition_failed));
    EXPECT_EQ(count("select count(*) from login_sessions where revoked_at is not null"), 0);
    wanted.if_version.reset();
    EXPECT_EQ(change(wanted)->ended_sessions, std::vector{session_});
}

TEST_F(sessions_test, the_purge_takes_what_is_out_of_date_and_nothing_else) {
    ASSERT_TRUE(give(email_token::purpose::reset, make_token()));
    sql_->exec("update mail_outbox set sent_at = created_at where cause is null");
    ASSERT_TRUE(ask<void>([&](auto done) {
        accounts_.create_staff({next_id<staff_id>(), "grace@example.org", "", "", noon},
                               make_receipt(next_uuid()), std::move(done));
    }));
    instant now = noon;
    accounts_purge purge(io_, *loads_, [&] { return now; });
    const auto run = [&] {
        return wait_for<std::int64_t>([&](auto done) { purge.run(std::move(done)); }).value_or(-2);
    };
    EXPECT_EQ(run(), 0);
    now = far.plus_minutes(60 * 24 + 1);
    // The token and the session, both letters' tokens, the receipt.
    EXPECT_EQ(run(), 5);
    EXPECT_EQ(count("select count(*) from mail_outbox"), 2);
    now = noon.plus_ms(accounts_purge::mail_kept_ms + 1);
    EXPECT_EQ(run(), 1);  // the letter that was sent
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(count("select count(*) from customers"), 1);
}

}  // namespace

}  // namespace qtable::storage
