#include "net/auth/password_pool.hpp"

#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/limits.hpp"

namespace qtable::net {

namespace {

// OWASP's parameters for argon2id: 19 MiB, two passes.
constexpr unsigned long long operations = 2;
constexpr std::size_t memory_bytes = 19 * 1024 * 1024;

// A tenth of a core's share where the cores are busy: many who log in make nobody else wait, and a log-in of 50 ms
// takes half a second then.
constexpr int niceness = 10;

bool matches(const std::string& password, const std::string& stored) {
    return crypto_pwhash_str_verify(stored.c_str(), password.data(), password.size()) == 0;
}

// Those of eight characters and more: shorter ones are refused by length.
constexpr std::array<std::string_view, 60> common_passwords = {
    "00000000",      "11111111",  "111111111",  "1111111111",  "11223344",   "12121212",   "123123123",
    "12341234",      "12344321",  "12345678",   "123456789",   "1234567890", "123456789a", "1234qwer",
    "123qweasd",     "1q2w3e4r",  "1q2w3e4r5t", "1qaz2wsx",    "87654321",   "987654321",  "99999999",
    "aa123456",      "aaaaaaaa",  "abc12345",   "abcd1234",    "abcdefgh",   "access14",   "admin123",
    "administrator", "asdfasdf",  "asdfghjk",   "asdfghjkl",   "baseball",   "changeme",   "computer",
    "football",      "iloveyou",  "jennifer",   "letmein1",    "liverpool",  "michelle",   "passw0rd",
    "password",      "password1", "password12", "password123", "princess",   "q1w2e3r4",   "qazwsxedc",
    "qwer1234",      "qwertyui",  "qwerty123",  "qwertyuiop",  "starwars",   "sunshine",   "superman",
    "trustno1",      "welcome1",  "whatever",   "zaq12wsx"};

}  // namespace

password_pool::password_pool(runtime& cores, std::size_t threads) : cores_(cores), decoy_(hash_now("decoy")) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

password_pool::~password_pool() {
    stop();
}

std::string password_pool::hash_now(std::string_view password) {
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), operations, memory_bytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return {};
    return out.data();
}

bool password_pool::hash(std::uint32_t core, std::string password, std::function<void(std::string)> done) {
    return enqueue([this, core, password = std::move(password), done = std::move(done)] {
        cores_.post(core, [done, hashed = hash_now(password)] { done(hashed); });
    });
}

bool password_pool::verify(std::uint32_t core, std::string password, std::string stored,
                           std::function<void(bool)> done) {
    return enqueue(
        [this, core, password = std::move(password), stored = std::move(stored), done = std::move(done)] {
            const bool is_right = matches(password, stored.empty() ? decoy_ : stored) && !stored.empty();
            cores_.post(core, [done, is_right] { done(is_right); });
        });
}

bool password_pool::enqueue(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_ || jobs_.size() >= limits::password_hash_queue) return false;
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
}

void password_pool::work() {
    static_cast<void>(::nice(niceness));  // the calling thread's on Linux
    while (true) {
        std::function<void()> job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return is_stopping_ || !jobs_.empty(); });
            if (jobs_.empty()) return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job();
    }
}

void password_pool::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& each : threads_) each.join();
    threads_.clear();
}

bool is_common_password(std::string_view password) noexcept {
    std::string lower(password);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return std::find(common_passwords.begin(), common_passwords.end(), lower) != common_passwords.end();
}

}  // namespace qtable::net
