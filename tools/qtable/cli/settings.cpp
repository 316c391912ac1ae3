#include "tools/qtable/cli/settings.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <type_traits>
#include <utility>

#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {

namespace {

[[noreturn]] void refuse(const std::string& given_as, const std::string& why) {
    throw command_error(exit_configuration, given_as + ": " + why);
}

bool parse_truth(const std::string& text, const std::string& given_as) {
    for (const char* yes : {"true", "1", "yes", "on"}) {
        if (text == yes) return true;
    }
    for (const char* no : {"false", "0", "no", "off"}) {
        if (text == no) return false;
    }
    refuse(given_as, "must be true or false, not \"" + one_line(text) + "\"");
}

std::int64_t parse_number(const setting& of, const std::string& text, const std::string& given_as) {
    std::int64_t value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, failed] = std::from_chars(text.data(), last, value);
    if (failed != std::errc{} || end != last || value < of.low || value > of.high) {
        refuse(given_as, "must be a whole number from " + std::to_string(of.low) + " to " +
                             std::to_string(of.high) + ", not \"" + one_line(text) + "\"");
    }
    return value;
}

void add_items(std::vector<std::string>& to, std::string_view text) {
    while (true) {
        const std::size_t comma = text.find(',');
        if (const std::string item = one_line(text.substr(0, comma)); !item.empty()) to.push_back(item);
        if (comma == std::string_view::npos) return;
        text.remove_prefix(comma + 1);
    }
}

struct found_value {
    std::string text;
    std::string given_as;
};

std::optional<found_value> find_in(const environment& from, const setting& of, platform_names platform) {
    std::vector<std::string> names{environment_name(of)};
    if (platform == platform_names::taken && !of.platform.empty()) names.emplace_back(of.platform);
    for (const std::string& name : names) {
        if (auto value = from(name)) return found_value{std::move(*value), name};
        if (!of.is_secret) continue;
        const std::string file_name = name + "_FILE";
        if (const auto file = from(file_name)) return found_value{read_secret(*file, file_name), file_name};
    }
    return std::nullopt;
}

}  // namespace

std::string environment_name(const setting& of) {
    std::string name = "QTABLE_";
    for (const char c : of.name) {
        const bool lower = c >= 'a' && c <= 'z';
        name += c == '.' ? '_' : lower ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return name;
}

std::string_view type_name(const setting& of) {
    static constexpr std::array<std::string_view, std::variant_size_v<setting_target>> names = {
        "TEXT", "PATH", "BOOL", "NUMBER", "NUMBER", "NUMBER", "NUMBER", "LIST"};
    settings any;
    const std::string_view name = names[of.target(any).index()];
    return name == "TEXT" && of.name.ends_with("_file") ? "FILE" : name;
}

std::string value_text(const setting& of, settings& in) {
    return std::visit(
        [](const auto* value) -> std::string {
            using type = std::remove_cvref_t<decltype(*value)>;
            if constexpr (std::is_same_v<type, bool>) {
                return *value ? "true" : "false";
            } else if constexpr (std::is_same_v<type, std::vector<std::string>>) {
                std::string text;
                for (const std::string& item : *value) text += (text.empty() ? "" : ",") + item;
                return text;
            } else if constexpr (std::is_same_v<type, std::filesystem::path>) {
                return value->string();
            } else if constexpr (std::is_same_v<type, std::string>) {
                return *value;
            } else {
                return std::to_string(*value);
            }
        },
        of.target(in));
}

void set_value(settings& to, const setting& of, const std::string& text, const std::string& given_as) {
    std::visit(
        [&](auto* value) {
            using type = std::remove_cvref_t<decltype(*value)>;
            if constexpr (std::is_same_v<type, bool>) {
                *value = parse_truth(text, given_as);
            } else if constexpr (std::is_same_v<type, std::vector<std::string>>) {
                add_items(*value, text);
            } else if constexpr (std::is_integral_v<type>) {
                *value = static_cast<type>(parse_number(of, text, given_as));
            } else {
                *value = text;
            }
        },
        of.target(to));
}

environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* const value = std::getenv(name.c_str());
        if (value == nullptr || *value == '\0') return std::nullopt;
        return std::string(value);
    };
}

std::string read_secret(const std::filesystem::path& file, const std::string& given_as) {
    std::ifstream in(file);
    std::string line;
    if (!in || !std::getline(in, line)) refuse(given_as, "can't read " + file.string());
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    return line;
}

setting_sources resolve_settings(settings& to, std::span<const setting* const> which,
                                 const given_flags& flags, const environment& from, platform_names platform,
                                 const config_file* file) {
    setting_sources sources;
    for (const setting* each : which) {
        // A list that is given takes the place of its default.
        const auto clear = [&, target = each->target(to)] {
            if (auto* const* list = std::get_if<std::vector<std::string>*>(&target)) (*list)->clear();
        };
        if (const auto said = flags.find(each->name); said != flags.end()) {
            clear();
            for (const std::string& text : said->second) set_value(to, *each, text, std::string(each->flag));
            sources.emplace(each->name, each->flag);
        } else if (const auto found = find_in(from, *each, platform)) {
            clear();
            set_value(to, *each, found->text, found->given_as);
            sources.emplace(each->name, found->given_as);
        } else if (file != nullptr && file->values.contains(each->name)) {
            clear();
            const std::string given_as = file->path.string() + ", " + std::string(each->name);
            for (const std::string& text : file->values.find(each->name)->second)
                set_value(to, *each, text, given_as);
            sources.emplace(each->name, given_as);
        }
    }
    return sources;
}

}  // namespace qtable::tools
