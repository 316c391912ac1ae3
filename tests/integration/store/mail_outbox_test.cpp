// Letters leave once: whatever fails, and however many nodes look at the same table.
#include "storage/store/mail_outbox.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "core/base/limits.hpp"
#include "storage/store/eml_file_sink.hpp"
#include "tests/integration/store/store_test.hpp"

namespace qtable::storage {

namespace {

class mail_outbox_test : public store_test {
  protected:
    void add_letters(int letters) {
        for (int i = 0; i < letters; ++i) {
            sql_->query(
                "insert into mail_outbox (id, recipient, subject, text, created_at, due_at) "
                "values ($1, 'ada@example.org', 'Hello', 'the token', $2, $2)",
                params().add(next_uuid()).add(noon));
        }
    }
    mail_outbox make_outbox(pg_connection& at, mail_sink sink,
                            std::function<void(std::function<void()>)> run = {}) {
        return {io_, at, std::move(sink), {[this] { return now_; }, std::move(run)}};
    }
    mail_sink counting_sink() {
        return [this](const mail& letter) -> mail_outcome {
            ++seen_[letter.id];
            return outcome_;
        };
    }
    std::int64_t unsent() { return count("select count(*) from mail_outbox where sent_at is null"); }

    instant now_ = noon;
    mail_outcome outcome_;
    std::map<uuid, int> seen_;
};

TEST_F(mail_outbox_test, sends_everything_that_is_due_and_forgets_the_text) {
    add_letters(40);  // more than one claim
    mail_outbox outbox = make_outbox(*loads_, counting_sink());
    outbox.start();
    run_until([&] { return unsent() == 0; });
    EXPECT_EQ(seen_.size(), 40U);
    EXPECT_EQ(outbox.counted().sent, 40);
    EXPECT_EQ(count("select count(*) from mail_outbox where text = ''"), 40);
    add_letters(1);
    outbox.kick();
    run_until([&] { return unsent() == 0; });
    EXPECT_EQ(seen_.size(), 41U);
    for (const auto& [id, times] : seen_) EXPECT_EQ(times, 1);
}

TEST_F(mail_outbox_test, two_nodes_never_send_the_same_letter) {
    add_letters(100);
    mail_outbox one = make_outbox(*loads_, counting_sink());
    mail_outbox other = make_outbox(*writes_, counting_sink());
    one.start();
    other.start();
    run_until([&] { return unsent() == 0; });
    EXPECT_EQ(seen_.size(), 100U);
    for (const auto& [id, times] : seen_) EXPECT_EQ(times, 1);
    EXPECT_GT(one.counted().sent, 0);
    EXPECT_GT(other.counted().sent, 0);
}

TEST_F(mail_outbox_test, a_failure_waits_longer_each_time_and_is_given_up_at_last) {
    add_letters(1);
    outcome_ = {mail_outcome::kind::failed, "busy"};
    mail_outbox outbox = make_outbox(*loads_, counting_sink());
    outbox.start();
    const auto marked = [&](int attempts) {
        return count("select count(*) from mail_outbox where last_error <> '' and attempts = " +
                     std::to_string(attempts)) == 1;
    };
    for (int attempt = 1; attempt <= limits::mail_attempts; ++attempt) {
        run_until([&] { return marked(attempt); });
        ASSERT_TRUE(marked(attempt));
        sql_->exec("update mail_outbox set last_error = ''");
        outbox.kick();  // not due yet
        now_ = now_.plus_ms(limits::mail_retry_max_ms);
        outbox.kick();
    }
    EXPECT_EQ(count("select count(*) from mail_outbox where failed_at is not null"), 1);
    EXPECT_EQ(seen_.begin()->second, limits::mail_attempts);
}

TEST_F(mail_outbox_test, a_job_that_was_lost_is_done_again_after_its_lease) {
    add_letters(1);
    std::vector<std::function<void()>> lost;
    {
        mail_outbox outbox =
            make_outbox(*loads_, counting_sink(), [&](std::function<void()> job) { lost.push_back(job); });
        outbox.start();
        run_until([&] { return !lost.empty(); });
    }
    ASSERT_EQ(lost.size(), 1U);
    mail_outbox next = make_outbox(*writes_, counting_sink());
    next.start();
    now_ = noon.plus_ms(limits::mail_lease_ms);
    next.kick();
    run_until([&] { return unsent() == 0; });
    EXPECT_EQ(unsent(), 0);
}

TEST_F(mail_outbox_test, a_refusal_is_given_up_at_once) {
    add_letters(1);
    outcome_ = {mail_outcome::kind::refused, "SMTP 550"};
    mail_outbox outbox = make_outbox(*loads_, counting_sink());
    outbox.start();
    run_until([&] { return count("select count(*) from mail_outbox where failed_at is not null") == 1; });
    EXPECT_EQ(count("select count(*) from mail_outbox where last_error = 'SMTP 550'"), 1);
    now_ = now_.plus_ms(limits::mail_retry_max_ms);
    outbox.kick();
    EXPECT_EQ(seen_.begin()->second, 1);
}

TEST_F(mail_outbox_test, a_letter_put_back_costs_no_attempt) {
    add_letters(1);
    outcome_ = {mail_outcome::kind::put_back, {}};
    mail_outbox outbox = make_outbox(
        *loads_, [this](const mail& letter) { return ++seen_[letter.id] < 3 ? outcome_ : mail_outcome{}; });
    outbox.start();
    run_until([&] { return unsent() == 0; });
    EXPECT_EQ(seen_.begin()->second, 3);
    EXPECT_EQ(count("select count(*) from mail_outbox where attempts = 1"), 1);
}

// The sink took it, the database was away for the mark: the next claim marks it, and sends nothing.
TEST_F(mail_outbox_test, a_lost_mark_does_not_send_twice) {
    add_letters(1);
    mail_outbox outbox = make_outbox(*loads_, [this](const mail& letter) {
        if (++seen_[letter.id] == 1)
            sql_->exec("alter table mail_outbox add constraint no_mark check (sent_at is null) not valid");
        return mail_outcome{};
    });
    outbox.start();
    run_until([&] { return outbox.counted().sent == 1; });
    sql_->exec("alter table mail_outbox drop constraint no_mark");
    now_ = now_.plus_ms(limits::mail_lease_ms);
    run_until([&] {
        outbox.kick();
        return unsent() == 0;
    });
    EXPECT_EQ(unsent(), 0);
    EXPECT_EQ(seen_.begin()->second, 1);
    EXPECT_EQ(outbox.counted().sent, 1);
}

TEST_F(mail_outbox_test, files_are_written_once_even_when_the_mark_was_lost) {
    char directory[] = "/tmp/qtable-eml-XXXXXX";
    ASSERT_NE(mkdtemp(directory), nullptr);
    add_letters(3);
    const mail_sink sink = eml_file_sink(
        {std::filesystem::path(directory) / "mail", {"QTable <q@example.org>"}}, [this] { return now_; });
    mail_outbox outbox = make_outbox(*loads_, sink);
    outbox.start();
    run_until([&] { return unsent() == 0; });
    sql_->exec("update mail_outbox set sent_at = null, due_at = created_at, text = 'again'");
    outbox.kick();
    run_until([&] { return unsent() == 0; });
    EXPECT_EQ(outbox.counted().sent, 6);
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(directory) / "mail")) {
        ++files;
        EXPECT_EQ(entry.path().extension(), ".eml");
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(file)), {});
        EXPECT_TRUE(text.ends_with("\r\n\r\nthe token\r\n")) << text;
    }
    EXPECT_EQ(files, 3);
    std::filesystem::remove_all(directory);
}

}  // namespace

}  // namespace qtable::storage
