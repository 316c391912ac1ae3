// The last line: engines whose memory never refuses a table, on production's journal and a real PostgreSQL.
// Many clients want one table at overlapping times; the database alone lets one of them have it.
#include <map>
#include <vector>

#include "core/engine/engine.hpp"
#include "proto/json_renderer.hpp"
#include "tests/integration/store/store_test.hpp"
#include "tests/sim/mutants.hpp"

namespace qtable::storage {

namespace {

class noon_clock final : public wall_clock {
  public:
    instant now() const noexcept override { return noon; }
};

class answer_sink final : public released_sink {
  public:
    void answer(const reply_address& to, reply&& what) override { answers[to.ticket] = std::move(what); }
    void event(const released_event&, live_restaurant&) override {}
    void notice(customer_notice&&) override {}
    void configured(live_restaurant&, std::function<void()> confirmed) override { confirmed(); }
    void retire(std::vector<std::shared_ptr<const void>>&& what) override { what.clear(); }

    std::map<std::uint64_t, reply> answers;
};

// An owner of the restaurant, with connections of its own.
struct node {
    std::unique_ptr<pg_connection> writes, loads;
    std::unique_ptr<pg_journal> log;
    answer_sink sink;
    std::unique_ptr<engine> owner;
};

class last_line : public store_test {
  protected:
    last_line() : place_(make_restaurant(1)) {
        place_.paused_until.reset();
        place_.rules.pacing_covers = place_.rules.house_pacing_parties = place_.rules.house_pacing_covers = 0;
        auto journal = make_journal("one-0");
        EXPECT_EQ(write(*journal, new_restaurant_batch(place_)).outcome, batch_outcome::committed);
        table_ = place_.tables.front().id;
    }
    ~last_line() override { sim::plant(mutant::none); }

    std::unique_ptr<node> start(const std::string& name) {
        auto made = std::make_unique<node>();
        made->writes = connect(pg_journal::application_name(name));
        made->loads = connect();
        journal_options options;
        options.writer = name;
        options.clock = [] { return noon; };
        const auto find_zone = [this](std::string_view wanted) {
            auto found = zones_.load(wanted);
            return found ? *found : nullptr;
        };
        made->log = std::make_unique<pg_journal>(io_, *made->writes, *made->loads, find_zone, options);
        run_until([&] { return made->log->available(); });
        made->owner = std::make_unique<engine>(std::uint16_t{0}, clock_, *made->log, render_, made->sink);
        EXPECT_EQ(made->owner->adopt(load(*made->log, place_.id)), std::nullopt);
        made->owner->show(place_.id);
        return made;
    }

    // At 18:00, 18:30 or 19:00, for an hour and a half: any two of them meet.
    void book(node& at, std::uint64_t client) { book(at, client, place_.id); }
    void book(node& at, std::uint64_t client, const restaurant_id& where) {
        create_reservation wanted;
        wanted.id = next_id<reservation_id>();
        wanted.customer = make_customer();
        wanted.date = today().plus_days(1);
        wanted.minute = 18 * 60 + 30 * static_cast<int>(client % 3);
        wanted.party_size = 2;
        wanted.confirmation_code = "code" + std::to_string(client);
        command_envelope made;
        made.id = next_id<command_id>();
        made.restaurant = where;
        made.by = {actor::kind::customer, wanted.customer};
        made.reply_to = {0, client};
        made.body = std::move(wanted);
        at.owner->submit(std::move(made));
    }
    customer_id make_customer() {
        const auto id = next_id<customer_id>();
        sql_->query(
            "insert into customers (id, email, password_hash, first_name, last_name, phone, created_at, "
            "updated_at) values ($1, $2, '', 'A', 'B', '+45 1', now(), now())",
            params().add(id).add(to_string(id)));
        return id;
    }

    static std::size_t accepted(const node& of) {
        std::size_t count = 0;
        for (const auto& [client, answer] : of.sink.answers) count += answer.ok() ? 1U : 0U;
        return count;
    }
    void expect_one_stored() {
        EXPECT_EQ(count("select count(*) from customer_reservations"), 1);
        EXPECT_EQ(count("select count(*) from reservation_tables"), 1);
        EXPECT_EQ(count("select count(*) from reservation_tables a join reservation_tables b on a.table_id = "
                        "b.table_id and a.during && b.during and a.ctid <> b.ctid"),
                  0);
    }

