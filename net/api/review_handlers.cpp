#include <memory>
#include <utility>

#include "core/base/limits.hpp"
#include "net/api/app_core.hpp"
#include "net/api/diner_handlers.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/query_reader.hpp"
#include "proto/cursor.hpp"
#include "proto/parse_diner.hpp"
#include "proto/render_list.hpp"
#include "proto/render_review.hpp"

namespace qtable::net {

namespace {

void send_reviews(const later& to, std::vector<listed_review>&& found, std::size_t limit) {
    std::string body, next;
    if (found.size() > limit) {
        found.resize(limit);
        const review& last = found.back().what;
        next = proto::encode_cursor(proto::instant_cursor{last.created_at, last.reservation});
    }
    proto::list_writer list(body);
    for (const listed_review& each : found) proto::write_public_review(list.next_item(), each);
    list.end(next);
    to.send(make_json(200, std::move(body)));
}

}  // namespace

void review_visit(call& in) {
    auto wanted = in.body(proto::parse_review);
    if (!wanted) return;
    const auto id = path_id<reservation_id>(in.params[0]);
    idempotency_key key = read_key(in, in.who.id, "POST /customer/reservations/review " + to_string(id));
    if (!key.is_valid) return;
    wanted->reservation = id;
    wanted->customer = customer_id(in.who.id);
    wanted->created_at = in.now;
    auto said = std::make_shared<review>(std::move(*wanted));
    const later to = in.defer();
    in.app.records().reservation_of_customer(
        customer_id(in.who.id), id,
        [to, said, who = in.who, receipt = std::move(key.receipt)](result<listed_reservation> found) {
            if (!found) return to.fail(to_errc(found.error()));
            if (found->what.status != reservation_status::completed) return to.fail(errc::not_completed);
            said->restaurant = found->what.restaurant;
            command_envelope envelope =
                make_command(who, to.app().wall_now(), said->restaurant, record_review{*said});
            envelope.receipt = receipt;
            to.app().commands().submit(std::move(envelope), answer_to(to));
        });
}

void list_reviews(call& in) {
    query_reader query(in);
    const auto limit =
        static_cast<int>(query.integer("limit", 1, limits::list_max).value_or(limits::list_default));
    std::optional<list_cursor> after;
    if (const auto text = query.text("cursor", 200)) {
        const auto cursor = proto::decode_instant_cursor(*text);
        if (cursor) after = list_cursor{cursor->at, reservation_id(cursor->id)};
        if (!cursor) query.error("cursor", "is not one that this server gave");
    }
    if (!query.finish()) return;
    const later to = in.defer();
    // One more tells whether there is a next page.
    in.app.records().reviews(in.live->id, after, limit + 1,
                             [to, limit](result<std::vector<listed_review>> found) {
                                 if (!found) return to.fail(to_errc(found.error()));
                                 send_reviews(to, std::move(*found), static_cast<std::size_t>(limit));
                             });
}

}  // namespace qtable::net
