// The floor: a bare epoll loop that answers every HTTP request with the same bytes, whatever it asks for. It
// looks only for the empty line that ends a request, answers all that are complete with one write, and does
// nothing else: what a real server spends above this is its own. Usage: floor --port P [--threads N] [--file
// RESPONSE_BYTES] RESPONSE_BYTES is a file that holds a whole response, head included.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t buffer_bytes = 64 * 1024;
constexpr std::string_view request_end = "\r\n\r\n";

struct connection {
    int descriptor = -1;
    std::string rest;  // of a request that isn't complete
};

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(2);
}

int listen_on(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    void* const address = &at;
    if (::bind(descriptor, static_cast<sockaddr*>(address), sizeof at) != 0) die("bind");
    if (::listen(descriptor, 4096) != 0) die("listen");
    return descriptor;
}

// How many requests end in `bytes`; `used` is where the last of them does.
std::size_t count_requests(std::string_view bytes, std::size_t& used) {
    std::size_t count = 0;
    used = 0;
    for (std::size_t end = bytes.find(request_end); end != std::string_view::npos;
         end = bytes.find(request_end, used)) {
        used = end + request_end.size();
        ++count;
    }
    return count;
}

class loop {
  public:
    loop(std::uint16_t port, std::string_view response)
        : epoll_(::epoll_create1(EPOLL_CLOEXEC)), listener_(listen_on(port)), response_(response) {
        watch(listener_, nullptr);
    }

    [[noreturn]] void run() {
        std::array<epoll_event, 128> events;
        for (;;) {
            const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < count; ++i) {
                void* const who = events[static_cast<std::size_t>(i)].data.ptr;
                if (who == nullptr)
                    accept_all();
                else
                    serve(*static_cast<connection*>(who));
            }
        }
    }

  private:
    void watch(int descriptor, connection* who) {
        epoll_event event{};
        event.events = EPOLLIN | EPOLLRDHUP;
        event.data.ptr = who;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
    }

    void accept_all() {
        for (;;) {
            const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (descriptor < 0) return;
            watch(descriptor, new connection{descriptor, {}});
        }
    }

    void serve(connection& from) {
        const ssize_t got = ::recv(from.descriptor, buffer_.data(), buffer_.size(), 0);
        if (got <= 0) {
            ::close(from.descriptor);
            delete &from;
            return;
        }
        std::string_view bytes(buffer_.data(), static_cast<std::size_t>(got));
        if (!from.rest.empty()) bytes = from.rest.append(bytes);
        std::size_t used = 0;
        const std::size_t requests = count_requests(bytes, used);
        answer(from.descriptor, requests);
        if (used != bytes.size() || !from.rest.empty()) from.rest = std::string(bytes.substr(used));
    }

    void answer(int descriptor, std::size_t requests) {
        if (requests == 0) return;
        std::string_view out = response_;
        if (requests > 1) {
            answers_.clear();
            for (std::size_t i = 0; i < requests; ++i) answers_.append(response_);
            out = answers_;
        }
        // A load generator reads what it asked for, so a full socket is only waited out.
        while (!out.empty()) {
            const ssize_t sent = ::send(descriptor, out.data(), out.size(), MSG_NOSIGNAL);
            if (sent > 0) out.remove_prefix(static_cast<std::size_t>(sent));
            if (sent < 0 && errno != EAGAIN) return;
        }
    }

    int epoll_, listener_;
    std::string_view response_;
    std::string answers_;
    std::array<char, buffer_bytes> buffer_;
};

}  // namespace

int main(int argc, char** argv) {
    std::uint16_t port = 8080;
    int threads = 1;
    std::string response =
        "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-Request-Id: 00000000-1\r\n"
        "Content-Type: application/json\r\nContent-Length: 31\r\n\r\n{\"items\":[],\"next_cursor\":null}";
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--port") port = static_cast<std::uint16_t>(std::atoi(argv[i + 1]));
        if (name == "--threads") threads = std::atoi(argv[i + 1]);
        if (name == "--file") {
            std::ifstream file(argv[i + 1], std::ios::binary);
            if (!file) die(argv[i + 1]);
            response.assign(std::istreambuf_iterator<char>(file), {});
        }
    }
    std::vector<std::thread> running;
    for (int i = 0; i < threads; ++i)
        running.emplace_back([&] { std::make_unique<loop>(port, response)->run(); });
    for (std::thread& each : running) each.join();
}
