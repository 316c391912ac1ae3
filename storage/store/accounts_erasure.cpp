// The erasure of a customer: everything personal goes in one transaction. Rows that others count or refer to
// stay, emptied. The owners of the restaurants concerned have forgotten the customer before.
#include <utility>

#include "storage/store/accounts_rows.hpp"
#include "storage/store/accounts_store.hpp"

namespace qtable::storage {

namespace {

constexpr statement lock_customer{"lock_customer",
                                  "select id from customers where id = $1 and deleted_at is null for update"};
constexpr statement end_all_sessions{"end_all_sessions",
                                     "update login_sessions set revoked_at = coalesce(revoked_at, $2) "
                                     "where customer_id = $1 returning id"};
constexpr statement delete_mails{"delete_mails",
                                 "delete from mail_outbox m using customers c where c.id = $1 "
                                 "and lower(m.recipient collate \"C\") = lower(c.email collate \"C\")"};
constexpr statement delete_refresh_tokens{"delete_refresh_tokens",
                                          "delete from refresh_tokens where customer_id = $1"};
constexpr statement delete_email_tokens{"delete_email_tokens",
                                        "delete from email_tokens where customer_id = $1"};
constexpr statement delete_receipts{"delete_receipts",
                                    "delete from idempotency_receipts where actor_id in ($1, $2)"};
// The logs of the restaurants concerned are read whole.
constexpr std::int64_t timeout_ms = 60'000;

// The log is kept as text: its members stay in their order.
constexpr statement empty_events{
    "empty_events",
    "with own as (select id, restaurant_id from customer_reservations where customer_id = $1), "
    "places as (select restaurant_id from own union select restaurant_id from guests where customer_id = $1) "
    "update restaurant_events e set data = (select json_object_agg(key, case "
    "when key in ('special_requests', 'phone', 'notes', 'text') then 'null'::json "
    "when key = 'name' and e.type like 'guest%' then '\"\"'::json else value end)::text "
    "from json_each(e.data::json)) "
    "from places p where e.restaurant_id = p.restaurant_id and (strpos(e.data, $2) > 0 "
    "or (e.type like 'guest%' and e.data::json ->> 'reservation_id' in (select id::text from own)))"};
constexpr statement empty_guests{
    "empty_guests",
    "update guests g set name = '', phone = '', notes = '' where customer_id = $1 "
    "or (restaurant_id, reservation_id) in "
    "(select restaurant_id, id from customer_reservations where customer_id = $1)"};
constexpr statement empty_reservations{"empty_reservations",
                                       "update customer_reservations set special_requests = '' "
                                       "where customer_id = $1 and special_requests <> ''"};
constexpr statement empty_reviews{"empty_reviews", "update reviews set text = '' where customer_id = $1"};
// The address is nobody's: no domain is called "invalid" (RFC 2606), and no text is the same id twice.
constexpr statement empty_customer{
    "empty_customer",
    "update customers set email = 'erased-' || id || '@erased.invalid', password_hash = '', first_name = '', "
    "last_name = '', phone = '', email_verified = false, updated_at = $2, deleted_at = $2, "
    "version = version + 1 where id = $1 and deleted_at is null"};

}  // namespace

void accounts_store::erase_customer(customer_id customer, uuid email_actor, instant now,
                                    callback<std::vector<uuid>> done) {
    const auto of_customer = [&] { return std::move(params().add(customer)); };
    unit work;
    work.timeout_ms = timeout_ms;
    work.add(lock_customer, of_customer());
    work.add(end_all_sessions, std::move(params().add(customer).add(now)));
    work.add(delete_mails, of_customer());
    work.add(delete_refresh_tokens, of_customer());
    work.add(delete_email_tokens, of_customer());
    work.add(delete_receipts, std::move(params().add(customer).add(email_actor)));
    work.add(empty_events, std::move(params().add(customer).add(to_string(customer))));
    work.add(empty_guests, of_customer());
    work.add(empty_reservations, of_customer());
    work.add(empty_reviews, of_customer());
    work.add(empty_customer, std::move(params().add(customer).add(now)));
    database_.submit(std::move(work), [done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        if (got.results[0].empty()) return done(errc::not_found);
        done(read_ids(got.results[1]));
    });
}

}  // namespace qtable::storage
