// Many connections to one server, held by one thread: WebSockets that read what they are told, or kept HTTP
// connections that asked once. For each line "wait N" on its standard input it prints the frames and bytes
// that came since the start, as soon as there are N frames; it ends with its input.
// Usage: subscribers --port P --target PATH --connections N [--plain 1]
// --plain: an ordinary GET instead of a WebSocket. Sources are 127.0.0.2, .3, … with 5,000 connections each.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view head_end = "\r\n\r\n";
constexpr int connections_per_source = 5000;
constexpr rlim_t spare_descriptors = 100;
enum opcode : unsigned char { text = 1, close_frame = 8, ping = 9 };

struct options {
    std::uint16_t port = 0;
    std::string target;
    int connections = 0;
    bool is_plain = false;
};

struct subscriber {
    int descriptor = -1;
    std::string rest;  // a frame that isn't complete
};

[[noreturn]] void die(const std::string& what) {
    std::fprintf(stderr, "subscribers: %s: %s\n", what.c_str(), std::strerror(errno));
    std::exit(2);
}

void send_all(int descriptor, std::string_view out) {
    while (!out.empty()) {
        const ssize_t sent = ::send(descriptor, out.data(), out.size(), MSG_NOSIGNAL);
        if (sent > 0) out.remove_prefix(static_cast<std::size_t>(sent));
        if (sent < 0 && errno != EAGAIN) die("send");
    }
}

int connect_to(std::uint16_t port, int number) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) die("socket");
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    void* const address = &at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + static_cast<unsigned>(number / connections_per_source));
    if (::bind(descriptor, static_cast<sockaddr*>(address), sizeof at) != 0) die("bind");
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor, static_cast<sockaddr*>(address), sizeof at) != 0) die("connect");
    return descriptor;
}

