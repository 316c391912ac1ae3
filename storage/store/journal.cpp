#include "storage/store/journal.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <random>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"
#include "storage/store/batch_unit.hpp"
#include "storage/store/event_rows.hpp"
#include "storage/store/image_reader.hpp"
#include "storage/store/replicated.hpp"

namespace qtable::storage {

namespace {

// A session of this writer that a lost connection left behind may still be about to commit. It is ended
// first, and gone when this returns true: after that the row is there for good, or never will be. One that
// waits for a standby is left alone: ended, it would show a commit that the standby doesn't have.
constexpr statement end_predecessors{
    "end_predecessors",
    "select coalesce(bool_and(case when wait_event = 'SyncRep' then false else pg_terminate_backend(pid, "
    "700) "
    "end), true) from pg_stat_activity "
    "where application_name = $1 and usename = current_user and pid <> pg_backend_pid()"};
constexpr statement find_marker{"find_marker",
                                "select command_id, " QTABLE_ONCE_REPLICATED
                                " from restaurant_events where restaurant_id = $1 and seq = $2"};
constexpr statement ring{"ring_doorbell", "select pg_notify($1, $2)"};

}  // namespace

// Kept alive by the callbacks that it hands to the connections: those may be answered after the journal has
// gone.
class pg_journal::impl : public std::enable_shared_from_this<impl> {
  public:
    impl(boost::asio::io_context& io, pg_connection& writes, pg_connection& loads, zone_finder zones,
         journal_options options)
        : writes_(writes),
          loads_(loads),
          zones_(std::move(zones)),
          options_(std::move(options)),
          retry_timer_(io),
          jitter_(options_.jitter_seed) {}

    std::uint64_t writer() const noexcept { return std::hash<std::string>{}(options_.writer); }
    bool available() const noexcept { return writes_.ready(); }

    void write(std::shared_ptr<const batch> what, std::function<void(batch_result)> done) {
        QTABLE_ASSERT(!writing_);
        QTABLE_ASSERT(!what->events.empty());
        writing_ = true;
        send({std::move(what), std::move(done), 0});
    }

    void probe(const logged_event& marker, std::function<void(batch_outcome)> done) {
        unit ask;
        ask.add(end_predecessors, std::move(params().add(application_name(options_.writer))));
        ask.add(find_marker, std::move(params().add(marker.restaurant).add(marker.seq)));
        writes_.submit(std::move(ask), [self = shared_from_this(), command = marker.command,
                                        done = std::move(done)](const unit_result& got) {
            const std::shared_ptr<const batch> asked = std::exchange(self->unknown_, nullptr);
            if (!got.committed() || !got.results[0][0].get<bool>(0)) return done(batch_outcome::unavailable);
            const rows& found = got.results[1];
            const bool ours = !found.empty() && found[0].get<command_id>(0) == command;
            if (ours && asked) self->tell_others(*asked);
            done(ours ? batch_outcome::committed : batch_outcome::conflict);
        });
    }

    struct load_work {
        std::vector<load_request> which;
        std::function<void(result<std::vector<restaurant_image>>)> done;
        int attempt = 0;
        bool has_whole = false;
    };
    void load(load_work work);
    void load_events(const restaurant_id& restaurant, std::int64_t since_seq, bool is_public,
                     std::function<void(result<std::vector<logged_event>>)> done);
    void stop() { retry_timer_.cancel(); }

  private:
    struct write_work {
        std::shared_ptr<const batch> what;
        std::function<void(batch_result)> done;
        int attempt = 0;
    };

    void send(write_work work) {
        unit made = make_unit(*work.what);
        writes_.submit(std::move(made),
                       [self = shared_from_this(), work = std::move(work)](const unit_result& got) mutable {
                           self->sent(std::move(work), got);
                       });
    }

