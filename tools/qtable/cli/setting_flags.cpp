#include "tools/qtable/cli/setting_flags.hpp"

#include <CLI/CLI.hpp>
#include <string>

namespace qtable::tools {

namespace {

std::string help_of(const setting& of, settings& defaults, platform_names platform) {
    std::string text(of.help);
    const std::string value = of.is_secret ? "" : value_text(of, defaults);
    if (!value.empty()) text += " [" + value + "]";
    text += " (" + environment_name(of);
    if (platform == platform_names::taken && !of.platform.empty()) text += ", " + std::string(of.platform);
    return text + ")";
}

}  // namespace

setting_flags::setting_flags(CLI::App& command, settings defaults, platform_names platform,
                             const std::function<bool(const setting&)>& takes)
    : platform_(platform) {
    flags_.reserve(all_settings().size());  // CLI11 keeps addresses
    for (const setting& each : all_settings()) {
        if (!takes(each)) continue;
        which_.push_back(&each);
        flag& made = flags_.emplace_back(flag{&each, {}, {}});
        const std::string name(each.flag);
        const std::string help = help_of(each, defaults, platform);
        CLI::Option* option = nullptr;
        if (type_name(each) == "BOOL") {
            option = command.add_flag(name, made.truth, help);
        } else {
            option = command.add_option(name, made.values, help);
            option->expected(1)
                ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                ->type_name(std::string(type_name(each)));
        }
        option->group("Settings: " + std::string(each.section()));
    }
}

setting_sources setting_flags::resolve(settings& to, const environment& from) const {
    given_flags given;
    for (const flag& each : flags_) {
        if (!each.truth.empty()) given[std::string(each.of->name)] = {each.truth};
        if (!each.values.empty()) given[std::string(each.of->name)] = each.values;
    }
    return resolve_settings(to, which_, given, from, platform_);
}

}  // namespace qtable::tools
