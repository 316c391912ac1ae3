// The floor of a fan-out: a bare epoll loop that takes WebSocket handshakes and, for each line on its
// standard input, writes the ready-made bytes of a file to every socket, one write a socket. What a real
// server spends above this per delivery is its own. A line holds the number of a file, in the order given;
// "done" is the answer. Usage: floor_websocket --port P --file FRAMES [--file FRAMES …]
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
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
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::string_view key_name = "Sec-WebSocket-Key: ";
constexpr std::string_view websocket_guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr rlim_t descriptors = 20'000;

struct connection {
    int descriptor = -1;
    std::string head;  // of a handshake that isn't complete
    bool is_open = false;
    std::size_t place = 0;  // among the open ones
};

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(2);
}

// As RFC 6455 wants it.
std::string accept_of(std::string_view key) {
    const std::string text = std::string(key) + std::string(websocket_guid);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) std::exit(2);
    std::array<unsigned char, 64> encoded;
    const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
    return {encoded.begin(), encoded.begin() + length};
}

int listen_on(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
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

// A subscriber reads all the time, so a full socket is only waited out.
bool send_all(int descriptor, std::string_view out) {
    while (!out.empty()) {
        const ssize_t sent = ::send(descriptor, out.data(), out.size(), MSG_NOSIGNAL);
        if (sent > 0) out.remove_prefix(static_cast<std::size_t>(sent));
        if (sent < 0 && errno != EAGAIN) return false;
    }
    return true;
}

class fan_out {
  public:
    fan_out(std::uint16_t port, std::vector<std::string> files)
        : epoll_(::epoll_create1(EPOLL_CLOEXEC)), listener_(listen_on(port)), files_(std::move(files)) {
        watch(listener_, &listener_);
        watch(STDIN_FILENO, &input_);
    }

    void run() {
        std::array<epoll_event, 128> events;
        while (!is_over_) {
            const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < count; ++i) {
                void* const who = events[static_cast<std::size_t>(i)].data.ptr;
                if (who == &listener_)
                    accept_all();
                else if (who == &input_)
                    read_lines();
                else
                    read(static_cast<connection*>(who));
            }
        }
    }

  private:
    void watch(int descriptor, void* who) {
        epoll_event event{};
        event.events = EPOLLIN | EPOLLRDHUP;
        event.data.ptr = who;
        if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) die("epoll_ctl");
    }

    void accept_all() {
        for (;;) {
            const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (descriptor < 0) return;
            watch(descriptor, new connection{descriptor, {}, false, 0});
        }
    }

    void end(connection* who) {
        if (who->is_open) {
            open_.back()->place = who->place;
            open_[who->place] = open_.back();
            open_.pop_back();
        }
        ::close(who->descriptor);
        delete who;
    }

    // After its handshake nothing that a subscriber sends matters.
    void read(connection* who) {
        const ssize_t got = ::recv(who->descriptor, buffer_.data(), buffer_.size(), 0);
        if (got <= 0) return end(who);
        if (who->is_open) return;
        who->head.append(buffer_.data(), static_cast<std::size_t>(got));
        if (who->head.find(head_end) == std::string::npos) return;
        const std::size_t key = who->head.find(key_name);
        if (key == std::string::npos) return end(who);
        const std::size_t begin = key + key_name.size();
        const std::size_t length = who->head.find('\r', begin) - begin;
        const std::string answer =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: " +
            accept_of(std::string_view(who->head).substr(begin, length)) + "\r\n\r\n";
        std::string().swap(who->head);
        if (!send_all(who->descriptor, answer)) return end(who);
        who->is_open = true;
        who->place = open_.size();
        open_.push_back(who);
    }

    void read_lines() {
        const ssize_t got = ::read(STDIN_FILENO, buffer_.data(), buffer_.size());
        if (got <= 0) {
            is_over_ = true;
            return;
        }
        input_.append(buffer_.data(), static_cast<std::size_t>(got));
        for (std::size_t at = input_.find('\n'); at != std::string::npos; at = input_.find('\n')) {
            const auto which = static_cast<std::size_t>(std::strtoul(input_.c_str(), nullptr, 10));
            input_.erase(0, at + 1);
            if (which < files_.size()) tell_all(files_[which]);
            std::puts("done");
            std::fflush(stdout);
        }
    }

    // A socket that is gone says so when it is read.
    void tell_all(std::string_view frames) {
        for (const connection* each : open_) send_all(each->descriptor, frames);
    }

    int epoll_, listener_;
    bool is_over_ = false;
    std::vector<std::string> files_;
    std::string input_;
    std::vector<connection*> open_;
    std::array<char, 16 * 1024> buffer_;
};

std::string contents_of(const char* path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) die(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
    std::uint16_t port = 8080;
    std::vector<std::string> files;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--port") port = static_cast<std::uint16_t>(std::atoi(argv[i + 1]));
        if (name == "--file") files.push_back(contents_of(argv[i + 1]));
    }
    if (files.empty()) {
        std::fputs("usage: floor_websocket --port P --file FRAMES [--file FRAMES …]\n", stderr);
        return 2;
    }
    const rlimit limit{descriptors, descriptors};
    ::setrlimit(RLIMIT_NOFILE, &limit);
    fan_out(port, std::move(files)).run();
}
