// What was committed, read back from the database: reservations by id, histories, the activity list, reviews,
// whose guests are whose. One per core, like `accounts`. Every call is answered exactly once, on the calling
// core, never from inside the call; `database_unavailable` when the database is away, `not_found` where one
// thing was asked for and is not there (or is not that customer's).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/engine/accounts.hpp"
#include "core/event/event.hpp"
#include "core/model/review.hpp"

namespace qtable {

struct person_name {
    uuid id;
    std::string name;  // as shown: "Ada Lovelace"; empty when the account is gone
    std::string phone;
};

struct activity_line {
    logged_event what;
    std::string actor_name;  // of staff and customers; empty for the system
};

struct listed_review {
    review what;
    std::string author;  // first name only
};

struct guest_place {
    restaurant_id restaurant;
    guest_id guest;
};

class records {
  public:
    template <class T>
    using callback = std::function<void(result<T>)>;

    virtual ~records() = default;

    virtual void reservation_of_customer(customer_id customer, reservation_id id,
                                         callback<listed_reservation> done) = 0;
    virtual void reservation_at(restaurant_id restaurant, reservation_id id,
                                callback<listed_reservation> done) = 0;
    // The log rows about one subject, oldest first, at most `limits::events_per_resume`.
    virtual void history(restaurant_id restaurant, uuid subject,
                         callback<std::vector<logged_event>> done) = 0;
    // Newest first, before `before_seq` when given; no availability_updated rows. Of one subject when given.
    virtual void activity(restaurant_id restaurant, std::optional<std::int64_t> before_seq,
                          std::optional<uuid> subject, int limit,
                          callback<std::vector<activity_line>> done) = 0;
    // Newest first.
    virtual void reviews(restaurant_id restaurant, std::optional<list_cursor> after, int limit,
                         callback<std::vector<listed_review>> done) = 0;
    virtual void customer_names(std::vector<customer_id> of, callback<std::vector<person_name>> done) = 0;
    // Where a customer's waitlist entry is.
    virtual void guest_of_customer(customer_id customer, guest_id id, callback<guest_place> done) = 0;
    // Those that are waiting, notified or seated, newest first, at most `limits::list_max`.
    virtual void open_guests_of(customer_id customer, callback<std::vector<guest_place>> done) = 0;
    // Restaurants that hold anything of this customer: reservations from yesterday on, open guests.
    virtual void restaurants_of_customer(customer_id customer, callback<std::vector<restaurant_id>> done) = 0;
};

}  // namespace qtable
