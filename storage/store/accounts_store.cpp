#include "storage/store/accounts_store.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"
#include "storage/store/accounts_rows.hpp"
#include "storage/store/replicated.hpp"

namespace qtable::storage {

namespace {

constexpr statement insert_customer{"insert_customer",
                                    "insert into customers (id, email, password_hash, first_name, last_name, "
                                    "phone, email_verified, created_at, "
                                    "updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)"};
constexpr statement insert_verification{
    "insert_verification",
    "insert into email_tokens (hash, purpose, customer_id, created_at, expires_at) "
    "values ($1, 'verification', $2, $3, $4)"};
constexpr statement insert_staff{"insert_staff",
                                 "insert into staff (id, email, password_hash, full_name, created_at, "
                                 "updated_at) values ($1, $2, $3, $4, $5, $5)"};

constexpr statement find_customer_by_email{
    "customer_by_email",
    "select " QTABLE_CUSTOMER_COLUMNS
    " from customers c where lower(c.email collate \"C\") = lower($1::text collate \"C\") "
    "and c.deleted_at is null"};
constexpr statement find_customer_by_id{"customer_by_id",
                                        "select " QTABLE_CUSTOMER_COLUMNS
                                        " from customers c where c.id = $1 and c.deleted_at is null"};
constexpr statement find_staff_by_email{
    "staff_by_email", "select " QTABLE_STAFF_COLUMNS
                      " from staff where lower(email collate \"C\") = lower($1::text collate \"C\") "
                      "and deleted_at is null"};
constexpr statement find_staff_by_id{
    "staff_by_id", "select " QTABLE_STAFF_COLUMNS " from staff where id = $1 and deleted_at is null"};

constexpr statement use_verification{
    "use_verification",
    "with used as (update email_tokens set used_at = $2 where hash = $1 and purpose = 'verification' "
    "and used_at is null and expires_at > $2 returning customer_id) "
    "update customers c set email_verified = true, updated_at = $2, version = c.version + 1 from used "
    "where c.id = used.customer_id"};
constexpr statement find_verified{
    "find_verified", "select " QTABLE_CUSTOMER_COLUMNS
                     " from email_tokens t join customers c on c.id = t.customer_id where t.hash = $1 "
                     "and t.purpose = 'verification' and t.used_at is not null and c.email_verified "
                     "and c.deleted_at is null"};

constexpr statement select_receipt{
    "find_receipt", "select body_hash, status, body, location, version, at, " QTABLE_ONCE_REPLICATED
                    " from idempotency_receipts "
                    "where actor_id = $1 and route = $2 and key = $3"};

}  // namespace

void accounts_store::create_customer(customer_account account, token_hash verification, instant expires_at,
                                     mail letter, std::optional<receipt_row> receipt, callback<void> done) {
    unit work;
    add_receipt(work, receipt);
    work.add(insert_customer, std::move(params()
                                            .add(account.id)
                                            .add(account.email)
                                            .add(account.password_hash)
                                            .add(account.first_name)
                                            .add(account.last_name)
                                            .add(account.phone)
                                            .add(account.email_verified)
                                            .add(account.created_at)));
    work.add(
        insert_verification,
        std::move(
            params().add(byte_view(verification)).add(account.id).add(account.created_at).add(expires_at)));
    add_letter(work, letter, account.created_at);
    database_.submit(std::move(work), [done = std::move(done), on_mail = on_mail_](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        if (on_mail) on_mail();
        done({});
    });
}

void accounts_store::create_staff(staff_account account, std::optional<receipt_row> receipt,
                                  callback<void> done) {
    unit work;
    add_receipt(work, receipt);
    work.add(insert_staff, std::move(params()
                                         .add(account.id)
                                         .add(account.email)
                                         .add(account.password_hash)
                                         .add(account.full_name)
                                         .add(account.created_at)));
    database_.submit(std::move(work), [done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        done({});
    });
}

void accounts_store::customer_by_email(std::string email, callback<customer_account> done) {
    unit work;
    work.add(find_customer_by_email, std::move(params().add(email)));
    database_.submit(std::move(work), first_row(read_customer, errc::not_found, std::move(done)));
}

void accounts_store::staff_by_email(std::string email, callback<staff_account> done) {
    unit work;
    work.add(find_staff_by_email, std::move(params().add(email)));
    database_.submit(std::move(work), first_row(read_staff, errc::not_found, std::move(done)));
}

void accounts_store::customer_by_id(customer_id id, callback<customer_account> done) {
    unit work;
    work.add(find_customer_by_id, std::move(params().add(id)));
    database_.submit(std::move(work), first_row(read_customer, errc::not_found, std::move(done)));
}

void accounts_store::staff_by_id(staff_id id, callback<staff_account> done) {
    unit work;
    work.add(find_staff_by_id, std::move(params().add(id)));
    database_.submit(std::move(work), first_row(read_staff, errc::not_found, std::move(done)));
}

void accounts_store::verify_email(token_hash token, instant now, callback<customer_account> done) {
    unit work;
    work.add(use_verification, std::move(params().add(byte_view(token)).add(now)));
    work.add(find_verified, std::move(params().add(byte_view(token))));
    database_.submit(std::move(work), first_row(read_customer, errc::invalid_token, std::move(done)));
}

void accounts_store::find_receipt(uuid actor, std::string route, std::string key,
                                  callback<std::optional<receipt_row>> done) {
    unit work;
    work.add(select_receipt, std::move(params().add(actor).add(route).add(key)));
    receipt_request request{actor, std::move(route), std::move(key), {}};
    database_.submit(std::move(work),
                     [request = std::move(request), done = std::move(done)](const unit_result& got) {
                         if (!got.committed()) return done(failure_of(got));
                         if (got.results[0].empty()) return done(std::optional<receipt_row>());
                         const row from = got.results[0][0];
                         receipt_row found{request,
                                           from.get<std::int32_t>(1),
                                           from.get<std::string>(2),
                                           from.get<std::string>(3),
                                           from.get<std::int64_t>(4),
                                           from.get<instant>(5)};
                         const byte_view hash = from.get<byte_view>(0);
                         QTABLE_ASSERT(hash.size() == found.request.body_hash.size());
                         std::copy(hash.begin(), hash.end(), found.request.body_hash.begin());
                         done(std::optional(std::move(found)));
                     });
}

}  // namespace qtable::storage
