#include "net/io/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "core/base/limits.hpp"

namespace qtable::net {
namespace {

constexpr int accepts_per_turn = 64;
constexpr int backlog = 4096;

struct endpoint {
    sockaddr_storage storage{};
    socklen_t size = 0;
    sockaddr* address() noexcept {
        void* const raw = &storage;
        return static_cast<sockaddr*>(raw);
    }
};

boost::system::error_code system_error(int error) {
    return {error, boost::system::system_category()};
}

bool parse_endpoint(const std::string& address, std::uint16_t port, endpoint& out) {
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        std::memcpy(&out.storage, &v4, out.size = sizeof v4);
        return true;
    }
    if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) != 1) return false;
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&out.storage, &v6, out.size = sizeof v6);
    return true;
}

std::uint16_t bound_port(int descriptor) {
    endpoint bound;
    bound.size = sizeof bound.storage;
    ::getsockname(descriptor, bound.address(), &bound.size);
    return peer_address::from(*bound.address()).port;
}

result<int> open_one(endpoint& at) {
    const int descriptor = ::socket(at.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return system_error(errno);
    const int on = 1, off = 0;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    // Accepted sockets inherit it: answers leave at once.
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (at.storage.ss_family == AF_INET6)
        ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (::bind(descriptor, at.address(), at.size) != 0 || ::listen(descriptor, backlog) != 0) {
        const int error = errno;
        ::close(descriptor);
        return system_error(error);
    }
    return descriptor;
}

}  // namespace

listening_sockets::~listening_sockets() {
    for (const int each : descriptors_)
        if (each >= 0) ::close(each);
}

listening_sockets::listening_sockets(listening_sockets&& other) noexcept
    : descriptors_(std::exchange(other.descriptors_, {})), port_(other.port_) {}

result<listening_sockets> listening_sockets::open(const std::string& address, std::uint16_t port,
                                                  std::uint32_t count) {
    listening_sockets sockets;
    for (std::uint32_t i = 0; i < count; ++i) {
        endpoint at;
        if (!parse_endpoint(address, i == 0 ? port : sockets.port_, at))
            return make_error_code(errc::invalid_input);
        const result<int> opened = open_one(at);
        if (!opened) return opened.error();
        sockets.descriptors_.push_back(*opened);
        if (i == 0) sockets.port_ = bound_port(*opened);
    }
    return sockets;
}

int listening_sockets::take(std::uint32_t index) noexcept {
    return std::exchange(descriptors_[index], -1);
}

listener::listener(core_thread& core, int descriptor, const tls_context* tls, on_accept accept)
    : core_(core),
      descriptor_(descriptor),
      reserve_(::dup(descriptor)),
      tls_(tls),
      accept_(std::move(accept)),
      retry_(core.context()) {}

listener::~listener() {
    if (descriptor_ >= 0) {
        core_.poller().remove(descriptor_, *this);
        ::close(descriptor_);
    }
    if (reserve_ >= 0) ::close(reserve_);
}

void listener::start() {
    if (!core_.poller().add(descriptor_, *this)) core_.report("the listening socket can't be watched");
}

void listener::stop_accepting() {
    if (descriptor_ < 0) return;
    retry_.cancel();
    accept_some(backlog);
    core_.poller().remove(descriptor_, *this);
    ::close(std::exchange(descriptor_, -1));
    // The reserve is a duplicate of the socket: while it is open the port would still be listened on.
    if (reserve_ >= 0) ::close(std::exchange(reserve_, -1));
}

void listener::on_ready(readiness) {
    accept_some(accepts_per_turn);
}

void listener::accept_some(int most) {
    for (int i = 0; i < most; ++i) {
        endpoint peer;
        peer.size = sizeof peer.storage;
        const int descriptor =
            ::accept4(descriptor_, peer.address(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0) {
            core_.metrics().accepted.add();
            accept_(
                std::make_unique<transport>(core_, descriptor, peer_address::from(*peer.address()), tls_));
            continue;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) return;
        if (errno == EINTR || errno == ECONNABORTED) continue;
        core_.metrics().accept_errors.add();
        if (errno == EMFILE || errno == ENFILE) shed_one();
        retry_later();
        return;
    }
    // More may wait, and no edge will say so.
    core_.poller().rearm(descriptor_, *this);
}

void listener::shed_one() noexcept {
    core_.report("out of file descriptors: connections are refused");
    if (reserve_ >= 0) ::close(reserve_);
    const int shed = ::accept4(descriptor_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (shed >= 0) ::close(shed);
    reserve_ = ::dup(descriptor_);
}

void listener::retry_later() {
    retry_.expires_after(std::chrono::milliseconds(limits::accept_retry_ms));
    retry_.async_wait([this](boost::system::error_code error) {
        if (error || descriptor_ < 0) return;
        const turn_scope turn(core_);
        accept_some(accepts_per_turn);
    });
}

}  // namespace qtable::net
