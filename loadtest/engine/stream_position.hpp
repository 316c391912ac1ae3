// Where a socket stands in its stream, and whether what comes next is what must come: numbers without a hole
// and without a repeat, across reconnects, or an honest word that something can't be had any more. No I/O;
// the socket's thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace qtable::loadtest {

class stream_position {
  public:
    enum class verdict : std::uint8_t {
        live,
        replayed,   // missed while the socket was away
        duplicate,  // had come before
        hole        // something before it is missing
    };

    bool can_resume() const noexcept { return !epoch_.empty(); }
    // "epoch=…&since_seq=…"
    std::string resume_query() const;

    // When it resumed and the epoch is another one, a resync has to follow; an event instead is a hole.
    void hello(std::string_view epoch, std::int64_t seq, bool is_resumed);
    void resync() noexcept;
    verdict event(std::int64_t seq) noexcept;

    // Everything that the last hello spoke of has come.
    bool is_caught_up() const noexcept { return seq_ >= hello_seq_; }
    std::int64_t seq() const noexcept { return seq_; }
    const std::string& epoch() const noexcept { return epoch_; }

  private:
    std::string epoch_;
    std::int64_t seq_ = 0;           // the last that came
    std::int64_t hello_seq_ = 0;     // where the stream stood when the socket joined
    bool is_epoch_new_ = false;      // and nobody has said yet that something is lost
    bool is_anything_next_ = false;  // after a resync
    bool is_fresh_ = false;          // nothing has come since the hello
};

}  // namespace qtable::loadtest
