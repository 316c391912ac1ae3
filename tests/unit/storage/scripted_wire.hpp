// A pg_wire whose server is the test: it records what was sent, and answers what it was told to.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "storage/pg/wire.hpp"
#include "tests/unit/storage/made_rows.hpp"

namespace qtable::storage::testing {

class scripted_wire final : public pg_wire {
  public:
    // What the test sets.
    progress connects = progress::want_write;
    std::deque<progress> polls;
    std::deque<answer> answers;
    std::deque<notification> notifications;
    bool alive = true;  // consume_input
    bool sends = true;
    std::string fails_at;  // the one thing that can't be sent
    flushed flushes = flushed::all;
    std::string why = "the server went away";
    // What it sees.
    std::vector<std::string> sent;
    std::vector<std::string> targets;  // host of every attempt
    int finished = 0;

    void ok(const params& columns = {}) {
        answer made;
        made.kind = answer_kind::ok;
        if (columns.count() > 0) made.result = one_row(columns);
        push(std::move(made));
    }
    void error(const char* code, const char* constraint = "") {
        answer made;
        made.kind = answer_kind::error;
        made.failure = {sqlstate(code), -1, constraint, std::string("error ") + code};
        push(std::move(made));
    }
    void aborted() {
        answer made;
        made.kind = answer_kind::aborted;
        push(std::move(made));
    }
    // No end mark follows it.
    void sync() {
        answer made;
        made.kind = answer_kind::sync;
        answers.push_back(std::move(made));
    }
    // The answer to the greeting of a session.
    void greet(const char* synchronous_commit = "on") {
        params columns;
        columns.add("UTC").add("10000").add("10000").add(synchronous_commit).add("qtable");
        ok(columns);
    }

    progress connect(const connect_target& target) override {
        targets.push_back(target.endpoints().front().host);
        alive = true;
        return connects;
    }
    progress poll() override {
        const progress next = polls.front();
        polls.pop_front();
        return next;
    }
    bool enter_pipeline() override { return true; }
    bool send_prepare(const statement& what, const params&) override {
        return record("prepare " + std::string(what.name));
    }
    bool send_prepared(const statement& what, const params&) override {
        return record("execute " + std::string(what.name));
    }
    bool send_unprepared(const statement& what, const params&) override {
        return record(what.sql.starts_with("SELECT set_config") ? "greeting"
                                                                : "query " + std::string(what.sql));
    }
    bool send_sync() override { return record("sync"); }
    flushed flush() override { return flushes; }
    bool consume_input() override { return alive; }
    bool busy() override { return answers.empty(); }
    answer next_answer() override {
        answer next = std::move(answers.front());
        answers.pop_front();
        return next;
    }
    std::optional<notification> next_notification() override {
        if (notifications.empty()) return std::nullopt;
        notification next = notifications.front();
        notifications.pop_front();
        return next;
    }
    std::string error() const override { return why; }
    int socket() const override { return 3; }
    void finish() override {
        ++finished;
        answers.clear();
    }

  private:
    bool record(std::string what) {
        const bool is_sent = sends && what != fails_at;
        if (is_sent) sent.push_back(std::move(what));
        return is_sent;
    }
    void push(answer made) {
        answers.push_back(std::move(made));
        answers.emplace_back();  // the end of this statement's answers
    }
};

}  // namespace qtable::storage::testing
