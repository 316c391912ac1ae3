#include "storage/store/mail_outbox.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>
#include <unordered_set>
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

// As if it had not been claimed.
constexpr statement put_back{
    "put_mail_back",
    "update mail_outbox set due_at = $2, attempts = greatest(attempts - 1, 0) where id = $1 "
    "and sent_at is null"};

// A letter that waited longer than this behind others of its claim is left to the next one: its lease must
// not run out while it is being sent.
constexpr std::chrono::milliseconds startable{limits::mail_lease_ms / 2};

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

    void stop(std::function<void()> marked) {
        running_ = false;
        timer_.cancel();
        if (busy_) {
            marked_ = std::move(marked);
        } else if (marked) {
            marked();
        }
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
        const auto claimed_at = std::chrono::steady_clock::now();
        for (const row r : got.results[0]) {
            mail letter{
                r.get<uuid>(0), r.get<std::string>(1), r.get<std::string>(2), r.get<std::string>(3), {}};
            const int attempt = r.get<std::int32_t>(4);
            // Taken before: just its mark was lost.
            if (taken_.contains(letter.id)) {
                mark(letter.id, attempt, {});
                continue;
            }
            options_.run([self = shared_from_this(), letter = std::move(letter), attempt, claimed_at] {
                const bool is_late = std::chrono::steady_clock::now() - claimed_at > startable;
                mail_outcome outcome =
                    is_late ? mail_outcome{mail_outcome::kind::put_back, {}} : self->sink_(letter);
                boost::asio::post(self->io_, [self, id = letter.id, attempt, outcome = std::move(outcome)] {
                    self->mark(id, attempt, outcome);
                });
            });
        }
    }

    void mark(const uuid& id, int attempt, const mail_outcome& outcome) {
        const instant now = options_.clock();
        const bool is_sent = outcome.what == mail_outcome::kind::sent;
        unit work;
        if (is_sent) {
            if (taken_.insert(id).second) ++counted.sent;
            work.add(mark_sent, std::move(params().add(id).add(now)));
        } else if (outcome.what == mail_outcome::kind::put_back) {
            work.add(put_back, std::move(params().add(id).add(now)));
            again_ = true;
        } else {
            ++counted.failed;
            const bool is_over =
                outcome.what == mail_outcome::kind::refused || attempt >= limits::mail_attempts;
            work.add(mark_failed, std::move(params()
                                                .add(id)
                                                .add(now.plus_ms(retry_delay_ms(attempt)))
                                                .add(is_over ? std::optional(now) : std::nullopt)
                                                .add(outcome.error)));
        }
        database_.submit(std::move(work), [self = shared_from_this(), id, is_sent](const unit_result& got) {
            // Without its mark a letter that was taken would be claimed again: it is remembered till then.
            if (is_sent && got.committed()) self->taken_.erase(id);
            if (--self->open_ == 0) self->rest();
        });
    }

    void rest() {
        busy_ = false;
        if (marked_) std::exchange(marked_, {})();
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
    std::function<void()> marked_;
    bool running_ = false;
    bool busy_ = false;                        // between a claim and its last mark
    bool again_ = false;                       // kicked meanwhile
    int open_ = 0;                             // letters of the claim that aren't marked yet
    std::unordered_set<uuid, id_hash> taken_;  // by the sink, and not marked yet
};

mail_outbox::mail_outbox(boost::asio::io_context& io, pg_connection& database, mail_sink sink,
                         mail_outbox_options options)
    : impl_(std::make_shared<impl>(io, database, std::move(sink), std::move(options))) {}

mail_outbox::~mail_outbox() {
    impl_->stop({});
}

void mail_outbox::start() {
    impl_->start();
}

void mail_outbox::kick() {
    impl_->look();
}

void mail_outbox::stop(std::function<void()> marked) {
    impl_->stop(std::move(marked));
}

mail_outbox::counts mail_outbox::counted() const noexcept {
    return impl_->counted;
}

}  // namespace qtable::storage
