#include "net/api/login_guard.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "core/base/assert.hpp"
#include "net/api/app_core.hpp"
#include "proto/base64url.hpp"

namespace qtable::net {

login_guard::login_guard(app_core& app, const app_options& options)
    : app_(app),
      by_account_(options.login_failures_per_account, account_window_ms),
      by_address_(options.login_attempts_per_address_per_min, address_window_ms) {}

// 96 bits are enough to tell people apart, and fit into a notification by the hundred.
std::string login_guard::digest_of(std::string_view whom) const {
    const std::string& key = app_.shared().token_key;
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac;
    const auto* const text = reinterpret_cast<const unsigned char*>(whom.data());
    const unsigned char* const made =
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), text, whom.size(), mac.data(), nullptr);
    QTABLE_ASSERT(made != nullptr);
    std::string digest;
    proto::append_base64url(digest, std::span(mac).first(12));
    return digest;
}

void login_guard::note(shared_counts::attempt what, const std::string& who) {
    if (untold_.size() < shared_counts::attempts_max) untold_.push_back({what, who});
}

void login_guard::take_counts(shared_counts& to) {
    for (shared_counts::login_attempt& each : untold_) to.attempts.push_back(std::move(each));
    untold_.clear();
}

void login_guard::told(const shared_counts& what) {
    const std::int64_t now_ms = app_.core().now_ms();
    for (const shared_counts::login_attempt& each : what.attempts) {
        switch (each.what) {
            case shared_counts::attempt::failed:
                by_account_.count(each.who, now_ms);
                break;
            case shared_counts::attempt::from_address:
                by_address_.count(each.who, now_ms);
                break;
            case shared_counts::attempt::succeeded:
                by_account_.forget(each.who);
                break;
        }
    }
}

void login_guard::check(std::string account, std::string address, std::function<void(std::int64_t)> done) {
    account = digest_of(account);
    address = digest_of(address);
    app_core& counting = app_.peer(0);
    const std::uint32_t here = app_.index();
    app_.cores().post(0, [&counting, here, account = std::move(account), address = std::move(address),
                          done = std::move(done)] {
        login_guard& guard = counting.logins();
        const std::int64_t now_ms = counting.core().now_ms();
        const std::int64_t wait_ms =
            std::max(guard.by_account_.wait_ms(account, now_ms), guard.by_address_.wait_ms(address, now_ms));
        if (wait_ms == 0) {
            guard.by_address_.count(address, now_ms);
            guard.note(shared_counts::attempt::from_address, address);
        }
        counting.cores().post(here, [done, wait_ms] { done(wait_ms); });
    });
}

void login_guard::failed(std::string account) {
    app_core& counting = app_.peer(0);
    app_.cores().post(0, [&counting, account = digest_of(account)] {
        counting.logins().by_account_.count(account, counting.core().now_ms());
        counting.logins().note(shared_counts::attempt::failed, account);
    });
}

void login_guard::succeeded(std::string account) {
    app_core& counting = app_.peer(0);
    app_.cores().post(0, [&counting, account = digest_of(account)] {
        counting.logins().by_account_.forget(account);
        counting.logins().note(shared_counts::attempt::succeeded, account);
    });
}

}  // namespace qtable::net
