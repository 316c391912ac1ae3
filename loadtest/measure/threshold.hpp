// What a run has to keep: `p99<5ms`, `book.p99<=20ms`, `errors<1%`, `rate>1000`, `event_p99<50ms`. Plain
// values and pure functions, any thread. Errors: usage_error, with what would be understood.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "loadtest/measure/kinds.hpp"

namespace qtable::loadtest {

enum class measure : std::uint8_t {
    percentile,        // of the latencies
    event_percentile,  // of the delays of events
    errors,            // share of the requests, in percent
    conflicts,
    rate  // answers a second
};

struct threshold {
    std::string text;           // as it was written
    std::optional<kind> which;  // one kind of request; none = all of them
    measure what = measure::percentile;
    double percent = 0;    // which percentile; 100 = the longest
    bool is_upper = true;  // the value stays below; else above
    bool may_be_equal = false;
    double limit = 0;  // ns, percent or per second

    bool holds(double value) const noexcept;
};

threshold parse_threshold(std::string_view text);
// "5ms", "1.5s", "200us", "80ns".
std::optional<double> parse_duration_ns(std::string_view text) noexcept;

// "1.25 ms", for people.
std::string duration_text(double ns);
std::string ns_text(std::int64_t ns);

}  // namespace qtable::loadtest
