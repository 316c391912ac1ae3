// Letters with a token, and what such a token is good for, of the accounts port.
#include <utility>

#include "storage/store/accounts_rows.hpp"
#include "storage/store/accounts_store.hpp"

namespace qtable::storage {

namespace {

constexpr statement void_earlier{
    "void_email_tokens",
    "delete from email_tokens where coalesce(customer_id, staff_id) = $1 and purpose = $2 "
    "and used_at is null and (customer_id = $1 or staff_id = $1)"};
constexpr statement insert_email_token{
    "insert_email_token",
    "insert into email_tokens (hash, purpose, customer_id, staff_id, created_at, expires_at) "
    "values ($1, $2, $3, $4, $5, $6)"};

constexpr statement find_reset{"find_reset",
                               "select 1 from email_tokens where hash = $1 and purpose = 'reset' "
                               "and used_at is null and expires_at > $2 and (staff_id is not null) = $3"};

// Who has the letter has the mailbox: the address is verified by it.
constexpr statement reset_customer{
    "reset_customer_password",
    "with used as (update email_tokens set used_at = $2 where hash = $1 and purpose = 'reset' "
    "and used_at is null and expires_at > $2 and customer_id is not null returning customer_id), "
    "ended as (update login_sessions s set revoked_at = $2 from used "
    "where s.customer_id = used.customer_id and s.revoked_at is null returning s.id) "
    "update customers c set password_hash = $3, email_verified = true, updated_at = $2, "
    "version = c.version + 1 from used where c.id = used.customer_id and c.deleted_at is null "
    "returning c.id, c.email, array(select id from ended)"};
constexpr statement reset_staff{
    "reset_staff_password",
    "with used as (update email_tokens set used_at = $2 where hash = $1 and purpose = 'reset' "
    "and used_at is null and expires_at > $2 and staff_id is not null returning staff_id), "
    "ended as (update login_sessions s set revoked_at = $2 from used "
    "where s.staff_id = used.staff_id and s.revoked_at is null returning s.id) "
    "update staff a set password_hash = $3, updated_at = $2, version = a.version + 1 from used "
    "where a.id = used.staff_id and a.deleted_at is null "
    "returning a.id, a.email, array(select id from ended)"};

std::string_view word_of(email_token::purpose what) {
    return what == email_token::purpose::reset ? "reset" : "verification";
}

}  // namespace

void accounts_store::add_email_token(email_token token, mail letter, callback<void> done) {
    const bool is_staff = token.kind == account_kind::staff;
    const std::optional<uuid> account = token.account;
    unit work;
    work.add(void_earlier, std::move(params().add(token.account).add(word_of(token.what))));
    work.add(insert_email_token, std::move(params()
                                               .add(byte_view(token.hash))
                                               .add(word_of(token.what))
                                               .add(is_staff ? std::nullopt : account)
                                               .add(is_staff ? account : std::nullopt)
                                               .add(token.created_at)
                                               .add(token.expires_at)));
    add_letter(work, letter, token.created_at);
    database_.submit(std::move(work), [done = std::move(done), on_mail = on_mail_](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        if (on_mail) on_mail();
        done({});
    });
}

void accounts_store::check_reset(account_kind kind, token_hash token, instant now, callback<void> done) {
    unit work;
    work.add(find_reset, std::move(params().add(byte_view(token)).add(now).add(kind == account_kind::staff)));
    database_.submit(std::move(work), [done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        if (got.results[0].empty()) return done(errc::invalid_token);
        done({});
    });
}

void accounts_store::reset_password(account_kind kind, token_hash token, std::string password_hash,
                                    instant now, callback<password_reset> done) {
    unit work;
    work.add(kind == account_kind::staff ? reset_staff : reset_customer,
             std::move(params().add(byte_view(token)).add(now).add(password_hash)));
    const auto read = [](const row& from) {
        return password_reset{from.get<uuid>(0), from.get<std::string>(1), from.get<std::vector<uuid>>(2)};
    };
    database_.submit(std::move(work), first_row(read, errc::invalid_token, std::move(done)));
}

}  // namespace qtable::storage
