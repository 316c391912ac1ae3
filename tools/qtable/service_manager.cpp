#include "tools/qtable/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <stdexcept>

namespace qtable::tools {

service_manager::service_manager(const std::string& address) {
    if (address.empty()) return;
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    const bool is_abstract = address.front() == '@';
    if ((!is_abstract && address.front() != '/') || address.size() >= sizeof to.sun_path)
        throw std::runtime_error("NOTIFY_SOCKET: must be a path or an abstract name of at most 107 bytes");
    std::memcpy(to.sun_path, address.data(), address.size());
    if (is_abstract) to.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket_ < 0 || connect(socket_, reinterpret_cast<const sockaddr*>(&to), size) != 0) {
        const int error = errno;
        if (socket_ >= 0) close(socket_);
        throw std::runtime_error("NOTIFY_SOCKET: can't reach " + address + ": " + std::strerror(error));
    }
}

service_manager::~service_manager() {
    if (socket_ >= 0) close(socket_);
}

void service_manager::tell(std::string_view state) const noexcept {
    if (socket_ >= 0) static_cast<void>(send(socket_, state.data(), state.size(), MSG_NOSIGNAL));
}

}  // namespace qtable::tools
