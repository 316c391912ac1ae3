// Sends the letters that transactions left in the table `mail_outbox`: claims those that are due for a short
// lease, so that no two nodes send the same one, hands each to a sink, and marks it sent, or due again later
// with a growing delay. Delivery is at least once: a sink must take the same letter twice without a second
// effect (eml_file_sink does). Owner: one core (0). The sink runs inside `run`, on a thread of the owner's
// choice; everything else on the core. Bounds: `limits::mails_per_claim` letters at a time,
// `limits::mail_attempts` tries each.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "core/engine/accounts.hpp"
#include "storage/pg/pg_connection.hpp"

namespace qtable::storage {

using mail_sink = std::function<result<void>(const mail&)>;

struct mail_outbox_options {
    std::function<instant()> clock;
    // Runs a job, once, on any thread; empty = at once on the core. A job that is never run is tried again
    // after its lease.
    std::function<void(std::function<void()>)> run;
};

class mail_outbox {
  public:
    mail_outbox(boost::asio::io_context& io, pg_connection& database, mail_sink sink,
                mail_outbox_options options);
    ~mail_outbox();
    mail_outbox(const mail_outbox&) = delete;
    mail_outbox& operator=(const mail_outbox&) = delete;

    // Begins to look every `limits::mail_poll_ms`.
    void start();
    // Looks now, or once more when it is looking already.
    void kick();
    void stop();

    struct counts {
        std::int64_t sent = 0;
        std::int64_t failed = 0;  // attempts
    };
    counts counted() const noexcept;

  private:
    class impl;
    std::shared_ptr<impl> impl_;
};

}  // namespace qtable::storage
