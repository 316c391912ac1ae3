// What the state machines need of libpq, so that they run in tests without a server. Every call returns at
// once. Owner: one connection_fsm. The real one is libpq_wire; tests script their own.
#pragma once

#include <optional>
#include <string>

#include "storage/pg/conninfo.hpp"
#include "storage/pg/unit.hpp"

namespace qtable::storage {

class pg_wire {
  public:
    virtual ~pg_wire() = default;

    enum class progress : std::uint8_t { want_read, want_write, connected, failed };
    virtual progress connect(const connect_target& target) = 0;
    virtual progress poll() = 0;
    virtual bool enter_pipeline() = 0;

    // Each false = the connection is broken.
    virtual bool send_prepare(const statement& what, const params& with) = 0;
    virtual bool send_prepared(const statement& what, const params& with) = 0;
    virtual bool send_unprepared(const statement& what, const params& with) = 0;
    virtual bool send_sync() = 0;

    enum class flushed : std::uint8_t { all, more, failed };
    virtual flushed flush() = 0;
    virtual bool consume_input() = 0;  // false = the connection is broken; what had come can still be read
    virtual bool busy() = 0;           // next_answer would have to wait

    enum class answer_kind : std::uint8_t {
        none,     // the end of one statement's answers
        ok,       // `result`
        error,    // `failure`
        aborted,  // skipped because of an earlier error in its segment
        sync,     // the segment is over; committed when no error came before
    };
    struct answer {
        answer_kind kind = answer_kind::none;
        rows result;
        unit_failure failure;
    };
    virtual answer next_answer() = 0;

    struct notification {
        std::string channel, payload;
    };
    virtual std::optional<notification> next_notification() = 0;

    // Why it broke, one line.
    virtual std::string error() const = 0;
    virtual int socket() const = 0;
    virtual void finish() = 0;
};

}  // namespace qtable::storage
