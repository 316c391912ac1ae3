// A restaurant with three tables that is in the database, and the batches that change it one after the other.
#pragma once

#include <memory>

#include "tests/integration/store/store_test.hpp"

namespace qtable::storage {

class place_test : public store_test {
  protected:
    place_test() : journal_(make_journal("one-0")), place_(make_restaurant(3)) {
        EXPECT_EQ(write(*journal_, new_restaurant_batch(place_)).outcome, batch_outcome::committed);
    }

    batch next_batch() {
        batch out;
        out.id = static_cast<std::uint64_t>(seq_);
        out.events.push_back(next_event(place_.id, ++seq_));
        return out;
    }
    batch booking(const reservation& what) {
        batch out = next_batch();
        out.reservations.push_back(what);
        return out;
    }
    batch receiving(const guest& what, bool is_deleted = false) {
        batch out = next_batch();
        out.guests.push_back({what, place_.id, is_deleted});
        return out;
    }
    void expect_conflict(const batch& what, conflict_kind kind = conflict_kind::other) {
        const batch_result got = write(*journal_, what);
        EXPECT_EQ(got.outcome, batch_outcome::conflict);
        EXPECT_EQ(got.conflict, kind);
        EXPECT_EQ(got.batch_id, what.id);
        --seq_;
    }
    void expect_committed(const batch& what) {
        EXPECT_EQ(write(*journal_, what).outcome, batch_outcome::committed);
    }
    restaurant_image load_place() { return load(*journal_, place_.id, seq_); }
    customer_id make_customer(std::string first_name, std::string last_name) {
        const auto id = next_id<customer_id>();
        sql_->query(
            "insert into customers (id, email, password_hash, first_name, last_name, phone, created_at, "
            "updated_at) values ($1, $2, '', $3, $4, '+45 1', now(), now())",
            params().add(id).add(to_string(id)).add(first_name).add(last_name));
        return id;
    }

    std::unique_ptr<pg_journal> journal_;
    restaurant place_;
    std::int64_t seq_ = 1;
};

}  // namespace qtable::storage
