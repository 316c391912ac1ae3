// What lies between clients and engines: connections with a deadline for each answer, the Idempotency-Key on
// its way (core's ledger, on the actor's home core, as net/api/command_path uses it), and the stop that lets
// what was asked end. One per process; its messages between cores take a moment. Every request that came
// through is answered once, unless the process dies.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <unordered_map>
#include <vector>

#include "core/engine/idempotency.hpp"
#include "core/timer/wheel.hpp"
#include "tests/sim/model_journal.hpp"

namespace qtable::sim {

constexpr std::uint32_t cores = 3;

inline std::uint32_t owner_of(const uuid& id) noexcept {
    return static_cast<std::uint32_t>(id.hash() % cores);
}

class front {
  public:
    struct outside {
        model_server& server;
        process_turns& turns;
        std::array<model_journal*, cores> journals;
        std::function<void(command_envelope&&)> submit;  // on the owner's core
        std::function<bool()> is_shared;                 // whether other nodes may have stored something
    };
    explicit front(outside around);

    // A client's request; the ticket is in `reply_to`.
    void ask(command_envelope&& what);
    // The owner's answer.
    void answered(std::uint64_t ticket, reply&& what);
    // Deadlines.
    void on_time(instant now) { wheel_.advance(now.ms); }

    void stop_accepting() noexcept { is_draining_ = true; }
    bool is_draining() const noexcept { return is_draining_; }
    // Requests whose client still waits.
    std::size_t waiting() const noexcept { return busy_; }

  private:
    struct connection final : timer_entry {
        explicit connection(front& to) : of(to) {}
        void on_deadline(std::int64_t) override { of.give_up(*this); }
        front& of;
        std::uint64_t ticket = 0;  // of its last request
    };

    connection& connect();
    void give_up(connection& from);
    void begin(const command_envelope& what);
    void look_up(const command_envelope& what, bool is_uncertain);
    void replay(std::uint64_t ticket, const receipt_row& stored, const receipt_request& key);
    void replay_or(const command_envelope& what, reply&& refused);
    void send(const command_envelope& what);
    void reply_to(std::uint64_t ticket, const reply& what, bool is_replay = false);
    void refuse(std::uint64_t ticket, errc code);
    void post(std::function<void()> what);
    idempotency_ledger& ledger_of(const receipt_request& key) { return ledgers_[owner_of(key.actor)]; }

    outside around_;
    timer_wheel wheel_;
    std::array<idempotency_ledger, cores> ledgers_;
    std::deque<connection> connections_;
    std::vector<connection*> idle_;
    // That the cores still work on; without a connection once the client has given up.
    std::unordered_map<std::uint64_t, connection*> requests_;
    // Under a key, until its owner answers.
    std::unordered_map<std::uint64_t, command_envelope> running_;
    std::size_t busy_ = 0;
    bool is_draining_ = false;
};

}  // namespace qtable::sim
