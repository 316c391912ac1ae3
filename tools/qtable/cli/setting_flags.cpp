#include "tools/qtable/cli/setting_flags.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <utility>

#include "tools/qtable/cli/config_file.hpp"
#include "tools/qtable/cli/failure.hpp"

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
    command
        .add_option(
            "--config", config_path_,
            "TOML file with settings, after flags and environment (QTABLE_CONFIG); `qtable config default` "
            "prints one")
        ->type_name("FILE");
    command.add_flag("--strict", is_strict_, "what isn't a setting is an error, not a warning");
}

namespace {

// What nobody will ever read is said, so that a slip isn't found out in the night.
void tell_slips(const config_file& file, bool is_strict) {
    std::vector<std::string> slips = misspelt_variables();
    for (const std::string& name : file.unknown) {
        const std::string_view nearest = nearest_setting(name);
        std::string text = file.path.string() + ": " + name + ": not a setting";
        if (!nearest.empty()) (text += "; do you mean ") += nearest, text += '?';
        slips.push_back(std::move(text));
    }
    if (slips.empty()) return;
    if (is_strict) throw command_error(exit_configuration, slips.front());
    for (const std::string& each : slips) std::fprintf(stderr, "warning: %s\n", one_line(each).c_str());
}

}  // namespace

setting_sources setting_flags::resolve(settings& to, const environment& from) const {
    const std::string path = config_path_.empty() ? from("QTABLE_CONFIG").value_or("") : config_path_;
    config_file file;
    if (!path.empty()) file = read_config_file(path);
    tell_slips(file, is_strict_);
    given_flags given;
    for (const flag& each : flags_) {
        if (!each.truth.empty()) given[std::string(each.of->name)] = {each.truth};
        if (!each.values.empty()) given[std::string(each.of->name)] = each.values;
    }
    return resolve_settings(to, which_, given, from, platform_, &file);
}

}  // namespace qtable::tools
