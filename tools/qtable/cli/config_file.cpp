#include "tools/qtable/cli/config_file.hpp"

#include <toml++/toml.h>

#include <unistd.h>
#include <algorithm>
#include <utility>

#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
    throw command_error(exit_configuration, path.string() + ": " + why);
}

std::string place(const toml::source_region& where) {
    return "line " + std::to_string(where.begin.line) + ", column " + std::to_string(where.begin.column);
}

std::string scalar_text(const std::filesystem::path& path, const std::string& name, const toml::node& value) {
    if (const auto* text = value.as_string()) return text->get();
    if (const auto* number = value.as_integer()) return std::to_string(number->get());
    if (const auto* truth = value.as_boolean()) return truth->get() ? "true" : "false";
    refuse(path, name + ": must be a text, a whole number, true, false or a list of texts (" +
                     place(value.source()) + ")");
}

bool is_known(std::string_view name) {
    const auto all = all_settings();
    return std::any_of(all.begin(), all.end(), [name](const setting& each) { return each.name == name; });
}

void take(config_file& into, const std::string& name, const toml::node& value) {
    if (!is_known(name)) {
        into.unknown.push_back(name);
        return;
    }
    std::vector<std::string>& values = into.values[name];
    if (const auto* list = value.as_array()) {
        for (const toml::node& each : *list) values.push_back(scalar_text(into.path, name, each));
    } else {
        values.push_back(scalar_text(into.path, name, value));
    }
}

// Levenshtein's distance: inserted, left out and changed letters.
std::size_t distance(std::string_view one, std::string_view other) {
    std::vector<std::size_t> row(other.size() + 1);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
    for (std::size_t i = 1; i <= one.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t k = 1; k <= other.size(); ++k) {
            const std::size_t changed = diagonal + (one[i - 1] == other[k - 1] ? 0 : 1);
            diagonal = row[k];
            row[k] = std::min({row[k] + 1, row[k - 1] + 1, changed});
        }
    }
    return row.back();
}

std::string toml_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out += '"';
}

}  // namespace

config_file read_config_file(const std::filesystem::path& path) {
    config_file made;
    made.path = path;
    try {
        const toml::table root = toml::parse_file(path.string());
        for (const auto& [section, node] : root) {
            const std::string prefix(section.str());
            if (const auto* table = node.as_table()) {
                for (const auto& [key, value] : *table)
                    take(made, prefix + '.' + std::string(key.str()), value);
            } else {
                made.unknown.push_back(prefix);
            }
        }
    } catch (const toml::parse_error& wrong) {
        const bool is_read = wrong.source().begin.line > 0;
        refuse(path, one_line(wrong.description()) + (is_read ? " (" + place(wrong.source()) + ")" : ""));
    }
    return made;
}

std::string_view nearest_setting(std::string_view wrong) {
    const std::size_t most = std::max<std::size_t>(2, wrong.size() / 3);
    std::string_view best;
    std::size_t least = most + 1;
    for (const setting& each : all_settings()) {
        // `timeout_ms` for `http.header_timeout_ms`: the key alone may be meant.
        const std::size_t found = std::min(distance(wrong, each.name),
                                           1 + distance(wrong, each.name.substr(each.section().size() + 1)));
        if (found < least) {
            least = found;
            best = each.name;
        }
    }
    return best;
}

std::vector<std::string> misspelt_variables() {
    std::vector<std::string> found;
    for (char** each = environ; *each != nullptr; ++each) {
        std::string_view name(*each);
        name = name.substr(0, name.find('='));
        if (!name.starts_with("QTABLE_")) continue;
        std::string nearest;
        std::size_t least = 3;
        for (const setting& known : all_settings()) {
            for (const std::string& meant : {environment_name(known), environment_name(known) + "_FILE"}) {
                const std::size_t away = distance(name, meant);
                if (away >= least) continue;
                least = away;
                nearest = meant;
            }
        }
        if (least > 0 && !nearest.empty())
            found.push_back(std::string(name) + ": not a setting; do you mean " + nearest + "?");
    }
    return found;
}

std::string toml_line(const setting& of, settings& in) {
    std::string line(of.name.substr(of.section().size() + 1));
    line += " = ";
    const std::string text = value_text(of, in);
    const std::string_view type = type_name(of);
    if (type == "BOOL" || type == "NUMBER") return line + text;
    if (of.is_secret) return line + (text.empty() ? "\"\"" : "\"(set, not shown)\"");
    if (type != "LIST") return line + toml_text(text);
    std::string list;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        if (!list.empty()) list += ", ";
        list += toml_text(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return line + '[' + list + ']';
}

}  // namespace qtable::tools
