// Every setting of the server in one table: its name, flag, environment name, type, bounds and help. Flags,
// environment, help texts and whatever else reads or prints settings work on this table, so that none of them
// can be forgotten. Order of preference: flag > environment > file > default. Environment names are
// QTABLE_<SECTION>_<KEY>; a name that Kubernetes injects for a service called "qtable" (QTABLE_PORT…,
// QTABLE_SERVICE_…) is never one of ours. Plain values and constant data; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tools/qtable/serve.hpp"

namespace qtable::tools {

constexpr std::int64_t wait_for_ever = -1;

struct settings {
    serve_options server;
    bool migrate = false;
    std::int64_t database_wait_ms = wait_for_ever;
};

// Where a setting is kept, which is its type.
using setting_target = std::variant<std::string*, std::filesystem::path*, bool*, int*, std::uint16_t*,
                                    std::uint32_t*, std::int64_t*, std::vector<std::string>*>;

struct setting {
    std::string_view name;  // "http.idle_timeout_ms"
    std::string_view flag;  // "--idle-timeout-ms"
    std::string_view help;
    setting_target (*target)(settings&);
    std::int64_t low = 0;  // of numbers
    std::int64_t high = 0;
    std::string_view platform = {};  // the name under which platforms set it, such as PORT
    bool is_secret = false;          // never printed, and taken from the file that <NAME>_FILE names, too

    std::string_view section() const noexcept { return name.substr(0, name.find('.')); }
};

std::span<const setting> all_settings() noexcept;
const setting& setting_named(std::string_view name);

std::string environment_name(const setting& of);
std::string_view type_name(const setting& of);
// As it would be written in the environment.
std::string value_text(const setting& of, settings& in);

// Throws command_error that begins with `given_as`. Lists take a comma between items and are added to.
void set_value(settings& to, const setting& of, const std::string& text, const std::string& given_as);

using environment = std::function<std::optional<std::string>(const std::string& name)>;
// An empty variable counts as none.
environment process_environment();

// The first line of a file that holds a secret.
std::string read_secret(const std::filesystem::path& file, const std::string& given_as);

// What was said on the command line: the setting's name → the values of its flag.
using given_flags = std::map<std::string, std::vector<std::string>, std::less<>>;
// Who set it: the setting's name → "--port", "QTABLE_LISTEN_PORT", "PORT", …. A default has no entry.
using setting_sources = std::map<std::string, std::string, std::less<>>;

enum class platform_names { taken, ignored };

// What a file says, by the settings' names; `unknown`: names that are none.
struct config_file {
    std::filesystem::path path;
    std::map<std::string, std::vector<std::string>, std::less<>> values;
    std::vector<std::string> unknown;
};

// Of the settings given; the others keep what they have.
setting_sources resolve_settings(settings& to, std::span<const setting* const> which,
                                 const given_flags& flags, const environment& from, platform_names platform,
                                 const config_file* file = nullptr);

}  // namespace qtable::tools
