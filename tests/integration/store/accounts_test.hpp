// An accounts_store over a fresh database, and how to ask it.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/store/accounts_store.hpp"
#include "tests/integration/store/store_test.hpp"

namespace qtable::storage {

class accounts_test : public store_test {
  protected:
    accounts_test() : accounts_(*loads_) {
        accounts_.on_mail([this] { ++letters_; });
    }

    template <class T>
    result<T> ask(const std::function<void(accounts::callback<T>)>& begin) {
        auto answer = wait_for<result<T>>([&](auto done) { begin(std::move(done)); });
        EXPECT_TRUE(answer);
        return answer ? std::move(*answer) : result<T>(errc::internal);
    }

    static customer_account make_customer(std::string email) {
        return {next_id<customer_id>(),
                std::move(email),
                "$argon2id$…",
                "Ada",
                "Lovelace",
                "+45 12",
                false,
                noon};
    }
    static token_hash make_token() {
        token_hash out{};
        const uuid random = next_uuid();
        std::copy(random.bytes.begin(), random.bytes.end(), out.begin());
        return out;
    }
    static receipt_row make_receipt(const uuid& actor) {
        return {{actor, "POST /customer/register", "key", {9, 8, 7}}, 201, "{}", "/customer/me", 3, noon};
    }
    result<void> create(const customer_account& who, const token_hash& token,
                        const std::optional<receipt_row>& receipt = std::nullopt) {
        return ask<void>([&](auto done) {
            accounts_.create_customer(who, token, noon.plus_minutes(60),
                                      {next_uuid(), who.email, "Hello", "token", {}}, receipt,
                                      std::move(done));
        });
    }
    result<customer_account> verify(const token_hash& token, instant at) {
        return ask<customer_account>([&](auto done) { accounts_.verify_email(token, at, std::move(done)); });
    }
    result<customer_account> by_email(const std::string& email) {
        return ask<customer_account>([&](auto done) { accounts_.customer_by_email(email, std::move(done)); });
    }
    static boost::system::error_code code(errc what) { return make_error_code(what); }

    accounts_store accounts_;
    int letters_ = 0;
};

}  // namespace qtable::storage
