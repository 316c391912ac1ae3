// Password hashing (argon2id, libsodium) on a small bounded pool of threads: it takes some 25 ms and 19 MiB,
// so it never runs on a core. Answers come back to the core that asked. When the queue is full the caller is
// told so at once. Owner: main; any core may ask. Bounds: `limits::password_hash_queue` waiting jobs.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/rt/runtime.hpp"

namespace qtable::net {

class password_pool {
  public:
    password_pool(runtime& cores, std::size_t threads);
    ~password_pool();
    password_pool(const password_pool&) = delete;
    password_pool& operator=(const password_pool&) = delete;

    // False: the queue is full, `done` won't be called. `done` runs on `core`; an empty hash means out of
    // memory.
    bool hash(std::uint32_t core, std::string password, std::function<void(std::string)> done);
    // An empty `stored` takes as long as a wrong password and is never right: unknown accounts don't answer
    // faster.
    bool verify(std::uint32_t core, std::string password, std::string stored, std::function<void(bool)> done);

    // Finishes what waits, then ends the threads. Before the runtime stops.
    void stop();
    // On the calling thread: for command-line tools.
    static std::string hash_now(std::string_view password);

  private:
    bool enqueue(std::function<void()> job);
    void work();

    runtime& cores_;
    std::string decoy_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> jobs_;
    bool is_stopping_ = false;
    std::vector<std::thread> threads_;
};

// Among the passwords that everybody tries first.
bool is_common_password(std::string_view password) noexcept;

}  // namespace qtable::net
