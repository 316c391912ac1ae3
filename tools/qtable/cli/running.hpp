// What `dev` and `serve` have in common before and after the server runs. Main thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/qtable/cli/settings.hpp"

namespace qtable::tools {

// Until the server takes the signals itself, SIGTERM and SIGINT end the process at once with exit code 0:
// nothing is open that wouldn't survive it. A reader of stdout that has gone is no reason to end.
void stop_at_once_on_signals();

// Throws command_error when another program listens there, before anything else is started. The server's own
// sockets are shared by its threads (SO_REUSEPORT), so they alone wouldn't notice a second server of the same
// user.
void require_free_port(const std::string& address, std::uint16_t port);

// Throws command_error for a text among the settings that means nothing: a proxy that is no address or block,
// a kind of requests or form of lines to log that there isn't.
void require_sane(const serve_options& server);

// "auto" is text on a terminal, else JSON lines. After `require_sane`, before there are threads.
void choose_log_format(const std::string& wanted);

// One line to the log.
void say_migrated(int version);

// "http://127.0.0.1:8080"; brackets around IPv6, https with a certificate.
std::string url_of(const serve_options& server, std::uint16_t port);

// The one line on stdout that scripts wait for.
void say_listening(const std::string& url);

}  // namespace qtable::tools
