// Sends the letters that transactions left in the table `mail_outbox`: claims those that are due for a short
// lease, so that no two nodes send the same one, hands each to a sink, and marks it sent, or due again later
// with a growing delay. A letter that the sink took is marked before anything else, as often as it takes;
// only when the process dies in between is it sent once more after its lease, as the same message (its
// Message-ID is the letter's id). Owner: one core (0). The sink runs inside `run`, on a thread of the owner's
// choice; everything else on the core. Bounds: `limits::mails_per_claim` letters at a time,
// `limits::mail_attempts` tries each.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/engine/accounts.hpp"
#include "storage/pg/pg_connection.hpp"

namespace qtable::storage {

// What became of a letter. `refused`: for good, no try will help. `put_back`: it was not tried.
struct mail_outcome {
    enum class kind : std::uint8_t { sent, failed, refused, put_back };
    kind what = kind::sent;
    std::string error = {};  // says nothing about people
};
using mail_sink = std::function<mail_outcome(const mail&)>;

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
    // Looks no more. `marked` (may be empty) is called when every letter in hand is sent or put back, and
    // marked so.
    void stop(std::function<void()> marked = {});

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
