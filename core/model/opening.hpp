// Whether a restaurant is open at a moment, by its hours and special days alone. Pure; any core.
#pragma once

#include <span>

#include "core/base/zone.hpp"
#include "core/model/hours.hpp"

namespace qtable {

// `special_days` sorted by date, each once: they take the place of the week's hours of their date.
bool is_open_at(const weekly_hours& hours, std::span<const special_day> special_days, const zone& where,
                instant at) noexcept;

}  // namespace qtable
