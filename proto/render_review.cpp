#include "proto/render_review.hpp"

#include "proto/json_writer.hpp"

namespace qtable::proto {

void write_public_review(std::string& out, const listed_review& value) {
    json_writer json(out);
    json.begin_object();
    json.key("rating").integer(value.what.rating);
    json.key("text");
    value.what.text.empty() ? json.null() : json.text(value.what.text);
    json.key("author");
    value.author.empty() ? json.null() : json.text(value.author);
    json.key("created_at").utc(value.what.created_at);
    json.end_object();
}

}  // namespace qtable::proto
