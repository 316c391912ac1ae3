// What a customer says of a completed visit. Once per reservation. Plain value, any core.
#pragma once

#include <string>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace qtable {

struct review {
    reservation_id reservation;
    restaurant_id restaurant;
    customer_id customer;
    int rating = 0;  // 1–5
    std::string text;
    instant created_at;
};

}  // namespace qtable