    void sent(write_work work, const unit_result& got) {
        switch (got.outcome) {
            case unit_outcome::committed:
                finish(work, batch_outcome::committed);
                return;
            case unit_outcome::unavailable:
                finish(work, batch_outcome::unavailable);
                return;
            case unit_outcome::outcome_unknown:
                finish(work, batch_outcome::unknown);
                return;
            case unit_outcome::failed:
                break;
        }
        switch (got.failure.kind()) {
            case sqlstate_class::unavailable:
                finish(work, batch_outcome::unavailable);
                return;
            case sqlstate_class::retryable:
            case sqlstate_class::stale_statements:
                if (work.attempt < limits::journal_retries) return send_later(std::move(work));
                break;
            default:
                break;
        }
        finish(work, batch_outcome::conflict, conflict_of(got.failure.constraint),
               restaurant_in(got.failure.detail));
    }

    void send_later(write_work work) {
        const std::int64_t most = std::min(limits::journal_retry_max_ms, std::int64_t{5} << work.attempt);
        ++work.attempt;
        retry_timer_.expires_after(
            std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(1, most)(jitter_)));
        retry_timer_.async_wait([self = shared_from_this(),
                                 work = std::move(work)](const boost::system::error_code& cancelled) mutable {
            // Cancelled: the journal has gone, and the batch was surely rolled back.
            if (cancelled) return self->finish(work, batch_outcome::unavailable);
            self->send(std::move(work));
        });
    }

    void finish(const write_work& work, batch_outcome outcome, conflict_kind conflict = conflict_kind::other,
                std::optional<restaurant_id> refused = std::nullopt) {
        writing_ = false;
        unknown_ = outcome == batch_outcome::unknown ? work.what : nullptr;
        if (outcome == batch_outcome::committed) tell_others(*work.what);
        work.done({work.what->id, outcome, conflict, refused});
    }

    void tell_others(const batch& what) {
        if (!options_.is_heard || !options_.is_heard()) return;
        for (const logged_event& event : what.events) changed_.push_back(event.restaurant);
        if (!ringing_) ring_doorbell();
    }

    // Not in the batch's own transaction: NOTIFY holds a lock over the whole cluster from before a commit
    // until after its fsync, which would make every core's commits wait for each other. The log is the truth,
    // this is the bell; a ring that is lost with its connection is made up for by the next one.
    void ring_doorbell() {
        if (changed_.empty() || !loads_.ready()) return changed_.clear();
        std::sort(changed_.begin(), changed_.end());
        changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
        unit bell;
        bell.add(ring, std::move(params()
                                     .add(std::string_view(doorbell_channel))
                                     .add(format_doorbell(options_.writer, changed_))));
        changed_.clear();
        ringing_ = true;
        loads_.submit(std::move(bell), [self = shared_from_this()](const unit_result&) {
            self->ringing_ = false;
            self->ring_doorbell();
        });
    }

    void loaded(load_work work, const unit_result& got, image_builder builder);

    pg_connection& writes_;
    pg_connection& loads_;
    zone_finder zones_;
    journal_options options_;
    boost::asio::steady_timer retry_timer_;
    std::minstd_rand jitter_;
    std::vector<restaurant_id> changed_;    // since the last ring
    std::shared_ptr<const batch> unknown_;  // whose outcome is to be probed
    bool ringing_ = false;
    bool writing_ = false;
};

namespace {

void ask_for_log(unit& ask, const statement& what, const std::vector<journal::load_request>& of) {
    params named;
    named.add_array(of, &journal::load_request::restaurant)
        .add_array(of, &journal::load_request::since_seq)
        .add(static_cast<std::int64_t>(limits::events_per_resume));
    ask.add(what, std::move(named));
}

}  // namespace

