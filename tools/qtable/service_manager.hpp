// Tells a service manager such as systemd (Type=notify) how far the server is: one datagram a state, to the
// Unix socket that it named. Without one nothing is told. Main thread; never waits.
#pragma once

#include <string>
#include <string_view>

namespace qtable::tools {

class service_manager {
  public:
    // `address`: what NOTIFY_SOCKET says, a path or '@' and an abstract name; empty: nobody asks. Throws
    // std::runtime_error when it is neither.
    explicit service_manager(const std::string& address);
    ~service_manager();
    service_manager(const service_manager&) = delete;
    service_manager& operator=(const service_manager&) = delete;

    void ready() const noexcept { tell("READY=1\nSTATUS=serving"); }
    void stopping() const noexcept { tell("STOPPING=1\nSTATUS=draining"); }

  private:
    // Nobody there, or too busy to take it: the server doesn't depend on being heard.
    void tell(std::string_view state) const noexcept;

    int socket_ = -1;
};

}  // namespace qtable::tools
