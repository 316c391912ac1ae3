// The lists of reservations of the accounts port: pages by key, so that a page costs the same however deep it lies.
#include <utility>

#include "core/base/assert.hpp"
#include "storage/store/accounts_store.hpp"
#include "storage/store/restaurant_rows.hpp"

namespace qtable::storage {

namespace {

// The business day decides what belongs to the list; the bounds on starts_at follow from it, a day wider than any zone
// needs, and are what the index can use.
#define QTABLE_LIST_COLUMNS                                                                                        \
    "r.id, r.restaurant_id, r.customer_id, r.date, r.start_minute, r.party_size, r.status, r.special_requests, "    \
    "r.table_ids, r.slot_id, r.starts_at, r.ends_at, r.blocks_from, r.blocks_until, r.created_at, r.updated_at, "   \
    "r.confirmation_code, r.checked_in_at, r.guest_id, r.version, x.timezone, c.first_name, c.last_name, c.phone "  \
    "from customer_reservations r join restaurants x on x.id = r.restaurant_id "                                    \
    "left join customers c on c.id = r.customer_id "
#define QTABLE_LIST_FILTER                                                                                    \
    "and ($2::text is null or r.status = $2) "                                                                 \
    "and ($3::date is null or (r.date >= $3 and r.starts_at >= $3::timestamp at time zone 'UTC' - interval '1 day')) " \
    "and ($4::date is null or (r.date <= $4 and r.starts_at < $4::timestamp at time zone 'UTC' + interval '4 days')) "

constexpr statement list_of_customer{
    "list_of_customer",
    "select " QTABLE_LIST_COLUMNS
    "where r.customer_id = $1 and ($8::uuid is null or r.restaurant_id = $8) " QTABLE_LIST_FILTER
    "and ($5::timestamptz is null or (r.starts_at, r.id) < ($5, $6::uuid)) "
    "order by r.starts_at desc, r.id desc limit $7"};

constexpr statement list_of_restaurant{
    "list_of_restaurant",
    "select " QTABLE_LIST_COLUMNS "where r.restaurant_id = $1 " QTABLE_LIST_FILTER
    "and ($5::timestamptz is null or (r.starts_at, r.id) > ($5, $6::uuid)) "
    "order by r.starts_at, r.id limit $7"};

constexpr statement find_restaurant_of{
    "restaurant_of", "select restaurant_id from customer_reservations where customer_id = $1 and id = $2"};

std::optional<date> later(std::optional<date> a, std::optional<date> b) {
    return a && b ? std::max(*a, *b) : (a ? a : b);
}
std::optional<date> earlier(std::optional<date> a, std::optional<date> b) {
    return a && b ? std::min(*a, *b) : (a ? a : b);
}

listed_reservation read_listed(const row& from) {
    listed_reservation out;
    out.what = read_reservation(from);
    out.timezone = from.get<std::string>(reservation_columns);
    out.customer_name = from.get<std::optional<std::string>>(reservation_columns + 1).value_or("");
    const auto last_name = from.get<std::optional<std::string_view>>(reservation_columns + 2).value_or("");
    if (!out.customer_name.empty() && !last_name.empty()) out.customer_name += ' ';
    out.customer_name += last_name;
    out.customer_phone = from.get<std::optional<std::string>>(reservation_columns + 3).value_or("");
    return out;
}

}  // namespace

void accounts_store::list_reservations(reservation_query query, callback<std::vector<listed_reservation>> done) {
    QTABLE_ASSERT(query.customer || query.restaurant);
    std::optional<std::string_view> status;
    if (query.status) status = to_string(*query.status);
    std::optional<instant> after_start;
    std::optional<uuid> after_id;
    if (query.after) {
        after_start = query.after->starts_at;
        after_id = query.after->id;
    }
    params with;
    with.add(query.customer ? uuid(*query.customer) : uuid(*query.restaurant))
        .add(status)
        .add(later(query.from, query.on))
        .add(earlier(query.to, query.on))
        .add(after_start)
        .add(after_id)
        .add(static_cast<std::int64_t>(query.limit));
    if (query.customer) with.add(query.restaurant);

    unit work;
    work.add(query.customer ? list_of_customer : list_of_restaurant, std::move(with));
    database_.submit(std::move(work), [done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(errc::database_unavailable);
        std::vector<listed_reservation> page;
        page.reserve(static_cast<std::size_t>(got.results[0].size()));
        for (const row r : got.results[0]) page.push_back(read_listed(r));
        done(std::move(page));
    });
}

void accounts_store::restaurant_of(customer_id customer, reservation_id id, callback<restaurant_id> done) {
    unit work;
    work.add(find_restaurant_of, std::move(params().add(customer).add(id)));
    database_.submit(std::move(work), [done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(errc::database_unavailable);
        if (got.results[0].empty()) return done(errc::not_found);
        done(got.results[0][0].get<restaurant_id>(0));
    });
}

}  // namespace qtable::storage
