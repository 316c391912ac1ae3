// The flags of a command for rows of the settings table. Made with the command, filled while the command line
// is read, asked once when the command runs. Main thread.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/qtable/cli/settings.hpp"

namespace CLI {
class App;
}

namespace qtable::tools {

class setting_flags {
  public:
    // Must live as long as `command`. `defaults` are shown in the help; `platform`: whether PORT and its like
    // count.
    setting_flags(CLI::App& command, settings defaults, platform_names platform,
                  const std::function<bool(const setting&)>& takes);
    setting_flags(const setting_flags&) = delete;
    setting_flags& operator=(const setting_flags&) = delete;

    // Also from the file that --config or QTABLE_CONFIG names. What isn't a setting there is a warning on
    // stderr, with
    // --strict an error.
    setting_sources resolve(settings& to, const environment& from) const;
    std::span<const setting* const> all() const noexcept { return which_; }

  private:
    struct flag {
        const setting* of;
        std::vector<std::string> values;
        std::string truth;  // of a bool, for which the flag alone is enough
    };
    platform_names platform_;
    std::vector<flag> flags_;
    std::vector<const setting*> which_;
    std::string config_path_;
    bool is_strict_ = false;
};

}  // namespace qtable::tools
