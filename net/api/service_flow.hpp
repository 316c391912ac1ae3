// What the handlers of staff have in common: bodies that may be missing, pages of what is configured, names
// of customers. The connection's core.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/base/limits.hpp"
#include "net/api/app_core.hpp"
#include "net/api/command_path.hpp"
#include "net/api/query_reader.hpp"
#include "proto/render_list.hpp"

namespace qtable::net {

// Like `call::body`, for a body whose members are all optional: no body is {}.
template <class Parse>
auto optional_body(call& in, Parse&& parse) -> decltype(in.body(parse)) {
    if (!in.in.body.empty()) return in.body(parse);
    if (!query_reader(in).finish()) return std::nullopt;
    auto made = parse(std::string_view("{}"), in.app.scratch());
    if (made) return std::move(*made);
    in.fail(made.error());
    return std::nullopt;
}

// A page of something that is held in order and small as a whole: pages go by position, the cursor is the
// number of the next. `write(out, item)`.
template <class Item, class Write>
void send_page(call& in, const std::vector<Item>& all, Write&& write) {
    query_reader query(in);
    const auto limit =
        static_cast<std::size_t>(query.integer("limit", 1, limits::list_max).value_or(limits::list_default));
    const auto from =
        static_cast<std::size_t>(query.integer("cursor", 0, limits::special_days_per_restaurant).value_or(0));
    if (!query.finish()) return;
    std::string body;
    proto::list_writer list(body);
    const std::size_t end = std::min(all.size(), from + limit);
    for (std::size_t i = from; i < end; ++i) write(list.next_item(), all[i]);
    list.end(end < all.size() ? std::to_string(end) : std::string());
    in.send(make_json(200, std::move(body)));
}

// Answers `body` with "customers", their names and telephone numbers by id. Without them, and with
// `QTable-Degraded`, when the database is away.
void send_with_names(const later& to, std::string body, std::vector<customer_id> people);

// The owner's answer to a question about the evening, with the names of those it shows.
command_done answer_with_names(const later& to);

}  // namespace qtable::net
