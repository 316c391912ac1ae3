#include "tools/qtable/cli/running.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "net/io/address_range.hpp"
#include "net/rt/log.hpp"
#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {

void stop_at_once_on_signals() {
    for (const int number : {SIGTERM, SIGINT}) {
        struct sigaction act {};
        act.sa_handler = [](int) { _exit(0); };
        sigaction(number, &act, nullptr);
    }
    signal(SIGPIPE, SIG_IGN);
}

void require_free_port(const std::string& address, std::uint16_t port) {
    sockaddr_in6 v6{};
    sockaddr_in v4{};
    v6.sin6_family = AF_INET6;
    v4.sin_family = AF_INET;
    v6.sin6_port = v4.sin_port = htons(port);
    const bool is_v4 = inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1;
    if (!is_v4 && inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) != 1) {
        throw command_error(exit_configuration,
                            "--address: must be an IPv4 or IPv6 address, not \"" + one_line(address) + "\"");
    }
    if (port == 0) return;
    const int probe = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on,
               sizeof on);  // connections of a former run may still linger
    const void* const raw = is_v4 ? static_cast<const void*>(&v4) : &v6;
    const bool is_free = bind(probe, static_cast<const sockaddr*>(raw), is_v4 ? sizeof v4 : sizeof v6) == 0;
    const int error = errno;
    close(probe);
    if (!is_free) {
        throw command_error(exit_configuration, "can't listen on " + address + " port " +
                                                    std::to_string(port) + ": " + std::strerror(error) +
                                                    "; choose another with --port");
    }
}

void require_sane(const serve_options& server) {
    const std::string& logged = server.app.log_requests;
    if (logged != "none" && logged != "errors" && logged != "all") {
        throw command_error(exit_configuration,
                            "--log-requests: must be none, errors or all, not \"" + one_line(logged) + "\"");
    }
    const std::string& form = server.log_format;
    if (form != "auto" && form != "text" && form != "json") {
        throw command_error(exit_configuration,
                            "--log-format: must be auto, text or json, not \"" + one_line(form) + "\"");
    }
    if (!partition::parse(server.part)) {
        throw command_error(exit_configuration, "--partition: must be I/N with 1 <= I <= N <= " +
                                                    std::to_string(partition::parts_max) +
                                                    ", such as 1/2, not \"" + one_line(server.part) + "\"");
    }
    for (const std::string& text : server.trusted_proxies) {
        if (net::address_range::parse(text)) continue;
        throw command_error(exit_configuration,
                            "--trusted-proxy: must be an address or a block such as "
                            "10.0.0.0/8, with nothing behind the prefix, not \"" +
                                one_line(text) + "\"");
    }
}

void choose_log_format(const std::string& wanted) {
    const bool is_json = wanted == "json" || (wanted == "auto" && isatty(STDOUT_FILENO) == 0);
    net::set_log_format(is_json ? net::log_format::json : net::log_format::text);
}

void say_migrated(int version) {
    std::array<char, 40> line{};
    std::snprintf(line.data(), line.size(), "migration %04d applied", version);
    net::write_log(net::log_level::info, line.data());
}

std::string url_of(const serve_options& server, std::uint16_t port) {
    const bool v6 = server.address.find(':') != std::string::npos;
    return std::string(server.certificate_file.empty() ? "http://" : "https://") + (v6 ? "[" : "") +
           server.address + (v6 ? "]" : "") + ':' + std::to_string(port);
}

void say_listening(const std::string& url) {
    std::printf("listening on %s\n", url.c_str());
    std::fflush(stdout);
}

}  // namespace qtable::tools
