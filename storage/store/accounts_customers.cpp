// What customers change about themselves and what is held of them, of the accounts port.
#include <utility>

#include "storage/store/accounts_rows.hpp"
#include "storage/store/accounts_store.hpp"
#include "storage/store/guest_rows.hpp"

namespace qtable::storage {

namespace {

constexpr statement change{
    "change_customer",
    "with c as (update customers set first_name = coalesce($2, first_name), "
    "last_name = coalesce($3, last_name), phone = coalesce($4, phone), "
    "password_hash = coalesce($5, password_hash), updated_at = $6, version = version + 1 "
    "where id = $1 and deleted_at is null and ($7::bigint is null or version = $7) returning *), "
    "ended as (update login_sessions s set revoked_at = $6 from c where $5::text is not null "
    "and s.customer_id = c.id and s.revoked_at is null returning s.id), "
    "voided as (delete from email_tokens t using c where $5::text is not null and t.customer_id = c.id "
    "and t.purpose = 'reset' and t.used_at is null) "
    "select " QTABLE_CUSTOMER_COLUMNS ", array(select id from ended) from c"};
constexpr statement customer_exists{"customer_exists",
                                    "select 1 from customers where id = $1 and deleted_at is null"};

constexpr statement held_sessions{
    "held_sessions",
    "select created_at, renewed_at, revoked_at from login_sessions where customer_id = $1 "
    "order by created_at desc limit $2"};
constexpr statement held_reviews{
    "held_reviews",
    "select reservation_id, restaurant_id, customer_id, rating, text, created_at from reviews "
    "where customer_id = $1 order by created_at desc limit $2"};
constexpr statement held_guests{"held_guests", "select " QTABLE_GUEST_COLUMNS
                                               " from guests where customer_id = $1 "
                                               "and deleted_at is null order by created_at desc limit $2"};

held_session read_session(const row& from) {
    return {from.get<instant>(0), from.get<instant>(1), from.get<std::optional<instant>>(2)};
}

review read_review(const row& from) {
    return {from.get<reservation_id>(0), from.get<restaurant_id>(1), from.get<customer_id>(2),
            from.get<std::int16_t>(3),   from.get<std::string>(4),   from.get<instant>(5)};
}

}  // namespace

void accounts_store::change_customer(customer_change wanted, instant now, callback<changed_customer> done) {
    unit work;
    work.add(change, std::move(params()
                                   .add(wanted.id)
                                   .add(wanted.first_name)
                                   .add(wanted.last_name)
                                   .add(wanted.phone)
                                   .add(wanted.password_hash)
                                   .add(now)
                                   .add(wanted.if_version)));
    work.add(customer_exists, std::move(params().add(wanted.id)));
    database_.submit(std::move(work), [done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        if (got.results[1].empty()) return done(errc::not_found);
        if (got.results[0].empty()) return done(errc::precondition_failed);
        const row changed = got.results[0][0];
        done(changed_customer{read_customer(changed), changed.get<std::vector<uuid>>(customer_columns)});
    });
}

void accounts_store::holdings_of(customer_id customer, callback<customer_holdings> done) {
    unit work;
    for (const statement& each : {held_sessions, held_reviews, held_guests})
        work.add(each, std::move(params().add(customer).add(std::int64_t{held_rows_max})));
    database_.submit(std::move(work), [done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        customer_holdings held;
        for (const row each : got.results[0]) held.sessions.push_back(read_session(each));
        for (const row each : got.results[1]) held.reviews.push_back(read_review(each));
        for (const row each : got.results[2])
            held.guests.push_back({each.get<restaurant_id>(1), read_guest(each)});
        done(std::move(held));
    });
}

}  // namespace qtable::storage
