// One engine with its outside made by hand: the clock stands, the journal's calls wait until a test completes
// them, the sink writes down what it is told. One restaurant is adopted: two tables of 2 and one of 4, open
// 18:00–23:00 every day, two hours a party.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/engine.hpp"
#include "tests/unit/core/engine/model_database.hpp"
#include "tests/unit/core/engine/text_renderer.hpp"
#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable::test {

class standing_clock final : public wall_clock {
  public:
    instant now() const noexcept override { return time; }
    std::int64_t turn_ns() const noexcept override { return turn; }
    // The next one; the last is said again.
    std::int64_t mark_ns() const noexcept override {
        if (next_mark_ + 1 < marks.size()) return marks[next_mark_++];
        return marks.back();
    }
    instant time = at("2026-11-20T09:00:00Z");
    std::int64_t turn = 0;
    std::vector<std::int64_t> marks{0};

  private:
    mutable std::size_t next_mark_ = 0;
};

class hand_journal final : public journal {
  public:
    explicit hand_journal(model_database& tables) : tables_(tables) {}

    std::uint64_t writer() const noexcept override { return number; }
    bool available() const noexcept override { return is_available; }
    void write(std::shared_ptr<const batch> what, std::function<void(batch_result)> done) override {
        EXPECT_FALSE(write_done) << "one batch at a time";
        written.push_back(std::move(what));
        write_done = std::move(done);
    }
    void probe(const logged_event& marker, std::function<void(batch_outcome)> done) override {
        probed = marker;
        probe_done = std::move(done);
    }
    void load(std::vector<load_request> which,
              std::function<void(result<std::vector<restaurant_image>>)> done) override {
        loads.push_back({std::move(which), std::move(done)});
    }
    void load_events(restaurant_id, std::int64_t, bool,
                     std::function<void(result<std::vector<logged_event>>)>) override {
        ADD_FAILURE() << "the engine doesn't read the log";
    }

    bool is_writing() const noexcept { return static_cast<bool>(write_done); }
    const batch& last() const { return *written.back(); }

    // The database takes the batch, or refuses it for a reason of its own; the answer follows.
    void commit() { answer(tables_.apply(last())); }
    // It took effect, and the answer doesn't come.
    void apply_silently() { EXPECT_EQ(tables_.apply(last()).outcome, batch_outcome::committed); }
    void answer(batch_result how) { std::exchange(write_done, nullptr)(how); }
    void answer(batch_outcome outcome, conflict_kind kind = conflict_kind::other) {
        answer(batch_result{last().id, outcome, kind});
    }
    void answer_probe(batch_outcome outcome) { std::exchange(probe_done, nullptr)(outcome); }
    void finish_load() {
        auto [which, done] = std::move(loads.front());
        loads.pop_front();
        std::vector<restaurant_image> images;
        for (const load_request& each : which) images.push_back(tables_.image(each));
        done(std::move(images));
    }
    void fail_load() {
        auto done = std::move(loads.front().second);
        loads.pop_front();
        done(make_error_code(errc::database_unavailable));
    }
    void finish_all() {
        while (is_writing() || !loads.empty()) {
            if (is_writing()) commit();
            if (!loads.empty()) finish_load();
        }
    }

    bool is_available = true;
    std::uint64_t number = 0;
    std::vector<std::shared_ptr<const batch>> written;
    std::function<void(batch_result)> write_done;
    logged_event probed;
    std::function<void(batch_outcome)> probe_done;
    std::deque<
        std::pair<std::vector<load_request>, std::function<void(result<std::vector<restaurant_image>>)>>>
        loads;

  private:
    model_database& tables_;
};

class recording_sink final : public released_sink {
  public:
    void answer(const reply_address& to, reply&& what) override {
        EXPECT_FALSE(answers.contains(to.ticket)) << "answered twice";
        answers[to.ticket] = std::move(what);
        if (on_answer) on_answer(to.ticket);
    }
    void event(const released_event& what, live_restaurant&) override { events.push_back(what); }
    void notice(customer_notice&& what) override { notices.push_back(std::move(what)); }
    void resync(live_restaurant&) override { ++resyncs; }
    void behind(int change) override { behind_now += change; }
    void configured(live_restaurant&, std::function<void()> confirmed) override {
        ++configurations;
        if (confirms) {
            confirmed();
        } else {
            unconfirmed.push_back(std::move(confirmed));
        }
    }
    void retire(std::vector<std::shared_ptr<const void>>&& what) override {
        for (auto& each : what) graveyard.push_back(std::move(each));
        if (on_retire) on_retire();
    }

