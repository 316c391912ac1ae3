// Who works where, and invitations of those who have no account yet, of the accounts port.
#include <utility>

#include "core/base/limits.hpp"
#include "storage/store/accounts_rows.hpp"
#include "storage/store/accounts_store.hpp"

namespace qtable::storage {

namespace {

#define QTABLE_INVITATION_COLUMNS \
    "id, restaurant_id, email, role, invited_by, created_at, expires_at, accepted_by"

constexpr statement find_memberships{
    "memberships_of",
    "select s.restaurant_id, r.name, s.role from restaurant_staff s join restaurants r "
    "on r.id = s.restaurant_id where s.staff_id = $1 and r.deleted_at is null "
    "order by lower(r.name), r.id limit $2"};
constexpr statement find_staff{"staff_accounts",
                               "select " QTABLE_STAFF_COLUMNS " from staff where id = any($1)"};

constexpr statement drop_invitation{
    "drop_invitation",
    "delete from staff_invitations where restaurant_id = $1 and accepted_at is null "
    "and lower(email collate \"C\") = lower($2::text collate \"C\") "
    "and ($3 or role <> 'owner' or expires_at <= $4)"};
constexpr statement insert_invitation{
    "insert_invitation",
    "with made as (insert into staff_invitations (restaurant_id, id, email, role, token_hash, invited_by, "
    "created_at, expires_at) select $1, $2, $3, $4, $5, $6, $7, $8 "
    "where (select count(*) from staff_invitations where restaurant_id = $1 and accepted_at is null) < $9 "
    "returning 1) select expect_rows((select count(*) from made), 1, 'staff_invitations_limit')"};
constexpr statement open_invitations{"open_invitations",
                                     "select " QTABLE_INVITATION_COLUMNS
                                     " from staff_invitations where restaurant_id = $1 "
                                     "and accepted_at is null and expires_at > $2 order by email, id"};
constexpr statement find_by_token{"invitation_by_token", "select " QTABLE_INVITATION_COLUMNS
                                                         " from staff_invitations where token_hash = $1 "
                                                         "and (accepted_at is not null or expires_at > $2)"};
constexpr statement accept{"accept_invitation",
                           "update staff_invitations set accepted_at = $3, accepted_by = $2 "
                           "where id = $1 and accepted_at is null"};
constexpr statement lock_invitation{
    "lock_invitation",
    "select role from staff_invitations where restaurant_id = $1 and id = $2 and accepted_at is null "
    "for update"};
constexpr statement delete_one{
    "delete_invitation",
    "delete from staff_invitations where restaurant_id = $1 and id = $2 and accepted_at is null "
    "and ($3 or role <> 'owner') returning id"};

staff_role read_role(const row& from, int column) {
    return parse_staff_role(from.get<std::string_view>(column)).value();
}

staff_invitation read_invitation(const row& from) {
    return {from.get<uuid>(0),        from.get<restaurant_id>(1),
            from.get<std::string>(2), read_role(from, 3),
            from.get<staff_id>(4),    from.get<instant>(5),
            from.get<instant>(6),     from.get<std::optional<staff_id>>(7)};
}

}  // namespace

void accounts_store::memberships_of(staff_id staff, callback<std::vector<staff_membership>> done) {
    unit work;
    work.add(find_memberships,
             std::move(params().add(staff).add(std::int64_t{limits::restaurants_per_staff})));
    const auto read = [](const row& from) {
        return staff_membership{from.get<restaurant_id>(0), from.get<std::string>(1), read_role(from, 2)};
    };
    database_.submit(std::move(work), every_row<staff_membership>(read, std::move(done)));
}

void accounts_store::staff_accounts(std::vector<staff_id> of, callback<std::vector<staff_account>> done) {
    unit work;
    work.add(find_staff, std::move(params().add_array(of, [](const staff_id& id) { return uuid(id); })));
    database_.submit(std::move(work), every_row<staff_account>(read_staff, std::move(done)));
}

void accounts_store::create_invitation(staff_invitation invitation, token_hash token, bool may_touch_owners,
                                       mail letter, std::optional<receipt_row> receipt, callback<void> done) {
    unit work;
    add_receipt(work, receipt);
    work.add(drop_invitation, std::move(params()
                                            .add(invitation.restaurant)
                                            .add(invitation.email)
                                            .add(may_touch_owners)
                                            .add(invitation.created_at)));
    work.add(insert_invitation, std::move(params()
                                              .add(invitation.restaurant)
                                              .add(invitation.id)
                                              .add(invitation.email)
                                              .add(to_string(invitation.role))
                                              .add(byte_view(token))
                                              .add(invitation.invited_by)
                                              .add(invitation.created_at)
                                              .add(invitation.expires_at)
                                              .add(std::int64_t{open_invitations_max})));
    add_letter(work, letter, invitation.created_at);
    database_.submit(std::move(work), [done = std::move(done), on_mail = on_mail_](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        if (on_mail) on_mail();
        done({});
    });
}

void accounts_store::invitations_of(restaurant_id restaurant, instant now,
                                    callback<std::vector<staff_invitation>> done) {
    unit work;
    work.add(open_invitations, std::move(params().add(restaurant).add(now)));
    database_.submit(std::move(work), every_row<staff_invitation>(read_invitation, std::move(done)));
}

void accounts_store::find_invitation(token_hash token, instant now, callback<staff_invitation> done) {
    unit work;
    work.add(find_by_token, std::move(params().add(byte_view(token)).add(now)));
    database_.submit(std::move(work), first_row(read_invitation, errc::invalid_token, std::move(done)));
}

void accounts_store::accept_invitation(uuid invitation, staff_id by, instant now, callback<void> done) {
    unit work;
    work.add(accept, std::move(params().add(invitation).add(by).add(now)));
    database_.submit(std::move(work), nothing_but_done(std::move(done)));
}

void accounts_store::delete_invitation(restaurant_id restaurant, uuid invitation, bool may_touch_owners,
                                       callback<void> done) {
    unit work;
    work.add(lock_invitation, std::move(params().add(restaurant).add(invitation)));
    work.add(delete_one, std::move(params().add(restaurant).add(invitation).add(may_touch_owners)));
    database_.submit(std::move(work), [done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        if (got.results[0].empty()) return done(errc::not_found);
        if (got.results[1].empty()) return done(errc::forbidden);
        done({});
    });
}

}  // namespace qtable::storage
