#include "net/limit/overload_valve.hpp"

#include <algorithm>

#include "core/base/limits.hpp"

namespace qtable::net {

namespace {

// RFC 8033, 4.2, with steps of 10 ms and queues as multiples of the target: from nothing to a whole class
// takes a quarter of a second at three times the target, and a few steps where the queue grows as fast as
// time passes; back it takes half a second a class once the queue is gone.
constexpr double follows_error = 0.02;   // alpha
constexpr double follows_change = 0.10;  // beta
constexpr double step_up_max = 0.25, step_down_max = 0.08;
constexpr std::int64_t nearly_all = 20;  // 19 of so many

}  // namespace

void overload_valve::measured(std::int64_t standing_us) noexcept {
    constexpr auto target = static_cast<double>(limits::overload_wait_us);
    const double error = (static_cast<double>(standing_us) - target) / target;
    const double change = static_cast<double>(standing_us - before_us_) / target;
    before_us_ = standing_us;
    const double step =
        std::clamp(follows_error * error + follows_change * change, -step_down_max, step_up_max);
    const bool is_only_refusing = asked_ > admitted_ * nearly_all;
    asked_ = admitted_ = 0;
    if (step > 0 && is_only_refusing) return;
    pressure_ = std::clamp(pressure_ + step, 0.0, static_cast<double>(classes));
}

double overload_valve::refused_share(load_class kind) const noexcept {
    if (kind >= load_class::always) return 0;
    return std::clamp(pressure_ - static_cast<double>(kind), 0.0, 1.0);
}

bool overload_valve::refuses(load_class kind) noexcept {
    ++asked_;
    const double share = refused_share(kind);
    if (share > 0) {
        double& owed = owed_[static_cast<std::size_t>(kind)];
        owed += share;
        if (owed >= 1) {
            owed -= 1;
            return true;
        }
    }
    ++admitted_;
    return false;
}

}  // namespace qtable::net
