// Delivery to many sockets: joined, in order, without hole or repeat, whoever comes and goes meanwhile.
#include "net/api/channels.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/limits.hpp"
#include "net/api/event_frames.hpp"
#include "net/ws/ws_service.hpp"
#include "net/ws/ws_session.hpp"

namespace qtable::net {
namespace channels_test {

const stream_key stream{stream_kind::open, uuid{{1}}};

// The server's side of a socket and the client's end of it.
struct reader {
    subscription place;
    ws_session* session = nullptr;
    subscription_ref ref;
    int fd = -1;

    ~reader() {
        if (fd >= 0) ::close(fd);
    }
    // The texts that came since the last time.
    std::vector<std::string> texts() {
        std::vector<std::string> found;
        char buffer[65536];
        for (ssize_t got = 0; (got = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT)) > 0;)
            received.append(buffer, static_cast<std::size_t>(got));
        while (received.size() >= 2) {
            std::size_t size = static_cast<unsigned char>(received[1]) & 0x7f, at = 2;
            if (size == 126) {
                size = static_cast<std::size_t>(static_cast<unsigned char>(received[2])) << 8 |
                       static_cast<unsigned char>(received[3]);
                at = 4;
            }
            if (received.size() < at + size) break;
            found.push_back(received.substr(at, size));
            received.erase(0, at + size);
        }
        return found;
    }
    std::string received;
    int drained = 0;
};

class channels_test : public testing::Test {
  protected:
    channels_test() { core_.poller().start(); }

