// The published contract, built into the program: OpenAPI 3.1 for HTTP, AsyncAPI 3.0 for the sockets. Any
// core.
#pragma once

#include <string_view>

namespace qtable::proto {

std::string_view openapi_document() noexcept;
std::string_view asyncapi_document() noexcept;

// The page that shows them: HTML, and the style and the script that it asks for.
std::string_view docs_page_html_document() noexcept;
std::string_view docs_page_css_document() noexcept;
std::string_view docs_page_js_document() noexcept;

}  // namespace qtable::proto
