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
#include "core/model/guest.hpp"
#include "core/model/reservation.hpp"
#include "core/model/restaurant.hpp"
#include "core/model/review.hpp"

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
    std::int64_t version = 1;
};

struct staff_account {
    staff_id id;
    std::string email;
    std::string password_hash;
    std::string full_name;
    instant created_at;
};

enum class account_kind : std::uint8_t { customer, staff };

struct mail {
    uuid id;
    std::string recipient;
    std::string subject;
    std::string text;
    std::string cause;  // what it is sent for: one letter per cause; empty = always one
};

// A session is all that grows out of one login: refresh tokens, each good for one renewal, and the access
// tokens that name the session. It ends as a whole.
struct refresh_token {
    token_hash hash{};
    uuid family;  // the session
    account_kind kind = account_kind::customer;
    uuid account;
    instant expires_at;
};

struct session_renewal {
    uuid account;
    uuid session;
    // A used token came again: somebody else has it, so the session was ended, and nothing renewed.
    bool is_reuse = false;
};

struct email_token {
    enum class purpose { verification, reset };
    token_hash hash{};
    purpose what = purpose::verification;
    account_kind kind = account_kind::customer;
    uuid account;
    instant created_at;
    instant expires_at;
};

// What a new password ended.
struct password_reset {
    uuid account;
    std::string email;
    std::vector<uuid> ended_sessions;
};

struct customer_change {
    customer_id id;
    std::optional<std::string> first_name;
    std::optional<std::string> last_name;
    std::optional<std::string> phone;
    std::optional<std::string> password_hash;  // ends every session
    std::optional<std::int64_t> if_version;
};

struct changed_customer {
    customer_account account;
    std::vector<uuid> ended_sessions;
};

// What is held of a customer besides account and reservations; newest first, at most `held_rows_max` of each.
constexpr int held_rows_max = 5'000;
struct held_session {
    instant created_at;
    instant renewed_at;
    std::optional<instant> ended_at;
};
struct held_guest {
    restaurant_id restaurant;
    guest what;
};
struct customer_holdings {
    std::vector<held_session> sessions;
    std::vector<review> reviews;
    std::vector<held_guest> guests;
};

struct staff_membership {
    restaurant_id restaurant;
    std::string name;  // the restaurant's
    staff_role role = staff_role::host;
};

// Of somebody who has no staff account yet. At most `open_invitations_max` at a restaurant.
constexpr int open_invitations_max = 100;
struct staff_invitation {
    uuid id;
    restaurant_id restaurant;
    std::string email;
    staff_role role = staff_role::host;
    staff_id invited_by;
    instant created_at;
    instant expires_at;
    std::optional<staff_id> accepted_by;
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

    // ---- sessions
    // Begins a session with its first token.
    virtual void add_refresh_token(refresh_token token, callback<void> done) = 0;
    // Uses `used` up for `next`: of those who try at once exactly one succeeds. `invalid_credentials` when it
    // is unknown, expired, of an ended session, or was just used by another of them.
    virtual void renew_session(account_kind kind, token_hash used, token_hash next, instant now,
                               instant expires_at, callback<session_renewal> done) = 0;
    // That session of the account, and the one of that refresh token; answers what ended by now.
    virtual void end_sessions(account_kind kind, uuid account, std::optional<uuid> session,
                              std::optional<token_hash> refresh, instant now,
                              callback<std::vector<uuid>> done) = 0;

    // ---- letters with a token
    // Token and letter in one transaction; earlier ones of that purpose are void.
    virtual void add_email_token(email_token token, mail letter, callback<void> done) = 0;
    // `invalid_token` unless it is good for a reset now.
    virtual void check_reset(account_kind kind, token_hash token, instant now, callback<void> done) = 0;
    // Uses the token up. Ends every session of the account. `invalid_token`.
    virtual void reset_password(account_kind kind, token_hash token, std::string password_hash, instant now,
                                callback<password_reset> done) = 0;

    // ---- a customer's own
    // `not_found`, `precondition_failed`.
    virtual void change_customer(customer_change change, instant now, callback<changed_customer> done) = 0;
    virtual void holdings_of(customer_id customer, callback<customer_holdings> done) = 0;
    // Everything personal goes, in one transaction; counts, ratings and ids stay. `email_actor`: the actor of
    // receipts from before the account. Answers the sessions that ended. `not_found` when it is gone already.
    virtual void erase_customer(customer_id customer, uuid email_actor, instant now,
                                callback<std::vector<uuid>> done) = 0;

    // ---- who works where
    virtual void memberships_of(staff_id staff, callback<std::vector<staff_membership>> done) = 0;
    virtual void staff_accounts(std::vector<staff_id> of, callback<std::vector<staff_account>> done) = 0;
    // Takes the place of an earlier one to the same address, unless that one is for an owner and
    // `may_touch_owners` is false: `forbidden`. `limit_reached`. With letter and receipt in one transaction.
    virtual void create_invitation(staff_invitation invitation, token_hash token, bool may_touch_owners,
                                   mail letter, std::optional<receipt_row> receipt, callback<void> done) = 0;
    // Open ones, by address.
    virtual void invitations_of(restaurant_id restaurant, instant now,
                                callback<std::vector<staff_invitation>> done) = 0;
    // An open or accepted one; `invalid_token`.
    virtual void find_invitation(token_hash token, instant now, callback<staff_invitation> done) = 0;
    virtual void accept_invitation(uuid invitation, staff_id by, instant now, callback<void> done) = 0;
    // `not_found`; `forbidden` for an owner's unless `may_touch_owners`.
    virtual void delete_invitation(restaurant_id restaurant, uuid invitation, bool may_touch_owners,
                                   callback<void> done) = 0;

    // ---- receipts and lists
    // The stored receipt of a key, if any; not one of other actors.
    virtual void find_receipt(uuid actor, std::string route, std::string key,
                              callback<std::optional<receipt_row>> done) = 0;
    virtual void list_reservations(reservation_query query,
                                   callback<std::vector<listed_reservation>> done) = 0;
    // Which restaurant a customer's reservation is at; `not_found` for another's.
    virtual void restaurant_of(customer_id customer, reservation_id id, callback<restaurant_id> done) = 0;
};

}  // namespace qtable
