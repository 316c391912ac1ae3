#include "tools/qtable/cli/running.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdio>

namespace qtable::tools {

void stop_at_once_on_signals() {
    for (const int number : {SIGTERM, SIGINT}) {
        struct sigaction act {};
        act.sa_handler = [](int) { _exit(0); };
        sigaction(number, &act, nullptr);
    }
    signal(SIGPIPE, SIG_IGN);
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
