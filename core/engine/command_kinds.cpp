#include "core/engine/command_kinds.hpp"

#include <type_traits>
#include <variant>

namespace qtable {

namespace {

template <class Body>
constexpr bool is_question = std::is_same_v<Body, read_holds> || std::is_same_v<Body, read_floor> ||
                             std::is_same_v<Body, read_dashboard> || std::is_same_v<Body, read_guests> ||
                             std::is_same_v<Body, read_guest> || std::is_same_v<Body, read_wait_quotes>;

// Whoever seats a party or ends its stay changes the tables that readers see; a tick may end a pause.
struct shows_more {
    bool operator()(const create_reservation&) const noexcept { return false; }
    bool operator()(const change_reservation&) const noexcept { return false; }
    bool operator()(const cancel_reservation&) const noexcept { return false; }
    bool operator()(const create_restaurant&) const noexcept { return false; }
    bool operator()(const create_hold&) const noexcept { return false; }
    bool operator()(const release_hold&) const noexcept { return false; }
    bool operator()(const check_in&) const noexcept { return false; }
    bool operator()(const running_late&) const noexcept { return false; }
    bool operator()(const add_guest&) const noexcept { return false; }
    bool operator()(const change_guest&) const noexcept { return false; }
    bool operator()(const remove_guest&) const noexcept { return false; }
    bool operator()(const forget_customer&) const noexcept { return false; }
    bool operator()(const serve_guest& wanted) const noexcept {
        return wanted.to == guest_status::seated || wanted.to == guest_status::completed;
    }
    bool operator()(const serve_reservation& wanted) const noexcept {
        // Without a move a party that sits may be given other tables.
        return !wanted.to || *wanted.to == reservation_status::seated ||
               *wanted.to == reservation_status::completed;
    }
    template <class Other>
    bool operator()(const Other&) const noexcept {
        return !is_question<Other>;
    }
};

}  // namespace

bool asks_only(const command_body& body) noexcept {
    return std::visit([]<class Body>(const Body&) { return is_question<Body>; }, body);
}

bool must_not_show_early(const command_body& body) noexcept {
    return std::visit(shows_more(), body);
}

}  // namespace qtable
