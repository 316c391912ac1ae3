// The way of a command from the core that got the request to the restaurant's owner and back, and the
// Idempotency-Key on that way: keys are looked after by the actor's home core, whichever core or restaurant
// the request is for. One per core; that core only. Every `done` is called exactly once, on the core that
// asked.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <optional>

#include "core/engine/command.hpp"
#include "core/engine/idempotency.hpp"
#include "core/engine/reply.hpp"

namespace qtable::net {

class app_core;

struct command_outcome {
    reply answer;
    bool is_replay = false;
};
using command_done = std::function<void(command_outcome&&)>;

class command_path {
  public:
    explicit command_path(app_core& app) : app_(app) {}

    // To the owner of `what.restaurant`; under its receipt's key when it has one. `misdirected` when another
    // node holds it.
    void submit(command_envelope&& what, command_done done);

    // Also of a restaurant that another node holds: its owner core reads it for this command alone. For what
    // concerns restaurants of several parts at once.
    void submit_anywhere(command_envelope&& what, command_done done);

    // The same for a booking of that customer, who may have at most `most` coming ones (0: any number):
    // `limit_reached` otherwise.
    void submit_booking(command_envelope&& what, const customer_id& customer, std::size_t most,
                        command_done done);

    // About something that the database holds: where there are other nodes and the owner says "not found", it
    // reads the restaurant again and decides anew, since one of them may have made it a moment ago.
    void submit_known(command_envelope&& what, command_done done);

    // Runs `start` at most once for the key, on the actor's home core; it must call `finish` once, there. A
    // key that was used before answers by the stored receipt, or is refused.
    using start_function = std::function<void(app_core& home, command_done finish)>;
    void run_once(const receipt_request& key, start_function start, command_done done);

    // The owner's answer to a command that this core sent.
    void arrived(std::uint64_t ticket, reply&& answer);

    idempotency_ledger& ledger() noexcept { return ledger_; }
    static idempotency_scope scope_of(const uuid& actor, std::string_view route, std::string_view key);
    std::size_t waiting() const noexcept { return waiting_.size(); }

  private:
    void send(command_envelope&& what, command_done done);
    void send_to_owner(command_envelope&& what, command_done done);
    void try_known(std::shared_ptr<const command_envelope> what, command_done done, int attempt);
    void at_home(const uuid& person, std::function<void(app_core& home, command_done&& back)> what,
                 command_done&& done);
    // On the home core.
    void begin(const receipt_request& key, start_function&& start, command_done&& done);
    void start_fresh(const receipt_request& key, start_function&& start, command_done&& done);
    // Whether other nodes store receipts, too.
    bool is_shared() const;
    void replay_or(const receipt_request& key, command_outcome&& refused, const command_done& done);
    void look_up(const receipt_request& key, bool is_uncertain, start_function&& start, command_done&& done);

    app_core& app_;
    idempotency_ledger ledger_;
    boost::unordered_flat_map<std::uint64_t, command_done> waiting_;
    std::uint64_t next_ticket_ = 1;
};

}  // namespace qtable::net
