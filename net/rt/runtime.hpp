// The cores of the process: makes them, starts one thread each, passes messages between them, and stops them
// in order. Owner: main. Any core: `size`, `core(i).metrics()`, `post`.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "net/rt/core_thread.hpp"
#include "net/rt/message.hpp"

namespace qtable::net {

class runtime {
  public:
    explicit runtime(std::uint32_t cores);
    ~runtime();
    runtime(const runtime&) = delete;
    runtime& operator=(const runtime&) = delete;

    std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(cores_.size()); }
    core_thread& core(std::uint32_t index) noexcept { return *cores_[index]; }

    // Starts the threads. `on_start` runs first on each, on its own core. Ignores SIGPIPE: OpenSSL writes
    // with write(2).
    void start(std::function<void(core_thread&)> on_start = {});
    // Ends the loops, last core first, and joins the threads. Messages that never ran are discarded. Not from
    // a core.
    void stop();

    // Any core. The message owns itself from here.
    void post(std::uint32_t core, message* what) { cores_[core]->post(what); }
    // Any core, cold paths: allocates one message for the callable.
    template <class Function>
    requires(!std::is_convertible_v<Function, message*>) void post(std::uint32_t core, Function&& function) {
        post(core, static_cast<message*>(
                       new function_message<std::decay_t<Function>>(std::forward<Function>(function))));
    }

  private:
    std::vector<std::unique_ptr<core_thread>> cores_;
    std::vector<std::thread> threads_;
};

}  // namespace qtable::net
