#include "tests/sim/model_journal.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/limits.hpp"
#include "core/base/mutant.hpp"

namespace qtable::sim {

namespace {

void apply_unannounced(model_server& server, const batch& what, std::uint64_t serial) {
    if (server.store(what, serial).outcome != batch_outcome::committed) return;
    ++server.ghosts;
    server.tell([] { return std::string("  a session that nobody waits for commits"); });
    for (const logged_event& row : what.events) server.unannounced.insert(row.restaurant);
}

// The fault: whoever took the numbers meanwhile isn't noticed.
batch moved_to_the_end(const test::model_database& tables, const batch& what) {
    batch moved = what;
    std::map<restaurant_id, std::pair<std::int64_t, std::int64_t>> ends;
    for (logged_event& row : moved.events) {
        const auto found = tables.restaurants().find(row.restaurant);
        if (found == tables.restaurants().end()) continue;
        const auto [end, is_new] =
            ends.try_emplace(row.restaurant, static_cast<std::int64_t>(found->second.events.size()),
                             found->second.last_public_seq);
        row.seq = ++end->second.first;
        if (row.public_seq != 0) row.public_seq = ++end->second.second;
    }
    return moved;
}

const char* name_of(batch_outcome outcome) {
    constexpr const char* names[] = {"committed", "conflict", "unavailable", "unknown"};
    return names[static_cast<std::size_t>(outcome)];
}

}  // namespace

// ---- the server

batch_result model_server::store(const batch& what, std::uint64_t serial) {
    const auto is_taken = [this](const logged_event& row) {
        const auto found = tables.restaurants().find(row.restaurant);
        return found != tables.restaurants().end() &&
               row.seq <= static_cast<std::int64_t>(found->second.events.size());
    };
    if (std::any_of(what.events.begin(), what.events.end(), is_taken)) {
        ++taken_seqs;
        if (mutant_on(mutant::appends_without_seq)) return tables.apply(moved_to_the_end(tables, what));
    }
    const batch_result done = tables.apply(what);
    if (mutant_on(mutant::feeds_by_serial) && done.outcome == batch_outcome::committed) {
        for (const logged_event& row : what.events) serials.emplace_back(serial, row.restaurant);
    }
    return done;
}

void model_server::ring(const std::string& writer, const batch& what) {
    if (!is_up || chance.chance(faults.bell_lost)) {
        ++bells_lost;
        return;
    }
    ++bells;
    std::vector<restaurant_id> rung;
    for (const logged_event& row : what.events) {
        if (std::find(rung.begin(), rung.end(), row.restaurant) == rung.end()) rung.push_back(row.restaurant);
    }
    for (notice_listener* each : listeners) each->rung(writer, rung);
}

void model_server::say(const std::string& node) {
    if (!is_up || chance.chance(faults.bell_lost)) return;
    for (notice_listener* each : listeners) each->is_there(node);
}

// ---- a journal

std::int64_t model_journal::delay_ms() {
    random_source& chance = server_.chance;
    return chance.chance(server_.faults.slow) ? chance.between(100, 900) : chance.between(1, 12);
}

// The wire may say it twice, as late as it likes: whoever waited has gone with the first answer.
template <class Done, class... What>
void model_journal::deliver(Done done, What... what) {
    const auto waiting = std::make_shared<std::optional<Done>>(std::move(done));
    const auto arrive = [&server = server_, waiting, what...] {
        const auto one = std::exchange(*waiting, std::nullopt);
        if (one) return (*one)(what...);
        ++server.duplicates;
    };
    if (server_.chance.chance(server_.faults.duplicate)) after(server_.chance.between(1, 2000), arrive);
    arrive();
}

void model_journal::lose_connection() {
    if (!is_connected_) return;
    is_connected_ = false;
    server_.tell([this] { return writer_ + " loses its connection"; });
    after(server_.chance.between(5, 300), [this] {
        is_connected_ = true;
        if (owner_ != nullptr && available()) owner_->on_journal_available();
    });
}

model_journal::fate model_journal::draw_fate() {
    random_source& chance = server_.chance;
    const fault_rates& faults = server_.faults;
    if (chance.chance(faults.disk_full)) return fate::refused;
    if (chance.chance(faults.exclusion_violation)) return fate::exclusion;
    if (chance.chance(faults.serialization_failure)) return fate::serialization;
    if (chance.chance(faults.shut_down)) return fate::shut_down;
    if (!chance.chance(faults.unknown)) return fate::normal;
    constexpr fate lost[] = {fate::lost_before, fate::lost_after, fate::ghost};
    return lost[chance.below(3)];
}

// A number that its own core has told, or was told by the database, is no other row's.
void model_journal::check_numbers(const batch& what) {
    for (const logged_event& row : what.events) {
        const owned_restaurant* of = owner_ != nullptr ? owner_->find(row.restaurant) : nullptr;
        server_.seen.expect(
            of == nullptr || row.seq > of->log.released_seq(),
            "a seq is used again: " + short_name(row.restaurant) + " " + std::to_string(row.seq));
    }
}

void model_journal::write(std::shared_ptr<const batch> what, std::function<void(batch_result)> done) {
    check_numbers(*what);
    server_.tell([&] {
        return writer_ + " writes batch " + std::to_string(what->id) + ", " +
               std::to_string(what->events.size()) + " rows of the log";
    });
    send({std::move(what), std::move(done), 0, 0, 0});
}

void model_journal::send(work now) {
    const fate how = draw_fate();
    now.server_start = server_.start;
    now.serial = ++server_.last_serial;
    // A session that is in the middle of its commit may go on when its process dies.
    const bool survives = server_.chance.chance(500);
    server_.time.after(
        delay_ms(), [this, alive = alive_, &server = server_, survives, now = std::move(now), how]() mutable {
            if (*alive) {
                finish(std::move(now), how);
            } else if (survives && how == fate::normal && server.is_up && server.start == now.server_start) {
                apply_unannounced(server, *now.what, now.serial);
            }
        });
}

void model_journal::answer(const work& of, const batch_result& what) {
    after(delay_ms(), [this, of, heard = what]() mutable {
        if (heard.outcome == batch_outcome::committed && (!available() || of.server_start != server_.start))
            heard.outcome = batch_outcome::unknown;
        server_.tell([&] {
            return writer_ + " hears " + name_of(heard.outcome) + " of batch " + std::to_string(of.what->id) +
                   (heard.refused ? " because of " + short_name(*heard.refused) : "");
        });
        if (heard.outcome == batch_outcome::committed && is_heard_ && is_heard_()) ring_later(of.what);
        deliver(of.done, heard);
    });
}

// 23P01 names the restaurant; other refusals don't.
batch_result model_journal::refusal(const batch& what) {
    batch_result made{what.id, batch_outcome::conflict};
    if (server_.chance.chance(700))
        made.refused =
            what.events[server_.chance.below(static_cast<std::uint32_t>(what.events.size()))].restaurant;
    return made;
}

// Not in the batch's own transaction, and lost with its connection.
void model_journal::ring_later(const std::shared_ptr<const batch>& what) {
    after(server_.chance.between(0, 3), [this, what] {
        if (available()) return server_.ring(writer_, *what);
        ++server_.bells_lost;
    });
}

// As the store's journal: after a serialisation failure the batch is sent again, some times.
void model_journal::retry(work now) {
    if (now.attempt >= limits::journal_retries) return answer(now, batch_outcome::conflict);
    const int most = static_cast<int>(std::min(limits::journal_retry_max_ms, std::int64_t{5} << now.attempt));
    ++now.attempt;
    after(server_.chance.between(1, most), [this, now = std::move(now)]() mutable { send(std::move(now)); });
}

void model_journal::leave_ghost(const work& of) {
    ghost_may_commit_ = std::make_shared<bool>(true);
    server_.time.after(server_.chance.between(1, 400),
                       [&server = server_, what = of.what, serial = of.serial, start = server_.start,
                        may_commit = ghost_may_commit_] {
                           if (*may_commit && server.is_up && server.start == start)
                               apply_unannounced(server, *what, serial);
                       });
}

// The same statements once more, late: the log's key refuses them.
void model_journal::send_again_later(const std::shared_ptr<const batch>& what) {
    if (!server_.chance.chance(server_.faults.duplicate)) return;
    server_.time.after(server_.chance.between(1, 2000), [&server = server_, what] {
        ++server.duplicates;
        server.seen.expect(server.tables.apply(*what).outcome != batch_outcome::committed,
                           "a batch is stored twice");
    });
}

void model_journal::finish(work now, fate how) {
    random_source& chance = server_.chance;
    const bool is_cut = !available() || now.server_start != server_.start;
    if (is_cut)
        how = now.server_start == server_.start && chance.chance(500) ? fate::refused : fate::lost_before;
    if (server_.is_full && how == fate::normal) how = fate::refused;
    if (server_.bug == canary::acknowledges_unstored && chance.chance(20))
        return answer(now, batch_outcome::committed);
    if (server_.bug == canary::loses_answers && chance.chance(20)) return;
    switch (how) {
        case fate::normal: {
            const batch_result done = server_.store(*now.what, now.serial);
            if (done.outcome == batch_outcome::committed) send_again_later(now.what);
            return answer(now, done);
        }
        case fate::exclusion:
            ++server_.exclusion_violations;
            return answer(now, refusal(*now.what));
        case fate::serialization:
            ++server_.serialization_failures;
            return retry(std::move(now));
        case fate::refused:
            ++server_.refusals;
            return answer(now, batch_outcome::unavailable);
        case fate::shut_down:  // by its administrator: rolled back, and the connection is to be made anew
            ++server_.refusals;
            lose_connection();
            return answer(now, batch_outcome::unavailable);
        case fate::lost_before:
            break;
        case fate::lost_after:
            server_.store(*now.what, now.serial);
            break;
        case fate::ghost:
            leave_ghost(now);
            break;
    }
    answer(now, batch_outcome::unknown);
}

void model_journal::probe(const logged_event& marker, std::function<void(batch_outcome)> done) {
    after(delay_ms(), [this, marker, done = std::move(done)] {
        if (!available() || server_.chance.chance(server_.faults.probe_fails))
            return deliver(done, batch_outcome::unavailable);
        if (server_.tables.has_event(marker)) return deliver(done, batch_outcome::committed);
        if (server_.bug == canary::invents_commits) return deliver(done, batch_outcome::committed);
        *ghost_may_commit_ = false;  // a probe ends the session that it finds
        deliver(done, batch_outcome::conflict);
    });
}

std::vector<restaurant_image> model_journal::read(const std::vector<load_request>& which) {
    std::vector<restaurant_image> images;
    images.reserve(which.size());
    for (const load_request& each : which) {
        images.push_back(server_.tables.image(each));
        restaurant_image& image = images.back();
        if (server_.chance.chance(server_.faults.short_history) && image.events_since.size() > 1)
            image.events_since.erase(image.events_since.begin());
        if (server_.bug != canary::loads_the_past) continue;
        for (const restaurant_image& old : past_) {
            if (old.id == image.id) image.reservations = old.reservations;
        }
        past_.push_back(image);
    }
    return images;
}

void model_journal::load(std::vector<load_request> which,
                         std::function<void(result<std::vector<restaurant_image>>)> done) {
    const bool fails = server_.chance.chance(server_.faults.load_error);
    // The snapshot is taken at some time before the answer.
    after(delay_ms(), [this, which = std::move(which), done = std::move(done), fails] {
        if (!available() || fails) return done(make_error_code(errc::database_unavailable));
        after(delay_ms(), [done, images = read(which)]() mutable { done(std::move(images)); });
    });
}

void model_journal::load_events(restaurant_id restaurant, std::int64_t since_seq, bool is_public,
                                std::function<void(result<std::vector<logged_event>>)> done) {
    after(delay_ms(), [this, restaurant, since_seq, is_public, done = std::move(done)] {
        if (!available()) return done(make_error_code(errc::database_unavailable));
        done(server_.tables.events_since(restaurant, since_seq, is_public));
    });
}

void model_journal::find_receipt(const receipt_request& key,
                                 std::function<void(result<std::optional<receipt_row>>)> done) {
    after(delay_ms(), [this, key, done = std::move(done)] {
        if (!available()) return done(make_error_code(errc::database_unavailable));
        const receipt_row* const found = server_.tables.find_receipt(key);
        done(found != nullptr ? std::optional(*found) : std::nullopt);
    });
}

}  // namespace qtable::sim