    noon_clock clock_;
    proto::json_renderer render_;
    restaurant place_;
    table_id table_;
};

TEST_F(last_line, of_many_at_once_the_database_takes_one) {
    constexpr std::uint64_t clients = 30;
    sim::plant(mutant::memory_never_refuses);
    const auto one = start("last-0");
    for (std::uint64_t client = 1; client <= clients; ++client) book(*one, client);
    run_until([&] { return one->sink.answers.size() == clients; });
    EXPECT_EQ(one->sink.answers.size(), clients) << "everybody is told";
    EXPECT_EQ(accepted(*one), 1U);
    EXPECT_GE(one->owner->counts().conflicts, clients - 1) << "each by the database";
    expect_one_stored();
}

TEST_F(last_line, of_two_nodes_too) {
    constexpr std::uint64_t clients = 10;
    sim::plant(mutant::memory_never_refuses);
    const auto one = start("last-0");
    const auto other = start("last-1");
    for (std::uint64_t client = 1; client <= clients; ++client) {
        book(*one, client);
        book(*other, client);
    }
    run_until([&] { return one->sink.answers.size() == clients && other->sink.answers.size() == clients; });
    EXPECT_EQ(one->sink.answers.size() + other->sink.answers.size(), 2 * clients);
    EXPECT_EQ(accepted(*one) + accepted(*other), 1U);
    EXPECT_GE(one->owner->counts().conflicts + other->owner->counts().conflicts, 2 * clients - 1);
    expect_one_stored();
}

TEST_F(last_line, and_memory_is_asked_first) {
    constexpr std::uint64_t clients = 30;
    const auto one = start("last-0");
    for (std::uint64_t client = 1; client <= clients; ++client) book(*one, client);
    run_until([&] { return one->sink.answers.size() == clients; });
    EXPECT_EQ(accepted(*one), 1U);
    EXPECT_EQ(one->owner->counts().conflicts, 0U) << "nothing comes as far as the database";
    expect_one_stored();
}

// Another node took a number of one restaurant's log: the other restaurant's part of the batch is stored as
// it was, and isn't decided again.
TEST_F(last_line, of_a_batch_only_the_restaurant_that_met_another_node_is_read_again) {
    restaurant quiet = make_restaurant(2);
    quiet.paused_until.reset();
    quiet.rules.pacing_covers = quiet.rules.house_pacing_parties = quiet.rules.house_pacing_covers = 0;
    auto journal = make_journal("two-0");
    EXPECT_EQ(write(*journal, new_restaurant_batch(quiet)).outcome, batch_outcome::committed);
    const auto one = start("last-0");
    const auto other = start("last-1");
    EXPECT_EQ(one->owner->adopt(load(*one->log, quiet.id)), std::nullopt);
    one->owner->show(quiet.id);
    book(*other, 1);
    run_until([&] { return other->sink.answers.size() == 1; });
    book(*one, 1, quiet.id);  // on its way
    book(*one, 2);            // and these two in one batch
    book(*one, 3, quiet.id);
    run_until([&] { return one->sink.answers.size() == 3; });
    EXPECT_TRUE(one->sink.answers.at(1).ok() && one->sink.answers.at(3).ok());
    EXPECT_EQ(one->sink.answers.at(2).code, errc::slot_unavailable) << "as the other node left it";
    const engine::counters& counts = one->owner->counts();
    EXPECT_EQ(counts.conflicts_of[static_cast<std::size_t>(conflict_kind::seq_taken)], 1U);
    EXPECT_EQ(counts.conflicts, 1U);
    EXPECT_EQ(counts.parted, 1U);
    EXPECT_EQ(counts.reloads, 1U) << "the one restaurant";
    EXPECT_EQ(counts.batches, 3U);
    EXPECT_EQ(count("select count(*) from customer_reservations"), 3);
}

}  // namespace
}  // namespace qtable::storage
