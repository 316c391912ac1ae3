// Stores restaurants of an import or of the demo city in a database, next to a server that may be running.
// The thread that owns the connection; it blocks. Errors: pg_error, command_error.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/pg/blocking.hpp"
#include "storage/store/bulk_writer.hpp"
#include "tools/qtable/import/records.hpp"

namespace qtable::tools {

// Ids, clock and renderer of this program.
storage::bulk_tools bulk_tools_of_program();

// In the form that accounts are kept under. Throws command_error that begins with `given_as`.
std::string checked_email(const std::string& text, const std::string& given_as);

// `owner` is an e-mail address: the account is found or made. `progress` is told how many are done.
storage::bulk_counts upload_restaurants(storage::blocking_connection& database, const std::string& owner,
                                        const std::vector<import_restaurant>& restaurants,
                                        const std::function<void(std::size_t done)>& progress);

}  // namespace qtable::tools
