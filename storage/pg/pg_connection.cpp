#include "storage/pg/pg_connection.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "storage/pg/connection_fsm.hpp"
#include "storage/pg/libpq_wire.hpp"

namespace qtable::storage {

namespace {

using descriptor = boost::asio::posix::stream_descriptor;
using event = connection_fsm::event;
using action = connection_fsm::action;
using clock = std::chrono::steady_clock;

std::int64_t steady_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(clock::now().time_since_epoch()).count();
}

}  // namespace

// The one driver: carries out the machine's actions with Asio, and tells it what happened. libpq owns the
// socket; Asio only watches it and lets go of it (release) before libpq may close it. Each watched socket has
// a number, so that the late completion of a former one is not taken for the present one's.
class pg_connection::impl : public std::enable_shared_from_this<impl> {
  public:
    impl(boost::asio::io_context& io, connect_target target, pg_options options)
        : fsm(wire_, std::move(target), std::move(options)), io_(io), socket_(io), timer_(io) {}

    void drive(event what) {
        for (action next = fsm.resume(what, now_ms());; next = fsm.resume(event::closed, now_ms())) {
            counts.sessions.set(fsm.sessions());
            if (next.close) {
                let_go();
                continue;
            }
            if (next.new_socket) watch();
            if (next.want_read) wait(descriptor::wait_read, event::readable, reading_);
            if (next.want_write) wait(descriptor::wait_write, event::writable, writing_);
            wake_at(next.wake_at_ms);
            return;
        }
    }

    // Callbacks may submit, which collects more: those are posted by submit itself.
    void deliver() {
        for (auto& of : fsm.take_deliveries()) {
            if (of.callback) note(of);
            of.run();
        }
    }

    void submit(unit work, unit_callback callback) {
        counts.queries.add(work.steps().size());
        const std::int64_t at_ms = now_ms();
        fsm.submit(std::move(work), std::move(callback), at_ms, now_us_);
        drive_and_post(event::work);
    }

    // The clock's reading is kept: what is measured costs none of its own.
    std::int64_t now_ms() {
        now_us_ = steady_us();
        return now_us_ / 1000;
    }

    void drive_and_deliver(event what) {
        const auto self = shared_from_this();
        drive(what);
        deliver();
    }

    void drive_and_post(event what) {
        drive(what);
        if (posted_ || !fsm.has_deliveries()) return;
        posted_ = true;
        boost::asio::post(io_, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) {
                self->posted_ = false;
                self->deliver();
            }
        });
    }

    void shut() {
        drive(event::shut);
        timer_.cancel();
        timer_set_ = action::never;
    }

  private:
    void note(const connection_fsm::delivery& of) {
        if (of.begun_us == 0) return;  // the connection's own
        counts.took.record(now_us_ - of.begun_us);
        if (!of.result.committed()) counts.failures.add();
    }

    void let_go() {
        ++watched_;
        reading_ = writing_ = false;
        if (socket_.is_open()) socket_.release();
    }

    void watch() {
        let_go();
        socket_.assign(wire_.socket());
    }

    void wait(descriptor::wait_type how, event what, bool& waiting) {
        if (waiting) return;
        waiting = true;
        socket_.async_wait(how, [weak = weak_from_this(), number = watched_, what, &waiting](auto) {
            const auto self = weak.lock();
            if (!self || self->watched_ != number) return;
            waiting = false;
            self->drive_and_deliver(what);
        });
    }

    // An earlier wake-up than needed is harmless: only ever move the timer forward in time when it is due
    // sooner.
    void wake_at(std::int64_t at_ms) {
        if (at_ms >= timer_set_) return;
        timer_set_ = at_ms;
        timer_.expires_at(clock::time_point(std::chrono::milliseconds(at_ms)));
        timer_.async_wait([weak = weak_from_this()](boost::system::error_code failed) {
            const auto self = weak.lock();
            if (!self || failed == boost::asio::error::operation_aborted) return;
            self->timer_set_ = action::never;
            self->drive_and_deliver(event::tick);
        });
    }

    libpq_wire wire_;

  public:
    connection_fsm fsm;
    database_counts counts;

  private:
    boost::asio::io_context& io_;
    descriptor socket_;
    boost::asio::steady_timer timer_;
    std::int64_t now_us_ = 0;
    std::uint64_t watched_ = 0;
    std::int64_t timer_set_ = action::never;
    bool reading_ = false, writing_ = false, posted_ = false;
};

pg_connection::pg_connection(boost::asio::io_context& io, connect_target target, pg_options options)
    : impl_(std::make_shared<impl>(io, std::move(target), std::move(options))) {}

pg_connection::~pg_connection() {
    close();
}

void pg_connection::on_state(std::function<void(pg_state, std::string_view)> callback) {
    impl_->fsm.on_state(std::move(callback));
}

void pg_connection::start() {
    impl_->drive_and_post(event::start);
}

void pg_connection::close() {
    impl_->shut();
    impl_->deliver();
}

bool pg_connection::ready() const noexcept {
    return impl_->fsm.ready();
}

void pg_connection::submit(unit work, unit_callback callback) {
    impl_->submit(std::move(work), std::move(callback));
}

std::size_t pg_connection::waiting() const noexcept {
    return impl_->fsm.waiting();
}

std::size_t pg_connection::in_flight() const noexcept {
    return impl_->fsm.in_flight();
}

const database_counts& pg_connection::counts() const noexcept {
    return impl_->counts;
}

void pg_connection::listen(std::string channel, std::function<void(std::string_view)> on_notification,
                           std::function<void()> on_listening) {
    impl_->fsm.listen(std::move(channel), std::move(on_notification), std::move(on_listening),
                      impl_->now_ms());
    impl_->drive_and_post(event::work);
}

void pg_connection::retarget(connect_target target) {
    impl_->fsm.retarget(std::move(target));
}

}  // namespace qtable::storage
