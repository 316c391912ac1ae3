// Accounts, mail and lists: what is cold and lives in the database, as the rest of the server sees it. One
// per core. Every call is answered exactly once, on the calling core, never from inside the call;
// `database_unavailable` when the database is away. Passwords and tokens come here hashed.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/engine/batch.hpp"
#include "core/model/reservation.hpp"

namespace qtable {

using token_hash =
    std::array<std::uint8_t, 32>;  // SHA-256 of a random token: the token itself is stored nowhere

struct customer_account {
    customer_id id;
    std::string email;  // as written; unique without regard to ASCII case
    std::string password_hash;
    std::string first_name;
    std::string last_name;
    std::string phone;
    bool email_verified = false;
    instant created_at;
};

struct staff_account {
    staff_id id;
    std::string email;
    std::string password_hash;
    std::string full_name;
    instant created_at;
};

struct mail {
    uuid id;
    std::string recipient;
    std::string subject;
    std::string text;
};

struct refresh_token {
    token_hash hash{};
    uuid family;
    bool is_staff = false;
    uuid account;
    instant expires_at;
};

struct list_cursor {
    instant starts_at;
    reservation_id id;
};

// Newest start first for customers, earliest first for staff. `limit` + 1 rows are asked for by whoever
// pages.
struct reservation_query {
    std::optional<customer_id> customer;
    std::optional<restaurant_id> restaurant;
    std::optional<reservation_status> status;
    std::optional<date> on;
    std::optional<date> from;
    std::optional<date> to;
    std::optional<list_cursor> after;
    int limit = 20;
};

struct listed_reservation {
    reservation what;
    std::string timezone;       // of its restaurant
    std::string customer_name;  // for staff
    std::string customer_phone;
};

class accounts {
  public:
    template <class T>
    using callback = std::function<void(result<T>)>;

    virtual ~accounts() = default;

    // Account, verification token, mail and receipt in one transaction. `email_taken`.
    virtual void create_customer(customer_account account, token_hash verification, instant expires_at,
                                 mail letter, std::optional<receipt_row> receipt, callback<void> done) = 0;
    // `email_taken`.
    virtual void create_staff(staff_account account, std::optional<receipt_row> receipt,
                              callback<void> done) = 0;
    // `not_found`; the e-mail in any case.
    virtual void customer_by_email(std::string email, callback<customer_account> done) = 0;
    virtual void staff_by_email(std::string email, callback<staff_account> done) = 0;
    virtual void customer_by_id(customer_id id, callback<customer_account> done) = 0;
    virtual void staff_by_id(staff_id id, callback<staff_account> done) = 0;
    // Uses the token up. `invalid_token` when it is unknown, used or expired; again with the same token of a
    // customer who is verified: the customer again.
    virtual void verify_email(token_hash token, instant now, callback<customer_account> done) = 0;
    virtual void add_refresh_token(refresh_token token, callback<void> done) = 0;

    // The stored receipt of a key, if any; not one of other actors.
    virtual void find_receipt(uuid actor, std::string route, std::string key,
                              callback<std::optional<receipt_row>> done) = 0;
    virtual void list_reservations(reservation_query query,
                                   callback<std::vector<listed_reservation>> done) = 0;
    // Which restaurant a customer's reservation is at; `not_found` for another's.
    virtual void restaurant_of(customer_id customer, reservation_id id, callback<restaurant_id> done) = 0;
};

}  // namespace qtable
