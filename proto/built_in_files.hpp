// Files of the pages as they are built into the program: the console's and the documentation's HTML, styles
// and modules, the map library, Swagger UI. Constant data; any core.
#pragma once

#include <string_view>

namespace qtable::proto {

struct built_in_file {
    std::string_view name;  // "city.js"
    std::string_view content_type;
    std::string_view etag;  // with its quotes; made of the bytes when the program was built
    std::string_view bytes;
    bool is_gzip = false;  // the bytes are compressed
};

// nullptr: there is no such file. The page itself is "page.html".
const built_in_file* find_console_file(std::string_view name) noexcept;
// The same of /docs; "swagger.html" is there when the program was built with Swagger UI.
const built_in_file* find_docs_file(std::string_view name) noexcept;

}  // namespace qtable::proto
