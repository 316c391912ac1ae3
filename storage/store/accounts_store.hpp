// Core's accounts over PostgreSQL: customers, staff, their tokens, stored receipts and lists of reservations.
// Owner: the core of its connection; see core/engine/accounts.hpp for the calls. The connection must outlive
// it, and answers what is open when it closes. Keeps no state of its own. A receipt that another node stored
// meanwhile is `idempotency_in_progress`: the client's next try finds it.
#pragma once

#include <functional>

#include "core/engine/accounts.hpp"
#include "storage/pg/pg_connection.hpp"

namespace qtable::storage {

class accounts_store final : public accounts {
  public:
    explicit accounts_store(pg_connection& database) : database_(database) {}
    // Called after a commit that left a letter in the outbox: `mail_outbox::kick` hangs here.
    void on_mail(std::function<void()> left) { on_mail_ = std::move(left); }

    void create_customer(customer_account account, token_hash verification, instant expires_at, mail letter,
                         std::optional<receipt_row> receipt, callback<void> done) override;
    void create_staff(staff_account account, std::optional<receipt_row> receipt,
                      callback<void> done) override;
    void customer_by_email(std::string email, callback<customer_account> done) override;
    void staff_by_email(std::string email, callback<staff_account> done) override;
    void customer_by_id(customer_id id, callback<customer_account> done) override;
    void staff_by_id(staff_id id, callback<staff_account> done) override;
    void verify_email(token_hash token, instant now, callback<customer_account> done) override;
    // accounts_sessions.cpp
    void add_refresh_token(refresh_token token, callback<void> done) override;
    void renew_session(account_kind kind, token_hash used, token_hash next, instant now, instant expires_at,
                       callback<session_renewal> done) override;
    void end_sessions(account_kind kind, uuid account, std::optional<uuid> session,
                      std::optional<token_hash> refresh, instant now,
                      callback<std::vector<uuid>> done) override;
    // accounts_passwords.cpp
    void add_email_token(email_token token, mail letter, callback<void> done) override;
    void check_reset(account_kind kind, token_hash token, instant now, callback<void> done) override;
    void reset_password(account_kind kind, token_hash token, std::string password_hash, instant now,
                        callback<password_reset> done) override;
    // accounts_customers.cpp, accounts_erasure.cpp
    void change_customer(customer_change change, instant now, callback<changed_customer> done) override;
    void holdings_of(customer_id customer, callback<customer_holdings> done) override;
    void erase_customer(customer_id customer, uuid email_actor, instant now,
                        callback<std::vector<uuid>> done) override;
    // accounts_staff.cpp
    void memberships_of(staff_id staff, callback<std::vector<staff_membership>> done) override;
    void staff_accounts(std::vector<staff_id> of, callback<std::vector<staff_account>> done) override;
    void create_invitation(staff_invitation invitation, token_hash token, bool may_touch_owners, mail letter,
                           std::optional<receipt_row> receipt, callback<void> done) override;
    void invitations_of(restaurant_id restaurant, instant now,
                        callback<std::vector<staff_invitation>> done) override;
    void find_invitation(token_hash token, instant now, callback<staff_invitation> done) override;
    void accept_invitation(uuid invitation, staff_id by, instant now, callback<void> done) override;
    void delete_invitation(restaurant_id restaurant, uuid invitation, bool may_touch_owners,
                           callback<void> done) override;

    void find_receipt(uuid actor, std::string route, std::string key,
                      callback<std::optional<receipt_row>> done) override;
    // reservation_lists.cpp
    void list_reservations(reservation_query query, callback<std::vector<listed_reservation>> done) override;
    void restaurant_of(customer_id customer, reservation_id id, callback<restaurant_id> done) override;

  private:
    pg_connection& database_;
    std::function<void()> on_mail_;
};

}  // namespace qtable::storage
