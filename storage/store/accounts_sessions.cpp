// Sessions of the accounts port: one row each, at which renewals and endings wait for each other.
#include <utility>

#include "storage/store/accounts_rows.hpp"
#include "storage/store/accounts_store.hpp"

namespace qtable::storage {

namespace {

constexpr statement insert_session{
    "insert_session",
    "with session as (insert into login_sessions (id, customer_id, staff_id, created_at, renewed_at, "
    "expires_at) values ($2, $3, $4, now(), now(), $5)) "
    "insert into refresh_tokens (hash, family, customer_id, staff_id, created_at, expires_at) "
    "values ($1, $2, $3, $4, now(), $5)"};

// `seen` is what stood there when the statement began: a token that was used by then comes a second time, and
// its session ends. Of two that find it unused, one waits at the session's row and then finds it used: that
// one gets nothing, and the other one's session goes on.
constexpr statement renew{
    "renew_session",
    "with seen as (select family, used_at, customer_id, staff_id from refresh_tokens "
    "where hash = $1 and (staff_id is not null) = $5), "
    "held as (update login_sessions s set renewed_at = $2, expires_at = $4 from seen "
    "where s.id = seen.family and seen.used_at is null and s.revoked_at is null and s.expires_at > $2 "
    "returning s.id), "
    "used as (update refresh_tokens t set used_at = $2 from held where t.hash = $1 and t.family = held.id "
    "and t.used_at is null and t.expires_at > $2 returning t.family, t.customer_id, t.staff_id), "
    "made as (insert into refresh_tokens (hash, family, customer_id, staff_id, created_at, expires_at) "
    "select $3, family, customer_id, staff_id, $2, $4 from used "
    "returning coalesce(customer_id, staff_id) as account, family), "
    "stolen as (update login_sessions s set revoked_at = $2 from seen where s.id = seen.family "
    "and seen.used_at is not null and s.revoked_at is null "
    "returning coalesce(s.customer_id, s.staff_id) as account, s.id) "
    "select account, family, false from made union all select account, id, true from stolen"};

constexpr statement end_session{
    "end_sessions",
    "update login_sessions set revoked_at = coalesce(revoked_at, $5) "
    "where (case when $1 then staff_id else customer_id end) = $2 "
    "and (id = $3 or id = (select family from refresh_tokens where hash = $4)) returning id"};

}  // namespace

void accounts_store::add_refresh_token(refresh_token token, callback<void> done) {
    const bool is_staff = token.kind == account_kind::staff;
    const std::optional<uuid> account = token.account;
    unit work;
    work.add(insert_session, std::move(params()
                                           .add(byte_view(token.hash))
                                           .add(token.family)
                                           .add(is_staff ? std::nullopt : account)
                                           .add(is_staff ? account : std::nullopt)
                                           .add(token.expires_at)));
    database_.submit(std::move(work), nothing_but_done(std::move(done)));
}

void accounts_store::renew_session(account_kind kind, token_hash used, token_hash next, instant now,
                                   instant expires_at, callback<session_renewal> done) {
    unit work;
    work.add(renew, std::move(params()
                                  .add(byte_view(used))
                                  .add(now)
                                  .add(byte_view(next))
                                  .add(expires_at)
                                  .add(kind == account_kind::staff)));
    const auto read = [](const row& from) {
        return session_renewal{from.get<uuid>(0), from.get<uuid>(1), from.get<bool>(2)};
    };
    database_.submit(std::move(work), first_row(read, errc::invalid_credentials, std::move(done)));
}

void accounts_store::end_sessions(account_kind kind, uuid account, std::optional<uuid> session,
                                  std::optional<token_hash> refresh, instant now,
                                  callback<std::vector<uuid>> done) {
    std::optional<byte_view> hash;
    if (refresh) hash = byte_view(*refresh);
    unit work;
    work.add(
        end_session,
        std::move(params().add(kind == account_kind::staff).add(account).add(session).add(hash).add(now)));
    database_.submit(std::move(work), [done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        done(read_ids(got.results[0]));
    });
}

}  // namespace qtable::storage