    std::map<std::uint64_t, reply> answers;  // by ticket
    std::vector<released_event> events;
    std::vector<customer_notice> notices;
    int resyncs = 0;
    int behind_now = 0;
    int configurations = 0;
    bool confirms = true;
    std::vector<std::function<void()>> unconfirmed;
    std::vector<std::shared_ptr<const void>> graveyard;
    std::function<void(std::uint64_t)> on_answer;
    std::function<void()> on_retire;
};

class engine_fixture : public testing::Test {
  protected:
    static constexpr std::uint64_t epoch = 77;

    engine_fixture() {
        tables.add_zone(zone::utc());
        restaurant place = small_restaurant();
        place.profile.name = "Corner";
        place.profile.timezone = "UTC";
        place.staff = {{make_id<staff_id>(1), staff_role::owner}};
        tables.add_restaurant(place, epoch);
        EXPECT_EQ(owner.adopt(tables.image(place.id)), std::nullopt);
        owner.show(place.id);
    }

    // Adopts the restaurant again as `change` makes it. Only before the first command.
    template <class Change>
    void configure(Change&& change) {
        change(tables.at(here).what);
        owner.reload(std::vector<restaurant_id>{here});
        log.finish_load();
    }
    void publish_in_database(const slot& what) {
        tables.at(here).slots[what.id] = what;
        owner.reload(std::vector<restaurant_id>{here});
        log.finish_load();
    }

    // Submits the command; the ticket of its answer.
    std::uint64_t submit(command_body body, std::optional<receipt_request> receipt = std::nullopt) {
        return submit_at(here, std::move(body), std::move(receipt));
    }
    std::uint64_t submit_at(restaurant_id where, command_body body,
                            std::optional<receipt_request> receipt = std::nullopt) {
        command_envelope made = command(++tickets, where, std::move(body));
        made.receipt = std::move(receipt);
        owner.submit(std::move(made));
        return tickets;
    }
    // Of that number, which is its ticket, too.
    command_envelope command(std::uint64_t number, restaurant_id where, command_body body) const {
        command_envelope made;
        made.id = make_id<command_id>(static_cast<unsigned>(number));
        made.restaurant = where;
        made.by = by;
        made.reply_to = {0, number};
        made.body = std::move(body);
        return made;
    }
    // The answer after everything was committed.
    reply ask_for(command_body body) {
        const std::uint64_t ticket = submit(std::move(body));
        log.finish_all();
        return answer(ticket);
    }
    bool is_answered(std::uint64_t ticket) const { return sink.answers.contains(ticket); }
    reply answer(std::uint64_t ticket) const {
        EXPECT_TRUE(is_answered(ticket)) << ticket;
        return is_answered(ticket) ? sink.answers.at(ticket) : reply{};
    }
    errc code(std::uint64_t ticket) const { return answer(ticket).code; }

    // `number` is the reservation's and the customer's.
    create_reservation booking(unsigned number, int minute = clock_min(19, 0), int party_size = 2) const {
        create_reservation made;
        made.id = make_id<reservation_id>(number);
        made.customer = make_id<customer_id>(number);
        made.date = dinner;
        made.minute = minute;
        made.party_size = party_size;
        made.confirmation_code = "code";
        return made;
    }
    change_reservation changing(unsigned number) const {
        change_reservation made;
        made.id = make_id<reservation_id>(number);
        made.customer = make_id<customer_id>(number);
        return made;
    }
    cancel_reservation cancelling(unsigned number) const {
        return {make_id<reservation_id>(number), make_id<customer_id>(number), std::nullopt};
    }
    // A hold's claim stands under its customer's id: never one that a reservation has, too.
    static customer_id holder(unsigned number) { return make_id<customer_id>(number + 1000); }
    create_hold holding(unsigned number, int minute = clock_min(19, 0), int party_size = 2) const {
        create_hold made;
        made.id = make_id<hold_id>(number);
        made.customer = holder(number);
        made.date = dinner;
        made.minute = minute;
        made.party_size = party_size;
        return made;
    }
    create_reservation booking_held(unsigned number, int minute = clock_min(19, 0),
                                    int party_size = 2) const {
        create_reservation made = booking(number, minute, party_size);
        made.customer = holder(number);
        made.hold = make_id<hold_id>(number);
        return made;
    }
    // What staff do to a reservation; should it be seated, its guest has the number + 100.
    static serve_reservation serving(unsigned number, std::optional<reservation_status> to = std::nullopt) {
        serve_reservation made;
        made.id = make_id<reservation_id>(number);
        made.to = to;
        made.guest = make_id<guest_id>(number + 100);
        made.guest_name = "Ada";
        return made;
    }
    static add_guest walk_in(unsigned number, int party_size = 2) {
        add_guest made;
        made.id = make_id<guest_id>(number);
        made.name = "Walk-in";
        made.party_size = party_size;
        return made;
    }
    // On the waitlist, with an account of that number.
    static add_guest queueing(unsigned number, int party_size = 2) {
        add_guest made = walk_in(number, party_size);
        made.source = guest_source::waitlist;
        made.customer = make_id<customer_id>(number);
        return made;
    }
    static serve_guest guest_to(unsigned number, guest_status to, std::vector<unsigned> tables = {}) {
        serve_guest made;
        made.id = make_id<guest_id>(number);
        made.to = to;
        for (const unsigned each : tables) made.where.tables.push_back(make_id<table_id>(each));
        return made;
    }
    static table_choice at_tables(std::vector<unsigned> numbers) {
        table_choice made;
        for (const unsigned each : numbers) made.tables.push_back(make_id<table_id>(each));
        return made;
    }
    static receipt_request receipt(const char* key) {
        return {make_id<customer_id>(1), "POST /customer/reservations", key, {}};
    }

