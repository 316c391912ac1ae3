#include "storage/store/session_loader.hpp"

namespace qtable::storage {

void load_revoked(blocking_connection& database, instant since,
                  const std::function<void(const uuid& what, instant at)>& into) {
    database.each_row(
        "select id, revoked_at as at from login_sessions where revoked_at > $1 "
        "union all select id, deleted_at from customers where deleted_at > $1 order by at",
        params().add(since), [&into](const row& each) { into(each.get<uuid>(0), each.get<instant>(1)); });
}

}  // namespace qtable::storage
