#include "core/model/restaurant.hpp"

#include <algorithm>

namespace qtable {

std::string_view to_string(staff_role role) noexcept {
    switch (role) {
        case staff_role::host:
            return "host";
        case staff_role::manager:
            return "manager";
        case staff_role::owner:
            break;
    }
    return "owner";
}

std::optional<staff_role> parse_staff_role(std::string_view text) noexcept {
    if (text == "host") return staff_role::host;
    if (text == "manager") return staff_role::manager;
    if (text == "owner") return staff_role::owner;
    return std::nullopt;
}

const staff_member* restaurant::find_staff(const staff_id& wanted) const noexcept {
    const auto found =
        std::lower_bound(staff.begin(), staff.end(), wanted,
                         [](const staff_member& member, const staff_id& key) { return member.id < key; });
    return found != staff.end() && found->id == wanted ? &*found : nullptr;
}

}  // namespace qtable
