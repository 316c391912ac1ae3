#include "net/api/service_flow.hpp"

#include <span>

#include "proto/render_activity.hpp"

namespace qtable::net {

namespace {

void send_named(const later& to, std::string body, std::span<const person_name> people, bool is_degraded) {
    proto::append_customers(body, people);
    response answer = make_json(200, std::move(body));
    if (is_degraded || to.app().is_degraded()) answer.header("QTable-Degraded", "db");
    to.send(std::move(answer));
}

}  // namespace

void send_with_names(const later& to, std::string body, std::vector<customer_id> people) {
    if (people.empty()) return send_named(to, std::move(body), {}, false);
    to.app().records().customer_names(std::move(people),
                                      [to, body](const result<std::vector<person_name>>& names) {
                                          if (names) return send_named(to, body, *names, false);
                                          send_named(to, body, {}, true);
                                      });
}

command_done answer_with_names(const later& to) {
    return [to](command_outcome&& outcome) {
        reply& answer = outcome.answer;
        if (!answer.ok()) return to.send(make_answer(answer, to.request_id()));
        send_with_names(to, std::move(answer.body), std::move(answer.people));
    };
}

}  // namespace qtable::net
