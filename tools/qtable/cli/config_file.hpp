// The settings in a TOML file: a table for each section, a key for each setting, as `qtable config default`
// prints them. Values may be texts, numbers, booleans and, for lists, arrays of texts. Main thread; blocks on
// the disk.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tools/qtable/cli/settings.hpp"

namespace qtable::tools {

// Throws command_error, with line and column, for a file that can't be read or isn't TOML.
config_file read_config_file(const std::filesystem::path& path);

// The setting whose name is nearest to a wrong one; empty when none is near.
std::string_view nearest_setting(std::string_view wrong);

// Names in the environment that begin like ours and are nearly one of ours: slips, as text to be shown.
std::vector<std::string> misspelt_variables();

// One setting as a line of such a file.
std::string toml_line(const setting& of, settings& in);

}  // namespace qtable::tools
