#include "storage/store/mail_outbox.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "core/base/limits.hpp"

namespace qtable::storage {

namespace {

// Rows that another node has in its hands are skipped, not waited for.
constexpr statement claim{
    "claim_mails",
    "with due as (select id from mail_outbox where sent_at is null and failed_at is null and due_at <= $1 "
    "order by due_at limit $3 for update skip locked) "
    "update mail_outbox m set due_at = $2, attempts = m.attempts + 1 from due where m.id = due.id "
    "returning m.id, m.recipient, m.subject, m.text, m.attempts"};
constexpr statement mark_sent{
    "mark_mail_sent",
    "update mail_outbox set sent_at = $2, text = '', last_error = '' where id = $1 and sent_at is null"};
constexpr statement mark_failed{
    "mark_mail_failed",
    "update mail_outbox set due_at = $2, failed_at = $3, last_error = $4 where id = $1 and sent_at is null"};

std::int64_t retry_delay_ms(int attempt) {
    return std::min(limits::mail_retry_max_ms, limits::mail_retry_min_ms << std::clamp(attempt - 1, 0, 16));
}

}  // namespace

class mail_outbox::impl : public std::enable_shared_from_this<impl> {
  public:
    impl(boost::asio::io_context& io, pg_connection& database, mail_sink sink, mail_outbox_options options)
        : io_(io), database_(database), sink_(std::move(sink)), options_(std::move(options)), timer_(io) {
        if (!options_.run) options_.run = [](const std::function<void()>& job) { job(); };
    }

    void start() {
        running_ = true;
        look();
    }

    void stop() {
        running_ = false;
        timer_.cancel();
    }

    void look() {
        if (!running_) return;
        if (busy_) {
            again_ = true;
            return;
        }
        busy_ = true;
        again_ = false;
        timer_.cancel();
        const instant now = options_.clock();
        unit ask;
        ask.add(claim,
                std::move(
                    params().add(now).add(now.plus_ms(limits::mail_lease_ms)).add(limits::mails_per_claim)));
        database_.submit(std::move(ask),
                         [self = shared_from_this()](const unit_result& got) { self->claimed(got); });
    }

    counts counted;

  private:
    void claimed(const unit_result& got) {
        open_ = got.committed() ? got.results[0].size() : 0;
        if (open_ == 0) return rest();
        if (open_ == limits::mails_per_claim) again_ = true;  // there may be more
        for (const row r : got.results[0]) {
            mail letter{r.get<uuid>(0), r.get<std::string>(1), r.get<std::string>(2), r.get<std::string>(3)};
            options_.run(
                [self = shared_from_this(), letter = std::move(letter), attempt = r.get<std::int32_t>(4)] {
                    const result<void> sent = self->sink_(letter);
                    boost::asio::post(
                        self->io_, [self, id = letter.id, attempt, sent] { self->tried(id, attempt, sent); });
                });
        }
    }

    void tried(const uuid& id, int attempt, const result<void>& sent) {
        const instant now = options_.clock();
        unit mark;
        if (sent) {
            ++counted.sent;
            mark.add(mark_sent, std::move(params().add(id).add(now)));
        } else {
            ++counted.failed;
            const bool over = attempt >= limits::mail_attempts;
            mark.add(mark_failed, std::move(params()
                                                .add(id)
                                                .add(now.plus_ms(retry_delay_ms(attempt)))
                                                .add(over ? std::optional(now) : std::nullopt)
                                                .add(sent.error().message())));
        }
        // A mark that is lost leaves the letter to its lease; the sink takes it twice.
        database_.submit(std::move(mark), [self = shared_from_this()](const unit_result&) {
            if (--self->open_ == 0) self->rest();
        });
    }

    void rest() {
        busy_ = false;
        if (!running_) return;
        if (again_) return look();
        timer_.expires_after(std::chrono::milliseconds(limits::mail_poll_ms));
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
            if (!cancelled) self->look();
        });
    }

    boost::asio::io_context& io_;
    pg_connection& database_;
    mail_sink sink_;
    mail_outbox_options options_;
    boost::asio::steady_timer timer_;
    bool running_ = false;
    bool busy_ = false;   // between a claim and its last mark
    bool again_ = false;  // kicked meanwhile
    int open_ = 0;        // letters of the claim that aren't marked yet
};

mail_outbox::mail_outbox(boost::asio::io_context& io, pg_connection& database, mail_sink sink,
                         mail_outbox_options options)
    : impl_(std::make_shared<impl>(io, database, std::move(sink), std::move(options))) {}

mail_outbox::~mail_outbox() {
    impl_->stop();
}

void mail_outbox::start() {
    impl_->start();
}

void mail_outbox::kick() {
    impl_->look();
}

void mail_outbox::stop() {
    impl_->stop();
}

mail_outbox::counts mail_outbox::counted() const noexcept {
    return impl_->counted;
}

}  // namespace qtable::storage
