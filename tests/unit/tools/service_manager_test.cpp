#include "tools/qtable/service_manager.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace qtable::tools {
namespace service_manager_test {

// Where a service manager listens; empty when there is nothing to be read.
class listening_manager {
  public:
    explicit listening_manager(const std::string& name) : socket_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        std::memcpy(at.sun_path, name.data(), name.size());
        if (name.front() == '@') at.sun_path[0] = '\0';
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&at), size), 0) << std::strerror(errno);
    }
    ~listening_manager() { close(socket_); }
    std::string heard() const {
        char text[128];
        const ssize_t size = recv(socket_, text, sizeof text, MSG_DONTWAIT);
        return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
    }

  private:
    int socket_;
};

void tell_both(const std::string& name) {
    const listening_manager manager(name);
    const service_manager told(name);
    EXPECT_EQ(manager.heard(), "");
    told.ready();
    EXPECT_EQ(manager.heard(), "READY=1\nSTATUS=serving");
    told.stopping();
    EXPECT_EQ(manager.heard(), "STOPPING=1\nSTATUS=draining");
}

TEST(service_manager, hears_over_a_path) {
    char folder[] = "/tmp/qtable-notify-XXXXXX";
    ASSERT_NE(mkdtemp(folder), nullptr);
    tell_both(std::string(folder) + "/socket");
    std::filesystem::remove_all(folder);
}

TEST(service_manager, hears_over_an_abstract_name) {
    tell_both("@qtable-notify-" + std::to_string(getpid()));
}

TEST(service_manager, none_is_no_problem) {
    const service_manager nobody("");
    nobody.ready();
    nobody.stopping();
}

TEST(service_manager, one_that_is_gone_is_no_problem) {
    const std::string name = "@qtable-notify-gone-" + std::to_string(getpid());
    auto manager = std::make_unique<listening_manager>(name);
    const service_manager told(name);
    manager.reset();
    told.ready();
}

TEST(service_manager, refuses_what_is_no_address) {
    for (const std::string& address : {std::string("relative"), '/' + std::string(200, 'x')})
        EXPECT_THROW(service_manager{address}, std::runtime_error) << address;
    EXPECT_THROW(service_manager("/nowhere/at/all"), std::runtime_error);
}

}  // namespace service_manager_test
}  // namespace qtable::tools
