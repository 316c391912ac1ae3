#include "proto/render_list.hpp"

#include "proto/json_writer.hpp"

namespace qtable::proto {

list_writer::list_writer(std::string& out, form shape) : out_(out) {
    out_ += shape == form::plain ? R"({"items":[)" : R"({"type":"FeatureCollection","features":[)";
}

void list_writer::end(std::string_view next_cursor) {
    out_ += R"(],"next_cursor":)";
    if (next_cursor.empty()) {
        out_ += "null";
    } else {
        append_json_string(out_, next_cursor);
    }
    out_ += '}';
}

void list_writer::end(const distance_cursor& next) {
    out_ += R"(],"next_cursor":")";
    append_cursor(out_, next);
    out_ += "\"}";
}

}  // namespace qtable::proto
