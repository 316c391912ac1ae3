// Core's records over PostgreSQL: reservations by id, histories, the activity list, reviews, whose guests are
// whose. Reads only. Owner: the core of its connection; see core/engine/records.hpp for the calls. The
// connection must outlive it, and answers what is open when it closes. Keeps no state of its own. What was
// deleted doesn't show: a guest, or anything of a restaurant that is gone.
#pragma once

#include "core/engine/records.hpp"
#include "storage/pg/pg_connection.hpp"

namespace qtable::storage {

class records_store final : public records {
  public:
    explicit records_store(pg_connection& database) : database_(database) {}

    void reservation_of_customer(customer_id customer, reservation_id id,
                                 callback<listed_reservation> done) override;
    void reservation_at(restaurant_id restaurant, reservation_id id,
                        callback<listed_reservation> done) override;
    void history(restaurant_id restaurant, uuid subject, callback<std::vector<logged_event>> done) override;
    void activity(restaurant_id restaurant, std::optional<std::int64_t> before_seq,
                  std::optional<uuid> subject, int limit, callback<std::vector<activity_line>> done) override;
    void reviews(restaurant_id restaurant, std::optional<list_cursor> after, int limit,
                 callback<std::vector<listed_review>> done) override;
    void customer_names(std::vector<customer_id> of, callback<std::vector<person_name>> done) override;
    void guest_of_customer(customer_id customer, guest_id id, callback<guest_place> done) override;
    void open_guests_of(customer_id customer, callback<std::vector<guest_place>> done) override;
    void restaurants_of_customer(customer_id customer, callback<std::vector<restaurant_id>> done) override;

  private:
    pg_connection& database_;
};

}  // namespace qtable::storage
