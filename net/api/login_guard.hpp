// Slows down who guesses passwords: failures per account and attempts per address, counted over all cores (on
// core 0) and, what a second told, over all nodes. Whom it counts it knows by digests under the token key,
// which all nodes have. One per core as the way to ask; that core only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/limits.hpp"
#include "net/limit/attempt_limiter.hpp"
#include "net/limit/shared_counts.hpp"

namespace qtable::net {

class app_core;
struct app_options;

class login_guard {
  public:
    login_guard(app_core& app, const app_options& options);

    // Counts the attempt of the address. `done` on this core: 0, or the milliseconds to wait.
    void check(std::string account, std::string address, std::function<void(std::int64_t)> done);
    void failed(std::string account);
    void succeeded(std::string account);

    // Core 0's: what was counted since they were told last, and what other nodes counted.
    void take_counts(shared_counts& to);
    void told(const shared_counts& what);

  private:
    static constexpr std::int64_t account_window_ms = 15 * 60 * 1000;
    static constexpr std::int64_t address_window_ms = 60 * 1000;

    std::string digest_of(std::string_view whom) const;
    void note(shared_counts::attempt what, const std::string& who);

    app_core& app_;
    attempt_limiter by_account_;  // core 0's are the ones that count
    attempt_limiter by_address_;
    std::vector<shared_counts::login_attempt> untold_;  // at most shared_counts::attempts_max
};

}  // namespace qtable::net
