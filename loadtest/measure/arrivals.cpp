#include "loadtest/measure/arrivals.hpp"

#include "core/base/assert.hpp"
#include "loadtest/measure/clock.hpp"

namespace qtable::loadtest {

std::string_view name_of(arrival_kind kind) noexcept {
    return kind == arrival_kind::even ? "even" : "poisson";
}

std::optional<arrival_kind> parse_arrival_kind(std::string_view text) noexcept {
    if (text == "poisson") return arrival_kind::poisson;
    if (text == "even") return arrival_kind::even;
    return std::nullopt;
}

arrivals::arrivals(arrival_kind kind, double per_second, std::int64_t start_ns, std::uint64_t seed,
                   unsigned share, unsigned shares)
    : kind_(kind),
      gap_ns_(static_cast<double>(ns_per_s) * shares / per_second),
      since_start_ns_(0),
      start_ns_(start_ns),
      due_ns_(start_ns),
      dice_(dice::mix(seed, share)) {
    QTABLE_ASSERT(per_second > 0 && shares > 0 && share < shares);
    if (kind_ == arrival_kind::even) {
        since_start_ns_ = gap_ns_ * share / shares;
        due_ns_ = start_ns_ + static_cast<std::int64_t>(since_start_ns_);
    } else {
        advance();
    }
}

void arrivals::advance() noexcept {
    // Summed as a double: at 10^6 a second an hour's worth is still exact to a nanosecond or so.
    since_start_ns_ += kind_ == arrival_kind::even ? gap_ns_ : gap_ns_ * dice_.exponential();
    due_ns_ = start_ns_ + static_cast<std::int64_t>(since_start_ns_);
}

}  // namespace qtable::loadtest
