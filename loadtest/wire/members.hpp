// Looks at JSON without building anything: the members of an object that are asked for, in one pass over the
// text, nested values skipped. For answers and events under load; what is read at leisure goes through a real
// parser. Pure functions, any thread. The text is trusted to be JSON: what isn't gives no values, never a
// crash.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace qtable::loadtest {

struct wanted_member {
    std::string_view name;
    // What stands there: a string without its quotes and with its escapes as they are, anything else as
    // written.
    std::string_view value = {};
    bool is_found = false;
};

// Fills in the members of the object that `text` is; stops when all are found.
void find_members(std::string_view text, std::span<wanted_member> wanted);
std::string_view find_member(std::string_view text, std::string_view name);
std::optional<std::int64_t> to_integer(std::string_view text) noexcept;

// Each element of the array that `text` is, as it is written.
void for_each_element(std::string_view text, const std::function<void(std::string_view)>& visit);

}  // namespace qtable::loadtest