void pg_journal::impl::load(load_work work) {
    std::vector<restaurant_id> wanted;
    std::vector<load_request> whole, changed;
    for (const load_request& one : work.which) {
        wanted.push_back(one.restaurant);
        (one.only_changes ? changed : whole).push_back(one);
    }
    image_builder builder(std::move(wanted));
    const horizon since = horizon_of(options_.clock());

    unit ask;
    if (!whole.empty()) {
        std::vector<restaurant_id> ids;
        for (const load_request& one : whole) ids.push_back(one.restaurant);
        for (const image_part& part : image_parts()) ask.add(part.what, part.arguments(ids, since));
        ask_for_log(ask, event_sql::missed, whole);
        ask.add(image_sql::last_seqs, std::move(params().add_array(ids)));
    }
    if (!changed.empty()) ask_for_log(ask, event_sql::changed, changed);
    work.has_whole = !whole.empty();
    loads_.submit(std::move(ask), [self = shared_from_this(), work = std::move(work),
                                   builder = std::move(builder)](const unit_result& got) mutable {
        self->loaded(std::move(work), got, std::move(builder));
    });
}

void pg_journal::impl::loaded(load_work work, const unit_result& got, image_builder builder) {
    if (!got.committed()) return work.done(errc::database_unavailable);
    const std::vector<rows>& results = got.results;
    const std::vector<image_part>& parts = image_parts();
    if (work.has_whole) {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            for (const row r : results[i]) (builder.*parts[i].add)(r);
        }
        if (!builder.confirm(results[parts.size() + 1])) {
            if (++work.attempt < limits::load_attempts) return load(std::move(work));
            return work.done(errc::overloaded);
        }
        for (const row r : results[parts.size()]) {
            read_events(r, r.get<std::int64_t>(event_columns),
                        builder.at(r.get<restaurant_id>(0)).events_since);
        }
        builder.finish(zones_, {});
    }
    const std::size_t of_whole = work.has_whole ? parts.size() + 2 : 0;
    if (results.size() > of_whole) {
        for (const row r : results[of_whole]) builder.add_changes(r);
    }

    std::vector<restaurant_image> images;
    images.reserve(work.which.size());
    for (const load_request& one : work.which) {
        images.push_back(std::move(builder.at(one.restaurant)));
        images.back().is_changes = one.only_changes;
    }
    work.done(std::move(images));
}

void pg_journal::impl::load_events(const restaurant_id& restaurant, std::int64_t since_seq, bool is_public,
                                   std::function<void(result<std::vector<logged_event>>)> done) {
    unit ask;
    ask.add(is_public ? event_sql::public_since : event_sql::since,
            std::move(params()
                          .add(restaurant)
                          .add(since_seq)
                          .add(static_cast<std::int64_t>(limits::events_per_resume))));
    loads_.submit(std::move(ask), [done = std::move(done), is_public, since_seq](const unit_result& got) {
        if (!got.committed()) return done(errc::database_unavailable);
        std::vector<logged_event> events;
        for (const row r : got.results[0]) read_events(r, is_public ? 0 : since_seq, events);
        if (is_public) std::erase_if(events, [](const logged_event& e) { return e.public_seq == 0; });
        done(std::move(events));
    });
}

std::string pg_journal::application_name(std::string_view writer) {
    return "qtable-journal-" + std::string(writer);
}

pg_journal::pg_journal(boost::asio::io_context& io, pg_connection& writes, pg_connection& loads,
                       zone_finder zones, journal_options options)
    : impl_(std::make_shared<impl>(io, writes, loads, std::move(zones), std::move(options))) {}

pg_journal::~pg_journal() {
    impl_->stop();
}

std::uint64_t pg_journal::writer() const noexcept {
    return impl_->writer();
}

bool pg_journal::available() const noexcept {
    return impl_->available();
}

void pg_journal::write(std::shared_ptr<const batch> what, std::function<void(batch_result)> done) {
    impl_->write(std::move(what), std::move(done));
}

void pg_journal::probe(const logged_event& marker, std::function<void(batch_outcome)> done) {
    impl_->probe(marker, std::move(done));
}

void pg_journal::load(std::vector<load_request> which,
                      std::function<void(result<std::vector<restaurant_image>>)> done) {
    impl_->load({std::move(which), std::move(done), 0});
}

void pg_journal::load_events(restaurant_id restaurant, std::int64_t since_seq, bool is_public,
                             std::function<void(result<std::vector<logged_event>>)> done) {
    impl_->load_events(restaurant, since_seq, is_public, std::move(done));
}

}  // namespace qtable::storage
