// What a thread of load asks for: the driver takes the next request when one is due and tells what became of
// it. One per driver thread, called by that thread alone; its calls come between two system calls, so they
// are short and don't wait.
#pragma once

#include <cstdint>
#include <string_view>

#include "loadtest/measure/kinds.hpp"

namespace qtable::loadtest {

struct planned_request {
    kind which = kind::search;
    bool wants_body = false;
    std::string_view bytes;  // valid until the workload is called again
};

struct outcome {
    std::uint32_t slot = 0;  // the connection, from 0
    kind which = kind::search;
    outcome_code code = 0;
    std::string_view body;  // when it was wanted and came
    std::int64_t due_ns = 0, sent_ns = 0, done_ns = 0;
};

class workload {
  public:
    virtual ~workload() = default;
    // The request for this connection, which has none in flight.
    virtual void next(std::uint32_t slot, std::int64_t now_ns, planned_request& made) = 0;
    virtual void done(const outcome& what) = 0;
};

}  // namespace qtable::loadtest
