#include "tests/sim/sockets.hpp"

#include <algorithm>
#include <utility>

#include "core/base/limits.hpp"
#include "core/engine/engine.hpp"

namespace qtable::sim {

void sockets::open(const restaurant_id& restaurant, bool is_public) {
    socket made;
    made.restaurant = restaurant;
    made.is_public = is_public;
    all_.push_back(std::move(made));
    join(all_.back());
}

void sockets::cut(socket& who) {
    who.now = state::closed;
    ++who.connection;
    who.outbox.clear();
    who.held.clear();
}

void sockets::cut_all(std::uint32_t node) {
    for (socket& each : all_) {
        if (each.node == node) cut(each);
    }
}

void sockets::publish(std::uint32_t node, const released_event& what) {
    frame made;
    for (socket& each : all_) {
        if (each.node != node || each.restaurant != what.what.restaurant || number(each, what.what) == 0)
            continue;
        if (!made) made = std::make_shared<const logged_event>(what.what);
        send(each, made);
    }
}

// What comes while it joins is for after what it missed.
void sockets::send(socket& to, const frame& what) {
    if (to.now == state::joining) to.held.push_back(what);
    if (to.now == state::open) push(to, what);
}

void sockets::resync(std::uint32_t node, const restaurant_id& restaurant) {
    for (socket& each : all_) {
        if (each.node == node && each.restaurant == restaurant) send(each, nullptr);
    }
}

void sockets::push(socket& to, const frame& what) {
    if (what && number(to, *what) <= to.told) return;
    if (to.outbox.size() >= outbox_frames) {
        ++cut_off;
        return cut(to);
    }
    if (what) to.told = number(to, *what);
    to.outbox.push_back(what);
}

// Asks the owner for what it missed.
void sockets::join(socket& who) {
    const std::optional<std::uint32_t> node = around_.any_node();
    if (!node) return;
    moved += *node != who.node && who.knows_something ? 1U : 0U;
    who.node = *node;
    who.now = state::joining;
    const std::uint64_t connection = ++who.connection;
    around_.turns(who.node).after(server_.chance.between(0, 2), [this, &who, connection] {
        if (who.connection == connection) ask_to_join(who, connection);
    });
}

void sockets::ask_to_join(socket& who, std::uint64_t connection) {
    const owned_restaurant* const owned = around_.owner(who.node, who.restaurant).find(who.restaurant);
    if (owned == nullptr) return cut(who);
    const std::uint64_t epoch = owned->log.epoch();
    const std::int64_t at = who.is_public ? owned->log.released_public_seq() : owned->log.released_seq();
    if (!who.knows_something) return admit(who, epoch, at, {}, true);
    if (who.epoch == epoch && who.seq > at) return admit_who_is_ahead(who, connection, epoch, at);
    const bool is_lost =
        who.epoch != epoch || at - who.seq > static_cast<std::int64_t>(limits::events_per_resume);
    if (is_lost) return admit(who, epoch, at, {}, true);
    ++resumed;
    if (auto rows = owned->log.since(who.seq, who.is_public))
        return admit(who, epoch, at, std::move(*rows), false);
    around_.journal(who.node, who.restaurant)
        .load_events(who.restaurant, who.seq, who.is_public,
                     [this, &who, connection, epoch, at](result<std::vector<logged_event>> rows) {
                         if (who.connection != connection) return;
                         if (!rows) return admit(who, epoch, at, {}, true);
                         std::erase_if(*rows, [&](const logged_event& row) {
                             return number(who, row) == 0 || number(who, row) > at;  // those come live
                         });
                         const bool is_whole = !rows->empty() && number(who, rows->back()) == at;
                         if (!is_whole) rows->clear();
                         admit(who, epoch, at, std::move(*rows), !is_whole);
                     });
}

// It heard from another node what this one hasn't read yet: the log knows.
void sockets::admit_who_is_ahead(socket& who, std::uint64_t connection, std::uint64_t epoch,
                                 std::int64_t at) {
    ++ahead;
    around_.journal(who.node, who.restaurant)
        .load_events(who.restaurant, who.seq - 1, who.is_public,
                     [this, &who, connection, epoch, at](result<std::vector<logged_event>> rows) {
                         if (who.connection != connection) return;
                         const bool is_there =
                             rows && !rows->empty() && number(who, rows->front()) == who.seq;
                         admit(who, epoch, is_there ? who.seq : at, {}, !is_there);
                         if (is_there)
                             around_.owner(who.node, who.restaurant).follow(std::span(&who.restaurant, 1));
                     });
}

// What was missed, then what came meanwhile; each seq once.
void sockets::admit(socket& who, std::uint64_t epoch, std::int64_t now_at, std::vector<logged_event>&& missed,
                    bool must_read_anew) {
    who.now = state::open;
    who.knows_something = true;
    who.epoch = epoch;
    who.told = who.seq;
    if (must_read_anew) {
        ++read_anew;
        who.seq = who.told = now_at;
        who.may_jump = false;
    }
    // Missed rows come in portions that its outbox holds: here at once, for a reader who waits for them.
    for (logged_event& row : missed) {
        if (number(who, row) <= who.told) continue;
        who.told = number(who, row);
        who.outbox.push_back(std::make_shared<const logged_event>(std::move(row)));
    }
    for (const frame& each : std::exchange(who.held, {})) {
        if (who.now == state::open) push(who, each);
    }
}

void sockets::read(socket& who, std::size_t most) {
    for (; most > 0 && !who.outbox.empty(); --most) {
        const frame next = std::move(who.outbox.front());
        who.outbox.pop_front();
        ++frames;
        if (!next) {
            ++read_anew;
            who.may_jump = true;
            continue;
        }
        const logged_event& row = *next;
        const std::int64_t got = number(who, row);
        const std::string where = "a socket of " + short_name(who.restaurant) + " at " +
                                  std::to_string(who.seq) + " reads " + std::to_string(got);
        server_.seen.expect(got == who.seq + 1 || (who.may_jump && got > who.seq), where);
        server_.seen.expect(server_.tables.has_event(row), where + ", which isn't stored");
        who.seq = got;
        who.may_jump = false;
    }
}

void sockets::step() {
    if (all_.empty()) return;
    random_source& chance = server_.chance;
    socket& who = all_[chance.below(static_cast<std::uint32_t>(all_.size()))];
    if (who.now == state::closed) {
        if (chance.chance(300)) join(who);
    } else if (chance.chance(server_.faults.socket_drops)) {
        cut(who);
    } else if (around_.turns(who.node).is_frozen()) {
        if (chance.chance(200)) cut(who);  // its pings aren't answered
    } else if (!chance.chance(server_.faults.slow_reader)) {
        read(who, chance.chance(500) ? outbox_frames : chance.below(4));
    }
}

bool sockets::read_all() {
    bool is_done = true;
    for (socket& each : all_) {
        if (each.now == state::closed) join(each);
        if (each.now == state::joining) is_done = false;
        read(each, each.outbox.size());
    }
    return is_done;
}

void sockets::check_all_known() {
    for (const socket& each : all_) {
        const auto& stored = server_.tables.restaurants().at(each.restaurant);
        const std::int64_t last =
            each.is_public ? stored.last_public_seq : static_cast<std::int64_t>(stored.events.size());
        server_.seen.expect(each.seq == last || each.may_jump, "a socket of " + short_name(each.restaurant) +
                                                                   " that reads everything stands at " +
                                                                   std::to_string(each.seq) + " of " +
                                                                   std::to_string(last));
    }
}

}  // namespace qtable::sim