    // What a reader of any core sees at one start.
    int shown_tables(int minute = clock_min(19, 0), int party_size = 2) const {
        int shown = -1;
        const live_restaurant& live = owner.find(here)->live;
        for_each_start(live, dinner, party_size, clock.time, [&](const start_view& start) {
            if (start.minute == minute) shown = start.available_tables;
        });
        return shown;
    }
    const inventory& stock() const { return *owner.find(here)->stock; }
    const table& table_of(unsigned number) const {
        for (const table& each : stock().view().config->tables) {
            if (each.id == make_id<table_id>(number)) return each;
        }
        throw std::out_of_range("no such table");
    }
    const guest& guest_of(unsigned number) const {
        return owner.find(here)->guests.at(make_id<guest_id>(number));
    }
    // Taking capacity, or closed.
    const reservation& reservation_of(unsigned number) const {
        const auto id = make_id<reservation_id>(number);
        const reservation* active = stock().find(id);
        return active != nullptr ? *active : owner.find(here)->closed.at(id);
    }
    std::size_t notices(customer_event_type type) const {
        return static_cast<std::size_t>(
            std::count_if(sink.notices.begin(), sink.notices.end(),
                          [type](const auto& each) { return each.type == type; }));
    }
    // The actions of the log rows since the last call.
    std::vector<std::string> new_actions() {
        std::vector<std::string> actions;
        for (; actions_seen < sink.events.size(); ++actions_seen)
            actions.push_back(sink.events[actions_seen].what.action);
        return actions;
    }
    void come_to(const char* time) {
        clock.time = at(time);
        owner.on_second();
        log.finish_all();
    }
    // Memory, and the same from the database: rows and memory say the same.
    void expect_sound() {
        EXPECT_EQ(stock().check_invariants(), std::nullopt);
        EXPECT_EQ(check_floor(*owner.find(here)), std::nullopt);
        for (const auto& violation : tables.violations()) ADD_FAILURE() << violation;
        const auto unsound = owner.counts().unsound;
        ring();
        log.finish_all();
        EXPECT_EQ(owner.counts().unsound, unsound);
        EXPECT_EQ(stock().check_invariants(), std::nullopt);
    }
    std::vector<std::int64_t> told_seqs() const {
        std::vector<std::int64_t> seqs;
        for (const released_event& each : sink.events) seqs.push_back(each.what.seq);
        return seqs;
    }

    restaurant_id adopt_another() {
        restaurant second = tables.at(here).what;
        second.id = make_id<restaurant_id>(2);
        tables.add_restaurant(second, 5);
        EXPECT_EQ(owner.adopt(tables.image(second.id)), std::nullopt);
        owner.show(second.id);
        return second.id;
    }
    void ring() { owner.reload(std::vector<restaurant_id>{here}); }
    void expect_no_holes() const {
        for (std::size_t i = 0; i < sink.events.size(); ++i)
            EXPECT_EQ(sink.events[i].what.seq, static_cast<std::int64_t>(i) + 1);
        EXPECT_TRUE(tables.violations().empty());
    }

    const restaurant_id here = make_id<restaurant_id>(1);
    const date dinner = day("2026-11-21");
    standing_clock clock;
    model_database tables;
    hand_journal log{tables};
    text_renderer render;
    recording_sink sink;
    engine owner{0, clock, log, render, sink};
    std::uint64_t tickets = 0;
    actor by{actor::kind::customer, make_id<customer_id>(1)};
    std::size_t actions_seen = 0;
};

}  // namespace qtable::test
