#include "tools/qtable/cli/failure.hpp"

#include "storage/migrations/migrator.hpp"
#include "storage/pg/blocking.hpp"

namespace qtable::tools {

int exit_code_of(const std::exception& failure) noexcept {
    if (const auto* known = dynamic_cast<const command_error*>(&failure)) return known->code();
    if (dynamic_cast<const storage::migration_error*>(&failure) != nullptr) return exit_check;
    if (const auto* database = dynamic_cast<const storage::pg_error*>(&failure)) {
        // Class 08: it was never reached, so its address, name or password is to be looked at.
        return database->code().view().starts_with("08") ? exit_configuration : exit_failed;
    }
    return dynamic_cast<const std::runtime_error*>(&failure) != nullptr ? exit_configuration : exit_failed;
}

std::string one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool blank = static_cast<unsigned char>(c) <= ' ';
        if (!blank) line += c;
        if (blank && !line.empty() && line.back() != ' ') line += ' ';
    }
    if (!line.empty() && line.back() == ' ') line.pop_back();
    return line;
}

}  // namespace qtable::tools
