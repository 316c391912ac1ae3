// What the engine has to know of a command before it decides it. Pure; any core.
#pragma once

#include "core/engine/command.hpp"

namespace qtable {

// A question: it changes nothing, and may be answered while the database is away.
bool asks_only(const command_body& body) noexcept;

// Whether readers would see something of it besides capacity that is taken, should it be published too early.
bool must_not_show_early(const command_body& body) noexcept;

}  // namespace qtable
