// Whether a restaurant is open at a moment, by its hours alone. Pure; any core.
#pragma once

#include "core/base/zone.hpp"
#include "core/model/hours.hpp"

namespace qtable {

bool is_open_at(const weekly_hours& hours, const zone& where, instant at) noexcept;

}  // namespace qtable
