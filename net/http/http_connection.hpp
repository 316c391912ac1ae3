// One HTTP connection: reads requests, has them answered in order, keeps its deadlines, and ends properly.
// An idle one owns no buffer: it reads into its core's, and answers leave from its core's. Everything that
// needs a rule is elsewhere: bytes to requests in request_reader, how an answer looks in responder and
// answer_head. Owner: its core's `http_service`. Bounds: `limits::pipelined_requests` answers waited for,
// `pipelined_bytes` of answers not yet taken by the peer; beyond either it stops reading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/timer/wheel.hpp"
#include "net/http/answer_head.hpp"
#include "net/http/http_service.hpp"
#include "net/http/pending_answer.hpp"
#include "net/http/request_reader.hpp"
#include "net/io/byte_buffer.hpp"

namespace qtable::net {

class http_connection final : public deletable,
                              private transport_user,
                              private timer_entry,
                              private turn_task {
  public:
    http_connection(http_service& service, std::unique_ptr<transport> connection);

    // For the service.
    std::uint64_t id() const noexcept { return id_; }
    void start();
    void complete(std::uint64_t request, response&& answer);
    void complete_upgrade(std::uint64_t request, std::unique_ptr<next_protocol> next,
                          std::string_view subprotocol);
    void drain();
    // Closes at once and is gone.
    void end(bool reset = false);

    // For the responder.
    std::string_view date_line();
    std::string_view ok_head(bool is_json);  // http_scratch::ok
    persistence persistence_of(bool is_close) const noexcept;
    std::string_view render_problem(int status, std::string_view code, std::string_view detail,
                                    std::string_view request_id);
    void on_answered(int status, bool is_close) noexcept;
    void defer(const request& request, bool is_close, bool is_websocket);

  private:
    enum class phase : std::uint8_t {
        open,
        closing,    // no more requests are read; ends when everything is answered and written
        lingering,  // nothing more is written; what comes is thrown away
        gone
    };

    // events
    void on_readable() override;
    void on_writable() override;
    void on_deadline(std::int64_t now_ms) override;
    void on_turn_end() override;

    // reading
    void receive(char* data, std::size_t size);
    void serve();
    bool prepare_request();
    void dispatch();
    void handle(const request& request, std::string& out);
    void refuse(const refusal& why);
    bool can_read() const noexcept;
    bool is_tls_hello(char first) const noexcept;
    void on_peer_finished();

    // writing
    void flush();
    void collect_answers();
    void render(pending_answer& answer);
    void write_out();
    void resume_reading();
    void hand_over();
    void begin_lingering();
    std::unique_ptr<pending_answer> make_pending(const request& request);
    pending_answer* find_pending(std::uint64_t request) noexcept;

    // deadlines
    void update_deadline();
    void on_body_deadline(std::int64_t now_ms);
    std::int64_t timeout_of(deadline_stage stage) const noexcept;

    core_thread& core() noexcept { return service_.core_; }
    http_scratch& scratch() noexcept { return *service_.scratch_; }
    bool is_idle() const noexcept;

    http_service& service_;
    std::unique_ptr<transport> transport_;
    std::uint64_t id_ = 0;
    request_reader reader_;
    byte_buffer unsent_;
    std::vector<std::unique_ptr<pending_answer>> pending_;  // in the order of their requests
    std::unique_ptr<next_protocol> next_;                   // takes over once everything is written
    std::uint64_t next_request_ = 1;
    std::uint64_t staged_request_ = 0;  // `next_request_` when the stage began
    std::int64_t body_since_ms_ = 0;
    std::size_t received_in_stage_ = 0;              // body: for its rate; lingering: for its bound
    deadline_stage stage_ = deadline_stage::count_;  // count_ = no deadline
    phase phase_ = phase::open;
    bool is_old_ = false;  // the present request is HTTP/1.0 and stays open
    bool is_first_byte_seen_ = false;
    bool is_prepared_ = false;       // the present request's path is decoded
    bool is_input_waiting_ = false;  // reading stopped: something may lie in the reader or the socket
    bool is_continue_due_ = false;
    bool is_upgrade_pending_ = false;
    bool has_write_progressed_ = false;
    bool is_peer_finished_ = false;
};

}  // namespace qtable::net