// The answer's head, and whatever came with it.
std::string read_head(int descriptor) {
    std::string got;
    std::array<char, 16 * 1024> buffer;
    while (got.find(head_end) == std::string::npos) {
        const ssize_t count = ::recv(descriptor, buffer.data(), buffer.size(), 0);
        if (count <= 0) die("the server closed within its answer");
        got.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return got;
}

std::size_t content_length(std::string_view head) {
    constexpr std::string_view name = "Content-Length: ";
    const std::size_t at = head.find(name);
    return at == std::string_view::npos ? 0 : std::strtoul(head.data() + at + name.size(), nullptr, 10);
}

class crowd {
  public:
    explicit crowd(const options& chosen) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        const std::string host = "Host: 127.0.0.1:" + std::to_string(chosen.port) + "\r\n";
        const std::string head = "GET " + chosen.target + " HTTP/1.1\r\n" + host;
        const std::string upgrade =
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        for (int i = 0; i < chosen.connections; ++i) {
            auto made = std::make_unique<subscriber>();
            made->descriptor = connect_to(chosen.port, i);
            send_all(made->descriptor, head + (chosen.is_plain ? "" : upgrade) + "\r\n");
            const std::string got = read_head(made->descriptor);
            const std::size_t body = got.find(head_end) + head_end.size();
            if (got.compare(0, 12, chosen.is_plain ? "HTTP/1.1 200" : "HTTP/1.1 101") != 0)
                die("refused: " + got.substr(0, body));
            subscriber* const who = made.get();
            all_.push_back(std::move(made));
            if (chosen.is_plain)
                skip_body(who->descriptor, content_length(got) - (got.size() - body));
            else
                take(*who, std::string_view(got).substr(body));
            watch(who->descriptor, who);
        }
        watch(STDIN_FILENO, nullptr);
        std::printf("ready %d\n", chosen.connections);
        std::fflush(stdout);
    }

    void run() {
        std::array<epoll_event, 256> events;
        while (!is_over_) {
            const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < count; ++i) {
                void* const who = events[static_cast<std::size_t>(i)].data.ptr;
                who == nullptr ? read_line() : read(*static_cast<subscriber*>(who));
            }
            tell();
        }
    }

  private:
    void watch(int descriptor, subscriber* who) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = who;
        if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) die("epoll_ctl");
    }

    void skip_body(int descriptor, std::size_t left) {
        while (left > 0) {
            const ssize_t got = ::recv(descriptor, buffer_.data(), std::min(left, buffer_.size()), 0);
            if (got <= 0) die("the server closed within its answer");
            left -= static_cast<std::size_t>(got);
        }
    }

    void read(subscriber& from) {
        const ssize_t got = ::recv(from.descriptor, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) die("a connection was closed");
        take(from, {buffer_.data(), static_cast<std::size_t>(got)});
    }

    void take(subscriber& from, std::string_view data) {
        bytes_ += data.size();
        if (!from.rest.empty()) data = from.rest.append(data);
        std::size_t used = 0;
        while (const std::size_t size = frame_size(data.substr(used))) {
            on_frame(from, data.substr(used, size));
            used += size;
        }
        if (used != data.size() || !from.rest.empty()) from.rest = std::string(data.substr(used));
    }

    // Of the first frame, which a server doesn't mask; 0 = it isn't complete.
    static std::size_t frame_size(std::string_view data) {
        if (data.size() < 2) return 0;
        const auto byte = [&data](std::size_t i) {
            return static_cast<std::size_t>(static_cast<unsigned char>(data[i]));
        };
        std::size_t head = 2, payload = byte(1) & 0x7f;
        const std::size_t wide = payload == 126 ? 2 : payload == 127 ? 8 : 0;
        if (wide != 0) {
            if (data.size() < 2 + wide) return 0;
            payload = 0;
            for (std::size_t i = 0; i < wide; ++i) payload = payload << 8 | byte(2 + i);
            head += wide;
        }
        return data.size() < head + payload ? 0 : head + payload;
    }

    void on_frame(const subscriber& from, std::string_view frame) {
        const auto what = static_cast<unsigned char>(frame[0] & 0x0f);
        if (what == text) ++frames_;
        if (what == close_frame) die("the server said goodbye");
        if (what != ping) return;
        // Masked with zeros: the same payload.
        std::string pong{'\x8a', static_cast<char>(frame[1] | '\x80'), 0, 0, 0, 0};
        pong += frame.substr(2);
        send_all(from.descriptor, pong);
    }

    void read_line() {
        std::array<char, 200> line;
        const ssize_t got = ::read(STDIN_FILENO, line.data(), line.size() - 1);
        if (got <= 0) {
            is_over_ = true;
            return;
        }
        line[static_cast<std::size_t>(got)] = 0;
        if (std::strncmp(line.data(), "wait ", 5) != 0) die("what is asked isn't \"wait N\"");
        wanted_ = std::strtoull(line.data() + 5, nullptr, 10);
        is_asked_ = true;
    }

    void tell() {
        if (!is_asked_ || frames_ < wanted_) return;
        is_asked_ = false;
        std::printf("%llu %llu\n", frames_, bytes_);
        std::fflush(stdout);
    }

    int epoll_;
    std::vector<std::unique_ptr<subscriber>> all_;
    std::array<char, 64 * 1024> buffer_;
    unsigned long long frames_ = 0, bytes_ = 0, wanted_ = 0;
    bool is_asked_ = false, is_over_ = false;
};

}  // namespace

int main(int argc, char** argv) {
    options chosen;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--port") chosen.port = static_cast<std::uint16_t>(std::atoi(argv[i + 1]));
        if (name == "--target") chosen.target = argv[i + 1];
        if (name == "--connections") chosen.connections = std::atoi(argv[i + 1]);
        if (name == "--plain") chosen.is_plain = std::string_view(argv[i + 1]) == "1";
    }
    if (chosen.target.empty() || chosen.connections < 1) {
        std::fputs("usage: subscribers --port P --target PATH --connections N [--plain 1]\n", stderr);
        return 2;
    }
    const rlim_t wanted = static_cast<rlim_t>(chosen.connections) + spare_descriptors;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < wanted) {
        limit = {wanted, std::max(wanted, limit.rlim_max)};
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) die("that many descriptors");
    }
    crowd(chosen).run();
}