    // `joined`: the publisher's answer is there already.
    reader& add(bool joined = true) {
        int ends[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
        readers_.push_back(std::make_unique<reader>());
        reader& made = *readers_.back();
        made.fd = ends[1];
        auto connection = std::make_unique<transport>(core_, ends[0], peer_address{}, nullptr);
        sockets_.make_session(std::make_unique<handler>(*this, made), options_)
            ->start(std::move(connection), {});
        if (joined) {
            channels_.answer_join(made.ref, {7, next_seq_ - 1, false, {}});
            turn([] {});
            EXPECT_EQ(made.texts().size(), 1U) << "the hello";
        }
        return made;
    }
    void leave(reader& who) { who.session->close(1000, ""); }

    template <class Function>
    void turn(Function what) {
        const turn_scope scope(core_);
        what();
    }
    // Whatever was put off to later turns.
    void settle() {
        core_.context().restart();
        while (core_.context().poll() > 0) {
        }
    }
    numbered_frame frame() {
        const std::int64_t seq = next_seq_++;
        return {seq, encode_text("event " + std::to_string(seq))};
    }

    struct handler final : ws_handler {
        handler(channels_test& test, reader& mine) : test_(test), mine_(mine) {}
        void on_open(ws_session& session) override {
            mine_.session = &session;
            mine_.ref = test_.channels_.add(stream, mine_.place, session, {});
        }
        void on_message(ws_session&, std::string_view, bool) override {}
        void on_drained(ws_session&) override { ++mine_.drained; }
        void on_close(ws_session&, std::uint16_t) noexcept override {
            mine_.session = nullptr;
            test_.last_left_ = test_.channels_.remove(mine_.place);
        }
        channels_test& test_;
        reader& mine_;
    };

    core_thread core_{0};
    ws_options options_;
    std::vector<std::unique_ptr<reader>> readers_;
    channels channels_{core_};
    ws_service sockets_{core_};
    std::int64_t next_seq_ = 1;
    bool last_left_ = false;
};

using texts = std::vector<std::string>;

TEST_F(channels_test, what_is_said_in_one_turn_comes_in_order_to_everyone) {
    reader &one = add(), &other = add();
    const auto before = core_.metrics().ws_frames_out.value();
    turn([&] {
        for (int i = 0; i < 3; ++i) channels_.deliver(stream, frame());
        EXPECT_TRUE(one.texts().empty()) << "at the turn's end";
    });
    EXPECT_EQ(one.texts(), (texts{"event 1", "event 2", "event 3"}));
    EXPECT_EQ(other.texts(), (texts{"event 1", "event 2", "event 3"}));
    EXPECT_EQ(core_.metrics().ws_frames_out.value() - before, 6U);
    turn([&] { channels_.deliver({stream_kind::staff, stream.of}, frame()); });
    EXPECT_TRUE(one.texts().empty()) << "another stream";
}

TEST_F(channels_test, how_long_delivery_took_is_counted_for_each_event_and_socket) {
    add();
    add();
    add(false);  // holds it for later
    const std::int64_t committed_ns = core_thread::read_monotonic_ns() - 30'000'000;
    turn([&] {
        numbered_frame told = frame();
        told.committed_ns = committed_ns;
        channels_.deliver(stream, told);
        channels_.deliver(stream, frame());  // which nobody measures, on its way with it
    });
    turn([&] { channels_.deliver(stream, frame()); });
    const duration_counts& took = core_.metrics().delivery;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= duration_counts::bounds_us.size(); ++i) count += took.count_of(i);
    EXPECT_EQ(count, 4U);
    EXPECT_GE(took.sum_us(), 4U * 30'000U);
    for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(took.count_of(i), 0U) << "30 ms and more";
}

TEST_F(channels_test, who_joins_gets_the_missed_then_the_held_then_the_live_ones) {
    reader& late = add(false);
    turn([&] { channels_.deliver(stream, frame()); });
    turn([&] { channels_.deliver(stream, frame()); });
    EXPECT_TRUE(late.texts().empty());
    turn([&] {
        channels_.deliver(stream, frame());
        // The publisher answered before it said 2 and 3: its answer covers 1.
        channels_.answer_join(late.ref, {7, 1, false, {{1, encode_text("missed 1")}}});
        channels_.deliver(stream, frame());
    });
    const texts got = late.texts();
    ASSERT_EQ(got.size(), 5U);
    EXPECT_EQ((texts(got.begin() + 1, got.end())), (texts{"missed 1", "event 2", "event 3", "event 4"}));
}

TEST_F(channels_test, a_frame_that_the_answer_covers_does_not_come_twice) {
    reader& late = add(false);
    turn([&] {
        channels_.deliver(stream, frame());
        channels_.deliver(stream, frame());
        channels_.answer_join(late.ref, {7, 1, false, {{1, encode_text("missed 1")}}});
    });
    const texts got = late.texts();
    EXPECT_EQ((texts(got.begin() + 1, got.end())), (texts{"missed 1", "event 2"}));
    turn([&] { channels_.deliver(stream, {unnumbered, resync_frame()}); });
    EXPECT_EQ(late.texts().size(), 1U) << "what has no number is always told";
    turn([&] { channels_.deliver(stream, frame()); });
    EXPECT_EQ(late.texts(), texts{"event 3"});
}

TEST_F(channels_test, what_was_missed_comes_in_portions_without_hole_or_repeat) {
    reader& late = add(false);
    next_seq_ = 3;
    turn([&] { channels_.answer_join(late.ref, {7, 2, false, {{1, encode_text("missed 1")}}, true}); });
    EXPECT_EQ(late.texts().size(), 2U) << "the hello and the first portion";
    EXPECT_EQ(late.drained, 1) << "though the socket was never full";
    // Said before it asks again: part of what the publisher answers then.
    turn([&] { channels_.deliver(stream, frame()); });
    const auto from = channels_.take_owed(late.place);
    ASSERT_TRUE(from);
    EXPECT_EQ(from->epoch, 7U);
    EXPECT_EQ(from->since_seq, 1);
    EXPECT_FALSE(channels_.take_owed(late.place)) << "asked for once";
    turn([&] { channels_.deliver(stream, {unnumbered, resync_frame()}); });
    turn([&] { channels_.deliver(stream, frame()); });
    EXPECT_TRUE(late.texts().empty());
    turn([&] {
        channels_.answer_join(late.ref,
                              {7, 3, false, {{2, encode_text("missed 2")}, {3, encode_text("missed 3")}}});
        channels_.deliver(stream, frame());
    });
    const texts got = late.texts();
    ASSERT_EQ(got.size(), 5U) << "no second hello";
    EXPECT_EQ((texts{got[0], got[1], got[3], got[4]}), (texts{"missed 2", "missed 3", "event 4", "event 5"}));
    EXPECT_FALSE(channels_.take_owed(late.place));
}

TEST_F(channels_test, a_frame_that_is_larger_than_an_outbox_reaches_who_has_nothing_waiting) {
    reader& late = add(false);
    const std::string huge(limits::ws_outbox_bytes + 1, 'x');
    turn([&] { channels_.answer_join(late.ref, {7, 1, false, {{1, encode_text(huge)}}}); });
    EXPECT_FALSE(late.session->is_closing());
}

TEST_F(channels_test, a_long_row_is_served_in_portions_whoever_comes_and_goes) {
    for (std::size_t i = 0; i < limits::deliveries_per_turn + 40; ++i) add();
    turn([&] { channels_.deliver(stream, frame()); });
    std::vector<texts> got(readers_.size());
    std::size_t served = 0;
    for (std::size_t i = 0; i < got.size(); ++i) served += (got[i] = readers_[i]->texts()).size();
    EXPECT_EQ(served, limits::deliveries_per_turn) << "the others' turn is to come";

    // One that was served leaves, one that wasn't, and the last; one comes.
    const std::size_t leaving[] = {3, limits::deliveries_per_turn + 5, readers_.size() - 1};
    turn([&] {
        for (const std::size_t i : leaving) leave(*readers_[i]);
    });
    for (const std::size_t i : leaving) ::close(std::exchange(readers_[i]->fd, -1));
    turn([&] {
        for (const std::size_t i : leaving) {
            if (readers_[i]->session != nullptr) channels_.remove(readers_[i]->place);
        }
    });
    reader& late = add(false);
    turn([&] { channels_.deliver(stream, frame()); });
    turn([&] { channels_.answer_join(late.ref, {7, 2, false, {}}); });
    settle();
    turn([&] { channels_.deliver(stream, frame()); });
    settle();
    for (std::size_t i = 0; i < got.size(); ++i) {
        if (readers_[i]->fd < 0) continue;
        const texts more = readers_[i]->texts();
        got[i].insert(got[i].end(), more.begin(), more.end());
        EXPECT_EQ(got[i], (texts{"event 1", "event 2", "event 3"})) << i;
    }
    const texts of_late = late.texts();
    ASSERT_EQ(of_late.size(), 2U);
    EXPECT_EQ(of_late.back(), "event 3");
}

TEST_F(channels_test, one_that_does_not_read_holds_nobody_up_and_misses_nothing) {
    reader &slow = add(), &other = add();
    const std::string large(16 * 1024, 'x');
    std::size_t sent = 0;
    // More than the kernel holds, less than the outbox.
    while (sent < 1000 && slow.session->outbox_bytes() < limits::ws_outbox_bytes / 2) {
        turn([&] { channels_.deliver(stream, {next_seq_++, encode_text(large)}); });
        ++sent;
        EXPECT_EQ(other.texts().size(), 1U);
    }
    ASSERT_GT(slow.session->outbox_bytes(), 0U);
    std::size_t read = 0;
    for (int i = 0; i < 1000 && read < sent; ++i) {
        for (const std::string& each : slow.texts()) read += each == large ? std::size_t{1} : std::size_t{0};
        settle();
    }
    EXPECT_EQ(read, sent);
}

TEST_F(channels_test, the_last_one_to_leave_takes_the_channel_along) {
    reader &one = add(), &other = add();
    turn([&] { leave(one); });
    ::shutdown(one.fd, SHUT_RDWR);
    turn([&] {
        EXPECT_FALSE(channels_.remove(one.place));
        EXPECT_TRUE(channels_.remove(other.place));
        EXPECT_FALSE(channels_.remove(other.place)) << "once";
    });
    EXPECT_EQ(channels_.sockets(), 0U);
    turn([&] { channels_.deliver(stream, frame()); });
    EXPECT_TRUE(other.texts().empty());
}

}  // namespace channels_test
}  // namespace qtable::net
