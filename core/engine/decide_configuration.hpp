// Shared by the decisions about configuration: labels, log rows with what was done, a new configuration in
// memory, what stands in the way of a change. Inside core/engine only.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/engine/decide_common.hpp"

namespace qtable::deciding {

bool equal_ignoring_ascii_case(std::string_view a, std::string_view b) noexcept;

// Whether another one of `list` than `but` has the label.
template <class List, class Id>
bool label_is_taken(const List& list, std::string_view label, const Id& but) {
    return std::any_of(list.begin(), list.end(), [&](const auto& each) {
        return each.id != but && equal_ignoring_ascii_case(each.label, label);
    });
}

template <class List>
void sort_by_label(List& list) {
    std::sort(list.begin(), list.end(),
              [](const auto& a, const auto& b) { return std::tie(a.label, a.id) < std::tie(b.label, b.id); });
}

template <class List, class Id>
auto find_by_id(List& list, const Id& id) {
    return std::find_if(list.begin(), list.end(), [&id](const auto& each) { return each.id == id; });
}

// The configuration takes effect in memory, and what is available may be another everywhere. Database rows
// are the caller's.
void reconfigure(const context& in, decision& made, std::shared_ptr<const restaurant> config,
                 std::shared_ptr<const zone> where = nullptr);

// The restaurant itself as it became, its version counted up: row, log row and memory.
void store(const context& in, decision& made, const std::shared_ptr<restaurant>& config,
           std::string_view action, std::shared_ptr<const zone> where = nullptr);

// What is configured is told with the whole restaurant, whichever part of it changed.
void tell_settings(const context& in, decision& made, const restaurant& config, std::string_view action,
                   const uuid& subject = {});

bool is_owner(const restaurant& config, const staff_id& id) noexcept;

// Whether the rules go together, which no single member of a body shows.
bool are_sound(const booking_rules& rules) noexcept;

// Reservations that take capacity and are not over, in order of their start, at most
// `limits::named_reservations`: at one of these tables, or, when none is named, anywhere.
std::vector<reservation_id> reservations_in_the_way(const context& in, std::span<const table_id> tables);

}  // namespace qtable::deciding
