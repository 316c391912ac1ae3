// One question after the other over a kept connection, for what comes before and after the load: making
// accounts, discovering, checking. One thread at a time. Errors: `no_answer` when the target is gone or
// doesn't speak HTTP; a status of 400 and more is an answer.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

#include "loadtest/wire/request_text.hpp"
#include "loadtest/wire/response_parser.hpp"
#include "loadtest/wire/target.hpp"

namespace qtable::loadtest {

class no_answer : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct answer {
    int status = 0;
    int retry_after_s = -1;
    std::string body;

    bool is_success() const noexcept { return status >= 200 && status < 300; }
    // "422 invalid_input: The party …", for people.
    std::string summary() const;
};

// How a target says that it has no such endpoint.
constexpr bool is_missing(int status) noexcept {
    return status == 404 || status == 405 || status == 501;
}

class http_client {
  public:
    explicit http_client(const target& to) : target_(to) {}
    ~http_client() { close(); }
    http_client(const http_client&) = delete;
    http_client& operator=(const http_client&) = delete;

    answer ask(const request_parts& parts);
    answer get(const std::string& path, std::string_view token = {});
    // Asks again while it is told to come later (429, 502, 503, 504), or nobody answers, for at most
    // `patience_ns`.
    answer ask_patiently(const request_parts& parts, std::int64_t patience_ns);
    // The status that an upgrade to a WebSocket gets; the connection is closed again.
    int ask_upgrade(const std::string& path);
    void close() noexcept;
    const std::string& url() const noexcept { return target_.url; }

  private:
    void open();
    bool send_all(std::string_view bytes);
    bool receive(std::int64_t until_ns);

    const target& target_;
    int fd_ = -1;
    response_parser parser_;
};

// `each` for 0 … count - 1 on a few clients at the same time; the first failure of any is thrown.
void in_parallel(const target& to, std::size_t count, std::size_t clients,
                 const std::function<void(http_client&, std::size_t)>& each);

}  // namespace qtable::loadtest
