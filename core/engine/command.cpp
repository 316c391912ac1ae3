#include "core/engine/command.hpp"

namespace qtable {

command_envelope::command_envelope() = default;
command_envelope::command_envelope(const command_envelope&) = default;
command_envelope::command_envelope(command_envelope&&) noexcept = default;
command_envelope& command_envelope::operator=(const command_envelope&) = default;
command_envelope& command_envelope::operator=(command_envelope&&) noexcept = default;
command_envelope::~command_envelope() = default;

}  // namespace qtable
