#include "storage/store/log_positions.hpp"

#include <cstdint>
#include <utility>

#include "storage/store/event_rows.hpp"

namespace qtable::storage {

namespace {

constexpr statement positions{"log_positions", "select r.id, " QTABLE_LAST_SEQ
                                               "::bigint, r.deleted_at is not null from restaurants r "
                                               "where r.id > $1 and ('x' || right(r.id::text, "
                                               "8))::bit(32)::bigint % $4 = $3 - 1 order by r.id limit $2"};
constexpr statement revoked{"revoked_since",
                            "select id from login_sessions where revoked_at > $1 "
                            "union all select id from customers where deleted_at > $1"};
constexpr statement notify{"notify", "select pg_notify($1, $2)"};

unit one(const statement& what, params&& with) {
    unit made;
    made.add(what, std::move(with));
    return made;
}

}  // namespace

unit positions_after(const restaurant_id& after, int most, const partition& part) {
    return one(positions, std::move(params()
                                        .add(after)
                                        .add(static_cast<std::int64_t>(most))
                                        .add(static_cast<std::int64_t>(part.part))
                                        .add(static_cast<std::int64_t>(part.of))));
}

unit revoked_since(instant since) {
    return one(revoked, std::move(params().add(since)));
}

unit notification(std::string_view channel, std::string_view payload) {
    return one(notify, std::move(params().add(channel).add(payload)));
}

}  // namespace qtable::storage
