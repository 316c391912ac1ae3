// Sends letters over SMTP (libcurl): STARTTLS or TLS unless told that plain text will do, log-in when there
// is a user. A new connection per letter: letters are rare. Blocks for at most `timeout_ms`, so it runs on a
// thread of its own (`mail_outbox_options::run`). A refusal by the server that no try will change (5xx) is
// `refused`, everything else is tried again. When the server took the data but its answer was lost, the
// letter counts as not sent and goes again as the same message.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "storage/store/mail_format.hpp"
#include "storage/store/mail_outbox.hpp"

namespace qtable::storage {

// How another thread ends the sending.
struct smtp_stop {
    std::atomic<bool> no_more{false};  // nothing more is begun: `put_back`
    std::atomic<bool> at_once{false};  // and what is being sent is given up
};

struct smtp_options {
    std::string url;  // smtp://host:587 (STARTTLS) or smtps://host:465
    std::string user;
    std::string password;
    bool is_plain_allowed = false;  // go on without TLS when the server offers none
    mail_sender sender;
    std::int64_t connect_timeout_ms = 10'000;
    std::int64_t timeout_ms = 20'000;  // of the whole letter
    std::shared_ptr<const smtp_stop> stop = nullptr;
};

// Throws std::runtime_error when libcurl can't work here. `clock` is called on the thread that sends. Make it
// before other threads are started.
mail_sink smtp_sink(smtp_options options, std::function<instant()> clock);

}  // namespace qtable::storage
