// One line for each event of a run, when somebody wants to read it; nothing is put together otherwise.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "tests/sim/timeline.hpp"

namespace qtable::sim {

using trace_lines = std::function<void(const std::string&)>;

class trace {
  public:
    trace(const timeline& time, trace_lines out) : time_(time), out_(std::move(out)) {}

    template <class Make>
    void operator()(Make&& make) const {
        if (out_) out_(rfc3339_utc_ms(time_.now()) + " " + make());
    }

  private:
    const timeline& time_;
    trace_lines out_;
};

// The last digits name it well enough.
inline std::string short_name(const uuid& id) {
    return to_string(id).substr(13, 5) + to_string(id).substr(32);
}

}  // namespace qtable::sim
