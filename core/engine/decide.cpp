#include <variant>

#include "core/engine/decide_common.hpp"

namespace qtable {

decision decide(owned_restaurant& target, const command_envelope& command, instant now,
                const renderer& render) {
    const bool creates = std::holds_alternative<create_restaurant>(command.body);
    if (target.exists() == creates) return deciding::refuse(creates ? errc::internal : errc::not_found);
    const deciding::context in{target, command, now, render};
    return std::visit([&in](const auto& wanted) { return deciding::on(in, wanted); }, command.body);
}

}  // namespace qtable
