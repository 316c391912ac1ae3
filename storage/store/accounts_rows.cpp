#include "storage/store/accounts_rows.hpp"

#include <string>

#include "storage/store/batch_unit.hpp"

namespace qtable::storage {

namespace {

constexpr statement insert_mail{"insert_mail",
                                "insert into mail_outbox (id, recipient, subject, text, created_at, due_at, "
                                "cause) values ($1, $2, $3, $4, $5, $5, $6) "
                                "on conflict (cause) where cause is not null do nothing"};

}  // namespace

customer_account read_customer(const row& from) {
    return {from.get<customer_id>(0), from.get<std::string>(1), from.get<std::string>(2),
            from.get<std::string>(3), from.get<std::string>(4), from.get<std::string>(5),
            from.get<bool>(6),        from.get<instant>(7),     from.get<std::int64_t>(8)};
}

staff_account read_staff(const row& from) {
    return {from.get<staff_id>(0), from.get<std::string>(1), from.get<std::string>(2),
            from.get<std::string>(3), from.get<instant>(4)};
}

std::vector<uuid> read_ids(const rows& from) {
    std::vector<uuid> ids;
    ids.reserve(static_cast<std::size_t>(from.size()));
    for (const row each : from) ids.push_back(each.get<uuid>(0));
    return ids;
}

errc failure_of(const unit_result& got) {
    if (got.outcome != unit_outcome::failed) return errc::database_unavailable;
    if (conflict_of(got.failure.constraint) == conflict_kind::receipt_exists)
        return errc::idempotency_in_progress;
    if (got.failure.constraint == "customers_email_key" || got.failure.constraint == "staff_email_key") {
        return errc::email_taken;
    }
    if (got.failure.constraint == "staff_invitations_email_key") return errc::forbidden;
    if (got.failure.constraint == "staff_invitations_limit") return errc::limit_reached;
    switch (got.failure.kind()) {
        case sqlstate_class::unavailable:
        case sqlstate_class::retryable:
        case sqlstate_class::stale_statements:
            return errc::database_unavailable;
        default:
            return errc::internal;
    }
}

void add_receipt(unit& to, const std::optional<receipt_row>& receipt) {
    if (receipt) add_receipts(to, {*receipt});
}

void add_letter(unit& to, const mail& letter, instant at) {
    const std::optional<std::string_view> cause =
        letter.cause.empty() ? std::nullopt : std::optional<std::string_view>(letter.cause);
    to.add(insert_mail, std::move(params()
                                      .add(letter.id)
                                      .add(letter.recipient)
                                      .add(letter.subject)
                                      .add(letter.text)
                                      .add(at)
                                      .add(cause)));
}

}  // namespace qtable::storage
