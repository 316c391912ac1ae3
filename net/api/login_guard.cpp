#include "net/api/login_guard.hpp"

#include <algorithm>
#include <utility>

#include "net/api/app_core.hpp"

namespace qtable::net {

login_guard::login_guard(app_core& app, const app_options& options)
    : app_(app),
      by_account_(options.login_failures_per_account, account_window_ms),
      by_address_(options.login_attempts_per_address_per_min, address_window_ms) {}

void login_guard::check(std::string account, std::string address, std::function<void(std::int64_t)> done) {
    app_core& counting = app_.peer(0);
    const std::uint32_t here = app_.index();
    app_.cores().post(0, [&counting, here, account = std::move(account), address = std::move(address),
                          done = std::move(done)] {
        login_guard& guard = counting.logins();
        const std::int64_t now_ms = counting.core().now_ms();
        const std::int64_t wait_ms =
            std::max(guard.by_account_.wait_ms(account, now_ms), guard.by_address_.wait_ms(address, now_ms));
        if (wait_ms == 0) guard.by_address_.count(address, now_ms);
        counting.cores().post(here, [done, wait_ms] { done(wait_ms); });
    });
}

void login_guard::failed(std::string account) {
    app_core& counting = app_.peer(0);
    app_.cores().post(0, [&counting, account = std::move(account)] {
        counting.logins().by_account_.count(account, counting.core().now_ms());
    });
}

void login_guard::succeeded(std::string account) {
    app_core& counting = app_.peer(0);
    app_.cores().post(
        0, [&counting, account = std::move(account)] { counting.logins().by_account_.forget(account); });
}

}  // namespace qtable::net
