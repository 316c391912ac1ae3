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
    void add_refresh_token(refresh_token token, callback<void> done) override;
    void find_receipt(uuid actor, std::string route, std::string key,
                      callback<std::optional<receipt_row>> done) override;
    void list_reservations(reservation_query query, callback<std::vector<listed_reservation>> done) override;
    void restaurant_of(customer_id customer, reservation_id id, callback<restaurant_id> done) override;

  private:
    pg_connection& database_;
    std::function<void()> on_mail_;
};

}  // namespace qtable::storage
