// Looks up after a run what was promised during it: every 201 is there unaltered, every cancelling too, and
// no table was given twice. Over the API alone; main thread, a few requests at the same time.
#pragma once

#include <vector>

#include "loadtest/report/run_report.hpp"
#include "loadtest/scenario/booking_log.hpp"
#include "loadtest/scenario/world.hpp"
#include "loadtest/wire/target.hpp"

namespace qtable::loadtest {

struct verification {
    std::vector<check_report> checks;
    std::vector<fact> facts;
    std::vector<std::string> notes;
};

// `logs`: what each thread was promised, with the bodies kept. `is_hot`: the restaurant of the only offer is
// read from its staff's side too.
verification verify(const target& to, const world& in, const std::vector<const booking_log*>& logs,
                    bool is_hot);

}  // namespace qtable::loadtest
