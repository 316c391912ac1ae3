// The console's files as they are built into the program: the page, its styles and modules, and the map
// library. Constant data; any core.
#pragma once

#include <string_view>

namespace qtable::proto {

struct console_file {
    std::string_view name;  // "city.js"
    std::string_view content_type;
    std::string_view etag;  // with its quotes; made of the bytes when the program was built
    std::string_view bytes;
};

// nullptr: there is no such file. The page itself is "page.html".
const console_file* find_console_file(std::string_view name) noexcept;

}  // namespace qtable::proto
