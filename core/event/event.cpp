#include "core/event/event.hpp"

namespace qtable {

namespace {

constexpr std::string_view event_words[] = {"customer_reservation_received",
                                            "customer_reservation_updated",
                                            "customer_reservation_cancelled",
                                            "customer_checked_in",
                                            "availability_updated",
                                            "guest_created",
                                            "guest_updated",
                                            "guest_deleted",
                                            "table_updated",
                                            "settings_changed"};
constexpr std::string_view customer_event_words[] = {
    "reservation_confirmed", "reservation_updated", "reservation_cancelled", "table_ready",
    "estimated_wait_time",   "hold_expired",        "waitlist_updated"};
static_assert(std::size(event_words) == static_cast<std::size_t>(event_type::count_));
static_assert(std::size(customer_event_words) == static_cast<std::size_t>(customer_event_type::count_));

}  // namespace

std::string_view to_string(event_type type) noexcept {
    return event_words[static_cast<std::size_t>(type)];
}

event_type parse_event_type(std::string_view text) noexcept {
    std::size_t i = 0;
    while (i < std::size(event_words) && event_words[i] != text) ++i;
    return static_cast<event_type>(i);
}

std::string_view to_string(customer_event_type type) noexcept {
    return customer_event_words[static_cast<std::size_t>(type)];
}

}  // namespace qtable
