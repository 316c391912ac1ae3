// Text as it stands in HTML and SVG, between tags or in an attribute between double quotes. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace qtable::proto {

void append_html(std::string& out, std::string_view text);

}  // namespace qtable::proto
