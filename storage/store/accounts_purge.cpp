#include "storage/store/accounts_purge.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

#include "core/base/limits.hpp"

namespace qtable::storage {

namespace {

#define QTABLE_PURGE(name, table, old)                                                             \
    statement {                                                                                    \
        name, "delete from " table " where ctid = any(array(select ctid from " table " where " old \
              " limit $2 for update skip locked))"                                                 \
    }

constexpr statement refresh_tokens_gone =
    QTABLE_PURGE("purge_refresh_tokens", "refresh_tokens", "expires_at < $1");
constexpr statement sessions_gone = QTABLE_PURGE("purge_sessions", "login_sessions", "expires_at < $1");
constexpr statement email_tokens_gone = QTABLE_PURGE("purge_email_tokens", "email_tokens", "expires_at < $1");
constexpr statement invitations_gone =
    QTABLE_PURGE("purge_invitations", "staff_invitations", "expires_at < $1");
constexpr statement receipts_gone = QTABLE_PURGE("purge_receipts", "idempotency_receipts", "at < $1");
constexpr statement mails_gone =
    QTABLE_PURGE("purge_mails", "mail_outbox",
                 "coalesce(sent_at, failed_at) < $1 and (sent_at is not null or failed_at is not null)");

#undef QTABLE_PURGE

}  // namespace

class accounts_purge::impl : public std::enable_shared_from_this<impl> {
  public:
    impl(boost::asio::io_context& io, pg_connection& database, std::function<instant()> clock)
        : database_(database), clock_(std::move(clock)), timer_(io) {}

    void wait(std::int64_t ms) {
        timer_.expires_after(std::chrono::milliseconds(ms));
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
            if (cancelled || !self->is_running) return;
            self->run(0, [self](std::int64_t) {
                if (self->is_running) self->wait(every_ms);
            });
        });
    }

    void run(std::int64_t gone, std::function<void(std::int64_t)> done) {
        const instant now = clock_();
        const auto before = [now](std::int64_t kept_ms) {
            return std::move(params().add(now.plus_ms(-kept_ms)).add(rows_at_once));
        };
        unit work;
        work.add(refresh_tokens_gone, before(token_kept_ms));
        work.add(sessions_gone, before(token_kept_ms));
        work.add(email_tokens_gone, before(token_kept_ms));
        work.add(invitations_gone, before(token_kept_ms));
        work.add(receipts_gone, before(limits::idempotency_kept_ms));
        work.add(mails_gone, before(mail_kept_ms));
        database_.submit(std::move(work), [self = shared_from_this(), gone,
                                           done = std::move(done)](const unit_result& got) mutable {
            if (!got.committed()) return done ? done(-1) : void();
            std::int64_t more = 0, most = 0;
            for (const rows& each : got.results) {
                more += each.affected();
                most = std::max(most, each.affected());
            }
            if (most >= rows_at_once) return self->run(gone + more, std::move(done));
            if (done) done(gone + more);
        });
    }

    void stop() {
        is_running = false;
        timer_.cancel();
    }

    bool is_running = false;

  private:
    pg_connection& database_;
    std::function<instant()> clock_;
    boost::asio::steady_timer timer_;
};

accounts_purge::accounts_purge(boost::asio::io_context& io, pg_connection& database,
                               std::function<instant()> clock)
    : impl_(std::make_shared<impl>(io, database, std::move(clock))) {}

accounts_purge::~accounts_purge() {
    impl_->stop();
}

void accounts_purge::start() {
    impl_->is_running = true;
    impl_->wait(first_after_ms);
}

void accounts_purge::stop() {
    impl_->stop();
}

void accounts_purge::run(std::function<void(std::int64_t)> done) {
    impl_->run(0, std::move(done));
}

}  // namespace qtable::storage
