// A reservation's log as its customer may read it: what was done when, by which side, and what changed with
// it. Nobody of the staff is named. One core at a time; appends to `out`.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "core/event/event.hpp"
#include "proto/json_document.hpp"
#include "proto/render_list.hpp"

namespace qtable::proto {

// {"items":[{at, action, by, status, version, changes: [{field, from, to}, …]}, …],"next_cursor":null}
class history_writer {
  public:
    explicit history_writer(std::string& out) : list_(out) {}

    // Oldest first; rows that aren't of the reservation itself are passed over. `row` outlives the next call.
    void add(const logged_event& row);
    void end() { list_.end(); }

  private:
    list_writer list_;
    // The document of this row and of the one before, which it is compared with.
    std::array<std::unique_ptr<json_scratch>, 2> scratches_{std::make_unique<json_scratch>(),
                                                            std::make_unique<json_scratch>()};
    const json_value* before_ = nullptr;
};

}  // namespace qtable::proto
