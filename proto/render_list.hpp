// The envelope of every list, and its GeoJSON form: `begin`, the items with `separate` before each, `end`.
// One core at a time, on the stack; appends to `out`.
#pragma once

#include <string>
#include <string_view>

#include "proto/cursor.hpp"

namespace qtable::proto {

class list_writer {
  public:
    enum class form { plain, geojson };

    // {"items":[ … or {"type":"FeatureCollection","features":[ …
    explicit list_writer(std::string& out, form shape = form::plain);
    // Call before each item; returns the output to append it to.
    std::string& next_item() {
        if (!first_) out_ += ',';
        first_ = false;
        return out_;
    }
    // An empty cursor is null: no more items.
    void end(std::string_view next_cursor = {});
    // The same with the cursor written in place.
    void end(const distance_cursor& next);

  private:
    std::string& out_;
    bool first_ = true;
};

}  // namespace qtable::proto
