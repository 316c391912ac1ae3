// Cuts a large JSON text into its parts without building it in memory, so that every part keeps its place in
// the file: `find_json_error` checks the whole text, then `for_each_member` and `for_each_element` walk one
// level of it. The walks trust the check: call them only on text that passed. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace qtable::tools {

struct json_error {
    std::size_t offset = 0;
    std::string what;
};

// RFC 8259 to the letter, valid UTF-8, nested at most limits::json_depth deep.
std::optional<json_error> find_json_error(std::string_view text);

// `value` is a part of `json`. Keys are given as written, without quotes and with their escapes.
using json_member_visitor = std::function<void(std::string_view key, std::string_view value)>;
using json_element_visitor = std::function<void(std::string_view value)>;

// False when `json` is not an object / not an array.
bool for_each_member(std::string_view json, const json_member_visitor& visit);
bool for_each_element(std::string_view json, const json_element_visitor& visit);

}  // namespace qtable::tools
