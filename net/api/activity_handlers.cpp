// What staff read of the log: the changes since they last looked, and who did what.
#include <charconv>
#include <utility>

#include "core/base/limits.hpp"
#include "net/api/app_core.hpp"
#include "net/api/service_flow.hpp"
#include "net/api/service_handlers.hpp"
#include "net/api/updates.hpp"
#include "proto/render_activity.hpp"
#include "proto/render_event.hpp"

namespace qtable::net {

namespace {

constexpr std::int64_t rows_default = 500;
constexpr auto rows_max = static_cast<std::int64_t>(limits::events_per_resume);

void send_changes(const later& to, const result<proto::log_changes>& changes) {
    if (!changes) return to.fail(to_errc(changes.error()));
    std::string body;
    proto::write_changes(body, *changes);
    std::vector<customer_id> people;
    for (const uuid& each : changes->customers) people.emplace_back(each);
    send_with_names(to, std::move(body), std::move(people));
}

void send_activity(const later& to, std::vector<activity_line>&& lines, std::size_t limit) {
    std::string body, next;
    if (lines.size() > limit) {
        lines.resize(limit);
        next = std::to_string(lines.back().what.seq);
    }
    proto::list_writer list(body);
    for (const activity_line& each : lines) proto::write_activity(list.next_item(), each);
    list.end(next);
    to.send(make_json(200, std::move(body)));
}

}  // namespace

void get_updates(call& in) {
    query_reader query(in);
    updates_request wanted;
    wanted.restaurant = in.live->id;
    query.require("since_seq");
    wanted.since_seq = query.integer("since_seq", 0, INT64_MAX).value_or(0);
    if (const auto epoch = query.text("epoch", limits::label_chars)) {
        wanted.epoch = proto::parse_epoch(*epoch);
        if (!wanted.epoch) query.error("epoch", "is not one that this server gave");
    }
    wanted.limit = static_cast<std::size_t>(query.integer("limit", 1, rows_max).value_or(rows_default));
    if (!query.finish()) return;
    app_core& owner = in.app.peer(in.app.owner_of(wanted.restaurant));
    in.app.cores().post(owner.index(), [&owner, wanted, to = in.defer()] {
        collect_updates(owner, wanted, [&owner, to](result<proto::log_changes> changes) {
            owner.cores().post(to.app().index(),
                               [to, moved = std::move(changes)] { send_changes(to, moved); });
        });
    });
}

void list_activity(call& in) {
    query_reader query(in);
    const auto limit =
        static_cast<std::size_t>(query.integer("limit", 1, limits::list_max).value_or(limits::list_default));
    const auto before = query.integer("cursor", 1, INT64_MAX);
    std::optional<uuid> subject;
    if (const auto text = query.text("subject_id", limits::label_chars)) {
        subject = parse_uuid(*text).value_or(uuid{});
    }
    if (!query.finish()) return;
    const later to = in.defer();
    // One more tells whether there is a next page.
    in.app.records().activity(in.live->id, before, subject, static_cast<int>(limit) + 1,
                              [to, limit](result<std::vector<activity_line>> lines) {
                                  if (!lines) return to.fail(to_errc(lines.error()));
                                  send_activity(to, std::move(*lines), limit);
                              });
}

}  // namespace qtable::net
