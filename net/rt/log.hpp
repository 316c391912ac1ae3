// What the program says of itself while it serves, one line each: as JSON objects on stdout, for those who
// collect logs, or as text on stderr, for a terminal. What requests were is told by net/api/request_log in
// the same form. Any thread; never waits: where nobody takes the lines (a pipe that is full) they are dropped
// and counted, and the next one tells how many. Bounds: `log_text_bytes` of a text; a line fits into what a
// pipe takes at once, so that lines of several threads don't mix.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.hpp"

namespace qtable::net {

constexpr std::size_t log_text_bytes = 600;

enum class log_format : std::uint8_t { text, json };
enum class log_level : std::uint8_t { info, warning, error };

// Before there are other threads. It is text until then.
void set_log_format(log_format format) noexcept;
log_format chosen_log_format() noexcept;

std::string_view to_string(log_level level) noexcept;

// One line; `text` without a line break is best. Nothing personal: no name, address, token or request text.
void write_log(log_level level, std::string_view text, std::optional<std::uint32_t> core = {}) noexcept;

// The line as it is written in JSON, with its end. Pure.
std::string log_line(instant at, log_level level, std::string_view text, std::optional<std::uint32_t> core,
                     std::uint64_t dropped);

// Whole lines to that descriptor, as many at once as a pipe takes without mixing them with others'. May wait.
void write_lines(int descriptor, std::string_view lines) noexcept;

}  // namespace qtable::net
