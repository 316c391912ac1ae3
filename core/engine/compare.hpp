// What memory holds of a restaurant against what the database has: the answer to an operator who asks whether
// they agree. Owner core only; changes nothing. Only what is of the present business day or later is
// compared, because memory forgets what is past.
#pragma once

#include <string>
#include <vector>

#include "core/engine/batch.hpp"
#include "core/engine/owned_restaurant.hpp"

namespace qtable {

// Whether a comparison makes sense now: nothing of it is on its way, and the image is of the same moment.
bool is_comparable(const owned_restaurant& memory, const restaurant_image& stored) noexcept;

// One line for each difference, without any name of a guest; empty: they agree.
std::vector<std::string> differences(const owned_restaurant& memory, const restaurant_image& stored,
                                     instant now);

}  // namespace qtable
