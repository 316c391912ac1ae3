// What the parts of accounts_store share: columns, reading rows, what a failed unit means. Pure, any core.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/engine/accounts.hpp"
#include "storage/pg/unit.hpp"

namespace qtable::storage {

// Of customers as `c`, of staff.
#define QTABLE_CUSTOMER_COLUMNS                                                                            \
    "c.id, c.email, c.password_hash, c.first_name, c.last_name, c.phone, c.email_verified, c.created_at, " \
    "c.version"
#define QTABLE_STAFF_COLUMNS "id, email, password_hash, full_name, created_at"
constexpr int customer_columns = 9;

customer_account read_customer(const row& from);
staff_account read_staff(const row& from);
// The ids of the first column.
std::vector<uuid> read_ids(const rows& from);

// What a unit that did not commit means to the caller. Nothing says whether an unknown one took effect: for
// an account a second try answers that, with `email_taken` or the stored receipt.
errc failure_of(const unit_result& got);

void add_receipt(unit& to, const std::optional<receipt_row>& receipt);
// Once per cause.
void add_letter(unit& to, const mail& letter, instant at);

// Answers with the first row of the last statement, or `missing`.
template <class Read, class Done>
unit_callback first_row(Read read, errc missing, Done done) {
    return [read, missing, done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        const rows& found = got.results.back();
        if (found.empty()) return done(missing);
        done(read(found[0]));
    };
}

// Answers with every row of the only statement.
template <class T, class Read, class Done>
unit_callback every_row(Read read, Done done) {
    return [read, done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        std::vector<T> all;
        all.reserve(static_cast<std::size_t>(got.results[0].size()));
        for (const row each : got.results[0]) all.push_back(read(each));
        done(std::move(all));
    };
}

template <class Done>
unit_callback nothing_but_done(Done done) {
    return [done = std::move(done)](const unit_result& got) {
        if (!got.committed()) return done(failure_of(got));
        done({});
    };
}

}  // namespace qtable::storage
