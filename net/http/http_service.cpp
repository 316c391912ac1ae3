#include "net/http/http_service.hpp"

#include <utility>

#include "net/http/http_connection.hpp"
#include "net/http/http_scratch.hpp"

namespace qtable::net {

http_service::http_service(core_thread& core, request_handler& handler, const problem_writer& problems,
                           http_options options)
    : core_(core),
      handler_(handler),
      problems_(problems),
      options_(options),
      scratch_(std::make_unique<http_scratch>(core.next_random())) {}

http_service::~http_service() {
    on_empty_ = nullptr;
    close_all();
}

void http_service::accept(std::unique_ptr<transport> connection) {
    // It belongs to the table from here, until `forget`.
    (new http_connection(*this, std::move(connection)))->start();
}

void http_service::complete(const ticket& to, response&& answer) {
    if (http_connection* const connection = connections_.find(to.session.id))
        connection->complete(to.request, std::move(answer));
}

void http_service::complete_upgrade(const ticket& to, std::unique_ptr<next_protocol> next,
                                    std::string_view subprotocol) {
    if (http_connection* const connection = connections_.find(to.session.id))
        connection->complete_upgrade(to.request, std::move(next), subprotocol);
}

void http_service::drain(std::function<void()> on_empty) {
    is_draining_ = true;
    on_empty_ = std::move(on_empty);
    connections_.for_each([](http_connection& each) { each.drain(); });
    tell_if_empty();
}

void http_service::close_all() {
    connections_.for_each([](http_connection& each) { each.end(true); });
}

void http_service::forget(http_connection& connection) {
    connections_.remove(connection.id());
    core_.delete_later(std::unique_ptr<deletable>(&connection));
    if (is_draining_) tell_if_empty();
}

void http_service::tell_if_empty() {
    if (connections_.size() != 0 || !on_empty_) return;
    core_.post(new function_message(std::exchange(on_empty_, nullptr)));
}

}  // namespace qtable::net
