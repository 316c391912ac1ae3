// The lists of reservations of the accounts port: pages by key, so that a page costs the same however deep it
// lies.
#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"
#include "storage/store/accounts_store.hpp"
#include "storage/store/listed_rows.hpp"

namespace qtable::storage {

namespace {

// The business day decides what belongs to the list. The bounds on starts_at follow from it, wide enough for
// any zone, and are always given, as is the key of the last page: so the index can use them in a plan made
// for any values.
#define QTABLE_LIST_FILTER                                                       \
    "and ($2::text is null or r.status = $2) and r.date >= $3 and r.date <= $4 " \
    "and r.starts_at >= $5 and r.starts_at < $6 "

constexpr statement list_of_customer{
    "list_of_customer",
    "select " QTABLE_LISTED_ROWS
    "where r.customer_id = $1 and ($10::uuid is null or r.restaurant_id = $10) " QTABLE_LIST_FILTER
    "and (r.starts_at, r.id) < ($7, $8) order by r.starts_at desc, r.id desc limit $9"};

constexpr statement list_of_restaurant{
    "list_of_restaurant", "select " QTABLE_LISTED_ROWS "where r.restaurant_id = $1 " QTABLE_LIST_FILTER
                          "and (r.starts_at, r.id) > ($7, $8) order by r.starts_at, r.id limit $9"};

constexpr statement find_restaurant_of{
    "restaurant_of", "select restaurant_id from customer_reservations where customer_id = $1 and id = $2"};

struct bounds {
    date from = from_civil(1, 1, 1);
    date to = from_civil(9999, 12, 31);
    instant starts_from() const { return {(from.days - 1) * ms_per_day}; }
    instant starts_until() const { return {(to.days + 4) * ms_per_day}; }
};

bounds bounds_of(const reservation_query& query) {
    bounds out;
    for (const auto& from : {query.from, query.on}) {
        if (from) out.from = std::max(out.from, *from);
    }
    for (const auto& to : {query.to, query.on}) {
        if (to) out.to = std::min(out.to, *to);
    }
    return out;
}

// Before the first row of either list.
list_cursor beginning(const bounds& of, bool newest_first) {
    if (!newest_first) return {of.starts_from().plus_ms(-1), {}};
    return {of.starts_until(), {}};
}

}  // namespace

void accounts_store::list_reservations(reservation_query query,
                                       callback<std::vector<listed_reservation>> done) {
    QTABLE_ASSERT(query.customer || query.restaurant);
    std::optional<std::string_view> status;
    if (query.status) status = to_string(*query.status);
    const bounds within = bounds_of(query);
    const list_cursor after = query.after.value_or(beginning(within, query.customer.has_value()));
    params with;
    with.add(query.customer ? uuid(*query.customer) : uuid(*query.restaurant))
        .add(status)
        .add(within.from)
        .add(within.to)
        .add(within.starts_from())
        .add(within.starts_until())
        .add(after.starts_at)
        .add(after.id)
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
