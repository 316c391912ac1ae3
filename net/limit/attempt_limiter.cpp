#include "net/limit/attempt_limiter.hpp"

namespace qtable::net {

std::int64_t attempt_limiter::wait_ms(std::string_view key, std::int64_t now_ms) const {
    const auto found = keys_.find(std::string(key));
    if (found == keys_.end() || found->second.attempts < most_) return 0;
    const std::int64_t ends_ms = found->second.began_ms + window_ms_;
    return ends_ms > now_ms ? ends_ms - now_ms : 0;
}

void attempt_limiter::count(std::string_view key, std::int64_t now_ms) {
    window& of = keys_[std::string(key)];
    if (of.attempts == 0 || of.began_ms + window_ms_ <= now_ms) of = {now_ms, 0};
    ++of.attempts;
    if (keys_.size() > max_keys) make_room(now_ms);
}

void attempt_limiter::forget(std::string_view key) {
    keys_.erase(std::string(key));
}

void attempt_limiter::make_room(std::int64_t now_ms) {
    boost::unordered::erase_if(keys_,
                               [&](const auto& each) { return each.second.began_ms + window_ms_ <= now_ms; });
    while (keys_.size() > max_keys) keys_.erase(keys_.begin());
}

}  // namespace qtable::net
