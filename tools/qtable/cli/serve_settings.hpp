// What `serve` would run with, checked as far as it can be without touching anything. Main thread.
#pragma once

#include "tools/qtable/cli/setting_flags.hpp"
#include "tools/qtable/cli/settings.hpp"

namespace qtable::tools {

struct serve_settings {
    settings chosen;
    setting_sources sources;
};

// Throws command_error that names the setting.
serve_settings resolve_serve_settings(const setting_flags& given);
// The same without the checks: what would be checked.
serve_settings read_serve_settings(const setting_flags& given);

}  // namespace qtable::tools
