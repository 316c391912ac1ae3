#include "storage/store/records_store.hpp"

#include <limits>
#include <type_traits>
#include <utility>

#include "core/base/limits.hpp"
#include "storage/store/event_rows.hpp"
#include "storage/store/listed_rows.hpp"

namespace qtable::storage {

namespace {

constexpr statement find_of_customer{"record_of_customer",
                                     "select " QTABLE_LISTED_ROWS
                                     "where r.customer_id = $1 and r.id = $2 and x.deleted_at is null"};
constexpr statement find_at_restaurant{"record_at",
                                       "select " QTABLE_LISTED_ROWS
                                       "where r.restaurant_id = $1 and r.id = $2 and x.deleted_at is null"};

constexpr statement find_history{"history",
                                 "select " QTABLE_EVENT_COLUMNS
                                 " from restaurant_events e join restaurants x on x.id = e.restaurant_id "
                                 "where e.restaurant_id = $1 and e.subject_id = $2 and x.deleted_at is null "
                                 "order by e.seq limit $3"};

// The page first, from the log's key or the subject's index; whose names they are afterwards.
#define QTABLE_ACTIVITY(OF_SUBJECT)                                                                      \
    "select " QTABLE_EVENT_COLUMNS                                                                       \
    ", s.full_name, c.first_name, c.last_name from (select m.* from restaurant_events m "                \
    "where m.restaurant_id = $1 and m.seq < $2 " OF_SUBJECT                                              \
    "and m.type <> 'availability_updated' order by m.seq desc limit $3) e "                              \
    "join restaurants x on x.id = e.restaurant_id "                                                      \
    "left join staff s on e.actor_kind = 'staff' and s.id = e.actor_id and s.deleted_at is null "        \
    "left join customers c on e.actor_kind = 'customer' and c.id = e.actor_id and c.deleted_at is null " \
    "where x.deleted_at is null order by e.seq desc"

constexpr statement find_activity{"activity", QTABLE_ACTIVITY("")};
constexpr statement find_activity_of{"activity_of", QTABLE_ACTIVITY("and m.subject_id = $4 ")};

constexpr statement find_reviews{
    "reviews",
    "select r.reservation_id, r.restaurant_id, r.customer_id, r.rating, r.text, r.created_at, c.first_name "
    "from reviews r join restaurants x on x.id = r.restaurant_id "
    "left join customers c on c.id = r.customer_id and c.deleted_at is null "
    "where r.restaurant_id = $1 and x.deleted_at is null and (r.created_at, r.reservation_id) < ($2, $3) "
    "order by r.created_at desc, r.reservation_id desc limit $4"};

constexpr statement find_names{
    "customer_names",
    "select t.id, c.first_name, c.last_name, c.phone from unnest($1::uuid[]) with ordinality as t(id, place) "
    "left join customers c on c.id = t.id and c.deleted_at is null order by t.place"};

constexpr statement find_guest{
    "guest_of_customer",
    "select g.restaurant_id, g.id from guests g join restaurants x on x.id = g.restaurant_id "
    "where g.customer_id = $1 and g.id = $2 and g.deleted_at is null and x.deleted_at is null"};

constexpr statement find_open_guests{
    "open_guests_of",
    "select g.restaurant_id, g.id from guests g join restaurants x on x.id = g.restaurant_id "
    "where g.customer_id = $1 and g.status in ('waiting', 'notified', 'seated') and g.deleted_at is null "
    "and x.deleted_at is null order by g.created_at desc, g.id desc limit $2"};

// As far back as an owner's memory reaches, and a little more: a restaurant too many does no harm.
constexpr statement find_restaurants{
    "restaurants_of_customer",
    "select x.id from restaurants x where x.deleted_at is null and x.id in ("
    "select r.restaurant_id from customer_reservations r "
    "where r.customer_id = $1 and r.starts_at >= now() - interval '4 days' "
    "union select g.restaurant_id from guests g where g.customer_id = $1 and g.deleted_at is null "
    "and (g.status in ('waiting', 'notified', 'seated') or g.left_at >= now() - interval '2 days')) "
    "order by x.id"};

// The first row, or `not_found`.
template <class T, class Read>
unit_callback one_of(Read read, records::callback<T> done) {
    return [read, done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(errc::database_unavailable);
        if (got.results[0].empty()) return done(errc::not_found);
        done(read(got.results[0][0]));
    };
}

template <class T, class Read>
unit_callback all_of(Read read, records::callback<std::vector<T>> done) {
    return [read, done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(errc::database_unavailable);
        std::vector<T> out;
        out.reserve(static_cast<std::size_t>(got.results[0].size()));
        for (const row r : got.results[0]) out.push_back(read(r));
        done(std::move(out));
    };
}

unit asking(const statement& what, params&& with) {
    unit made;
    made.add(what, std::move(with));
    return made;
}

activity_line read_activity(const row& from) {
    activity_line line;
    line.what = read_event(from);
    line.actor_name = from.get<std::optional<std::string>>(event_columns).value_or("");
    if (line.actor_name.empty()) line.actor_name = full_name(from, event_columns + 1, event_columns + 2);
    return line;
}

listed_review read_review(const row& from) {
    listed_review out;
    out.what.reservation = from.get<reservation_id>(0);
    out.what.restaurant = from.get<restaurant_id>(1);
    out.what.customer = from.get<customer_id>(2);
    out.what.rating = from.get<std::int16_t>(3);
    out.what.text = from.get<std::string>(4);
    out.what.created_at = from.get<instant>(5);
    out.author = from.get<std::optional<std::string>>(6).value_or("");
    return out;
}

guest_place read_place(const row& from) {
    return {from.get<restaurant_id>(0), from.get<guest_id>(1)};
}

// After every row that there is.
constexpr instant end_of_time{253'402'300'800'000};  // the year 10000

}  // namespace

void records_store::reservation_of_customer(customer_id customer, reservation_id id,
                                            callback<listed_reservation> done) {
    database_.submit(asking(find_of_customer, std::move(params().add(customer).add(id))),
                     one_of<listed_reservation>(read_listed, std::move(done)));
}

void records_store::reservation_at(restaurant_id restaurant, reservation_id id,
                                   callback<listed_reservation> done) {
    database_.submit(asking(find_at_restaurant, std::move(params().add(restaurant).add(id))),
                     one_of<listed_reservation>(read_listed, std::move(done)));
}

void records_store::history(restaurant_id restaurant, uuid subject,
                            callback<std::vector<logged_event>> done) {
    params with;
    with.add(restaurant).add(subject).add(static_cast<std::int64_t>(limits::events_per_resume));
    database_.submit(asking(find_history, std::move(with)),
                     all_of<logged_event>(read_event, std::move(done)));
}

void records_store::activity(restaurant_id restaurant, std::optional<std::int64_t> before_seq,
                             std::optional<uuid> subject, int limit,
                             callback<std::vector<activity_line>> done) {
    params with;
    with.add(restaurant)
        .add(before_seq.value_or(std::numeric_limits<std::int64_t>::max()))
        .add(static_cast<std::int64_t>(limit));
    if (subject) with.add(*subject);
    database_.submit(asking(subject ? find_activity_of : find_activity, std::move(with)),
                     all_of<activity_line>(read_activity, std::move(done)));
}

void records_store::reviews(restaurant_id restaurant, std::optional<list_cursor> after, int limit,
                            callback<std::vector<listed_review>> done) {
    const list_cursor from = after.value_or(list_cursor{end_of_time, {}});
    params with;
    with.add(restaurant).add(from.starts_at).add(from.id).add(static_cast<std::int64_t>(limit));
    database_.submit(asking(find_reviews, std::move(with)),
                     all_of<listed_review>(read_review, std::move(done)));
}

void records_store::customer_names(std::vector<customer_id> of, callback<std::vector<person_name>> done) {
    const auto read = [](const row& from) {
        return person_name{from.get<uuid>(0), full_name(from, 1, 2),
                           from.get<std::optional<std::string>>(3).value_or("")};
    };
    database_.submit(asking(find_names, std::move(params().add_array(of))),
                     all_of<person_name>(read, std::move(done)));
}

void records_store::guest_of_customer(customer_id customer, guest_id id, callback<guest_place> done) {
    database_.submit(asking(find_guest, std::move(params().add(customer).add(id))),
                     one_of<guest_place>(read_place, std::move(done)));
}

void records_store::open_guests_of(customer_id customer, callback<std::vector<guest_place>> done) {
    params with;
    with.add(customer).add(static_cast<std::int64_t>(limits::list_max));
    database_.submit(asking(find_open_guests, std::move(with)),
                     all_of<guest_place>(read_place, std::move(done)));
}

void records_store::restaurants_of_customer(customer_id customer, callback<std::vector<restaurant_id>> done) {
    const auto read = [](const row& from) { return from.get<restaurant_id>(0); };
    database_.submit(asking(find_restaurants, std::move(params().add(customer))),
                     all_of<restaurant_id>(read, std::move(done)));
}

}  // namespace qtable::storage
