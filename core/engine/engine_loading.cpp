// The engine's other half: restaurants come from the database, at boot and whenever memory can't be trusted.
#include <algorithm>
#include <atomic>
#include <boost/unordered/unordered_flat_set.hpp>
#include <iterator>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"
#include "core/base/mutant.hpp"
#include "core/engine/engine.hpp"

namespace qtable {

std::optional<std::string> engine::adopt(restaurant_image&& image) {
    owned_restaurant& target = get_or_make(image.id);
    QTABLE_ASSERT(image.exists && !target.exists());
    target.now = owned_restaurant::state::ready;
    if (auto problem = fill(target, image, nullptr)) {
        target.stock.reset();
        ++counts_.unsound;
        return problem;
    }
    target.log = event_log(image.log_epoch, image.last_seq, image.last_public_seq);
    look_again_at(target, next_due(target, clock_.now()));
    return std::nullopt;
}

void engine::show(const restaurant_id& id) {
    publish(*owned_.at(id));
}

void engine::show_refusals(const restaurant_id& id) {
    const auto found = owned_.find(id);
    if (found != owned_.end()) publish(*found->second);
}

// Memory as the database has it. Text: what is wrong with it.
std::optional<std::string> engine::fill(owned_restaurant& target, restaurant_image& image,
                                        const inventory* before) {
    auto config = std::make_shared<const restaurant>(std::move(image.what));
    target.stock = std::make_unique<inventory>(
        make_view(std::move(config), std::move(image.local_zone), before ? &before->view() : nullptr));
    inventory& stock = *target.stock;
    for (const slot& value : image.slots) stock.upsert_slot(value);
    stock.expect(image.reservations.size());
    for (reservation& r : image.reservations) {
        if (r.takes_capacity()) {
            stock.restore(std::move(r));
        } else {
            target.closed.insert_or_assign(r.id, std::move(r));
        }
    }
    std::sort(image.guests.begin(), image.guests.end(), [](const guest& a, const guest& b) {
        return a.left_at != b.left_at ? a.left_at < b.left_at : a.id < b.id;
    });
    for (const guest& g : image.guests) {
        if (g.takes_capacity()) stock.restore_claim(g.id, claim_of(g));
        if (g.status == guest_status::completed && g.seated_at && g.left_at) {
            const auto stayed_min = static_cast<int>((g.left_at->ms - g.seated_at->ms) / ms_per_minute);
            target.learned.learn(stayed_min, stock.view().rules().turn_time_min(g.party_size));
        }
        target.guests.insert_or_assign(g.id, g);
    }
    if (auto problem = stock.check_restored()) return problem;
    return check_floor(target);
}

// Holds survive a reload where their place is still free; the others are handed back.
std::vector<hold> engine::take_holds_again(owned_restaurant& target) {
    std::vector<hold> all, dropped;
    for (const auto& [customer, held] : target.committed_holds) all.push_back(held);
    std::sort(all.begin(), all.end(), [](const hold& a, const hold& b) { return a.id < b.id; });
    reasons any_but_capacity(0xffff);
    any_but_capacity = reasons(static_cast<std::uint16_t>(
        any_but_capacity.bits() & ~(reasons(reason::no_table).bits() | reasons(reason::blocked).bits())));
    for (const hold& held : all) {
        bool is_free = target.exists();
        if (is_free) {
            ask wanted;
            wanted.date = held.date;
            wanted.party_size = held.party_size;
            wanted.overrides = any_but_capacity;
            const auto start = target.stock->start_at(held.date, held.minute % minutes_per_day);
            if (start) wanted.start = *start;
            is_free = start && (!held.slot || target.stock->check(wanted).slot == held.slot) &&
                      target.stock->tables_free(held.tables, held.blocks_from, held.blocks_until, {});
        }
        if (is_free) {
            target.stock->take_claim(held.customer, claim_of(held));
            target.holds.insert_or_assign(held.customer, held);
        } else {
            dropped.push_back(held);
            target.committed_holds.erase(held.customer);
        }
    }
    return dropped;
}

// Replaces what memory holds, shows it to readers, and tells what was missed. A restaurant that isn't there
// (any more), or whose data is not sound, is not served: readers find no capacity, commands are told that it
// doesn't exist.
std::optional<std::string> engine::install(owned_restaurant& target, restaurant_image&& image) {
    const std::unique_ptr<inventory> before = std::move(target.stock);
    const std::shared_ptr<const zone> where = before ? before->view().zone : nullptr;
    std::optional<std::string> problem;
    target.closed.clear();
    target.guests.clear();
    target.holds.clear();
    target.untold.clear();
    target.learned = {};
    target.waits_due = {};
    target.undecided = 0;
    target.is_closing = false;
    target.now = owned_restaurant::state::ready;
    if (std::exchange(target.is_behind, false)) sink_.behind(-1);
    if (image.exists) {
        problem = fill(target, image, before.get());
        if (problem) target.stock.reset();
    }
    const std::vector<hold> dropped = take_holds_again(target);
    // What was told of it may never have been sent: it is told again, not too soon.
    boost::unordered::erase_if(target.told_waits, [&target](auto& each) {
        each.second = {each.second.at, 0, std::nullopt};
        const auto found = target.guests.find(each.first);
        return found == target.guests.end() || !found->second.is_waiting();
    });
    if (target.exists()) {
        publish(target);
    } else {
        target.live.boards.store(nullptr, std::memory_order_release);
        target.live.view.store(nullptr, std::memory_order_release);
    }
    // Only now: no reader can come upon the old ones again.
    std::vector<retired> replaced;
    if (before) before->withdraw(replaced);
    if (!replaced.empty()) sink_.retire(std::move(replaced));
    // Their capacity is shown as free, and no row of the log says so.
    target.is_shown_ahead = target.is_shown_ahead || !dropped.empty();
    if (problem) {
        ++counts_.unsound;
    } else {
        tell_missed(target, std::move(image));
    }
    for (const hold& held : dropped) {
        if (where)
            sink_.notice({held.customer, customer_event_type::hold_expired, target.id, clock_.now(),
                          render_.hold_json(held, *where)});
    }
    look_again_at(target, next_due(target, clock_.now()));
    return problem;
}

namespace {

// What a customer hears of a row that another node wrote; as the decisions here would have told it.
std::optional<customer_event_type> notice_of(const logged_event& row, bool is_guest) {
    if (is_guest) {
        if (row.type != event_type::guest_created && row.type != event_type::guest_updated)
            return std::nullopt;
        return row.action == "guest.notify" ? customer_event_type::table_ready
                                            : customer_event_type::waitlist_updated;
    }
    switch (row.type) {
        case event_type::customer_reservation_received:
            return customer_event_type::reservation_confirmed;
        case event_type::customer_reservation_cancelled:
            return customer_event_type::reservation_cancelled;
        case event_type::customer_reservation_updated:
        case event_type::customer_checked_in:
            if (row.action == "guest.delete") return std::nullopt;
            return customer_event_type::reservation_updated;
        default:
            return std::nullopt;
    }
}

}  // namespace

// The customers that missed rows are about: what was decided here and not known to be stored is told as it
// was decided, what others wrote by what is stored now.
void engine::tell_people(owned_restaurant& target, const std::vector<logged_event>& rows) {
    auto uncertain = std::exchange(target.uncertain_notices, {});
    if (!target.exists()) return;
    boost::unordered_flat_set<command_id, id_hash> ours;
    for (const logged_event& row : rows) {
        const auto closed = target.closed.find(reservation_id(row.subject));
        const reservation* const booked =
            closed != target.closed.end() ? &closed->second : target.stock->find(reservation_id(row.subject));
        if (booked != nullptr) sink_.booked(*booked);
        if (const auto owed = uncertain.find(row.command); owed != uncertain.end()) {
            for (customer_notice& notice : owed->second) sink_.notice(std::move(notice));
            uncertain.erase(owed);
            ours.insert(row.command);
        }
        if (ours.contains(row.command)) continue;
        const auto waits = target.guests.find(guest_id(row.subject));
        const bool is_guest = waits != target.guests.end();
        const auto notice = notice_of(row, is_guest);
        if (!notice) continue;
        if (booked != nullptr) sink_.notice({booked->customer, *notice, target.id, row.at, row.data});
        if (is_guest && waits->second.customer && !waits->second.reservation) {
            guest shown = waits->second;
            shown.notes.clear();
            sink_.notice(
                {*shown.customer, *notice, target.id, row.at, render_.guest_json(target.id, shown, nullptr)});
        }
    }
}

// Rows that are in the log and were never told: by a batch whose answer was lost, or written by someone else.
void engine::tell_missed(owned_restaurant& target, restaurant_image&& image) {
    std::vector<logged_event>& rows = image.events_since;
    event_log& log = target.log;
    const bool is_known = log.epoch() != 0 && log.epoch() == image.log_epoch;
    const auto is_told = [&log](const logged_event& row) { return row.seq <= log.released_seq(); };
    if (is_known) rows.erase(rows.begin(), std::find_if_not(rows.begin(), rows.end(), is_told));
    // A database that lacks what was told: a standby took over that did not have all of it.
    const bool went_back = is_known && image.last_seq < log.released_seq();
    const bool reaches = !went_back && (rows.empty() || rows.front().seq == log.released_seq() + 1);
    const bool is_shown_ahead = std::exchange(target.is_shown_ahead, false);
    if (log.released_seq() < image.last_seq) target.has_rows_of_others = true;
    if (is_known) {
        tell_people(target, rows);
    } else if (target.exists()) {
        target.stock->for_each_reservation([this](const reservation& each) { sink_.booked(each); });
    }
    if (!is_known || !reaches) {
        // Another log than was told, or too much of it to tell: it goes on from its end.
        log = event_log(image.log_epoch, image.last_seq, image.last_public_seq);
        if (is_known) sink_.resync(target.live);
        return;
    }
    log.restart_numbering();
    for (logged_event& row : rows) {
        log.release(row);
        const bool is_availability = row.type == event_type::availability_updated;
        sink_.event({std::move(row), log.epoch(), {}, is_availability}, target.live);
    }
    if (is_shown_ahead) sink_.resync(target.live);
}

publication engine::publish(owned_restaurant& target) {
    if (!target.exists()) return {};
    std::vector<retired> replaced;
    publication told = target.stock->publish(target.live, replaced);
    if (!replaced.empty()) sink_.retire(std::move(replaced));
    return told;
}

void engine::load(std::vector<owned_restaurant*> which) {
    std::erase_if(which,
                  [](const owned_restaurant* each) { return each->now == owned_restaurant::state::loading; });
    std::vector<journal::load_request> requests;
    for (const owned_restaurant* each : which) requests.push_back({each->id, each->log.released_seq()});
    counts_.reloads += which.size();
    ask_for(std::move(which), std::move(requests));
}

void engine::ask_for(std::vector<owned_restaurant*> which, std::vector<journal::load_request> requests) {
    if (which.empty()) return;
    for (owned_restaurant* each : which) {
        each->now = owned_restaurant::state::loading;
        each->behind_with = owned_restaurant::outdated::nothing;
    }
    ++loading_;
    journal_.load(std::move(requests),
                  while_alive([this, which](result<std::vector<restaurant_image>> images) {
                      on_loaded(which, std::move(images));
                  }));
}

void engine::on_loaded(const std::vector<owned_restaurant*>& which,
                       result<std::vector<restaurant_image>>&& images) {
    --loading_;
    for (owned_restaurant* target : which) target->now = owned_restaurant::state::stale;
    std::vector<owned_restaurant*> outdated, untold;
    if (images) {
        for (restaurant_image& image : *images) {
            const auto found = owned_.find(image.id);
            if (found == owned_.end()) continue;
            owned_restaurant& target = *found->second;
            if (!image.is_changes) {
                install(target, std::move(image));
                sink_.configured(target.live, [] {});
            } else if (!take_changes(target, image)) {
                untold.push_back(&target);
            }
        }
    }
    load(std::move(untold));
    std::vector<pending_command> refused;
    for (owned_restaurant* target : which) {
        if (target->now == owned_restaurant::state::loading) continue;
        if (target->now != owned_restaurant::state::ready) {
            waiting_ -= target->waiting.size();
            std::move(target->waiting.begin(), target->waiting.end(), std::back_inserter(refused));
            target->waiting.clear();
            continue;
        }
        if (!mutant_on(mutant::loses_wake_up)) decide_waiting(*target);
        // It changed while it was being read. What is on its way goes first: else a busy stranger could stop
        // us.
        if (target->undecided == 0 && target->behind_with != owned_restaurant::outdated::nothing)
            outdated.push_back(target);
    }
    read_missed(std::move(outdated));
    send_next();
    for (const pending_command& each : refused) refuse(each, errc::database_unavailable, false);
}

void engine::visit(const restaurant_id& id) {
    visited_.insert(id);
    reload({&id, 1});
}

// Nothing of it is on its way: memory forgets it, once every core has passed a message round.
bool engine::let_go(const restaurant_id& id) {
    const auto found = owned_.find(id);
    owned_restaurant& target = *found->second;
    if (target.now == owned_restaurant::state::loading || target.undecided > 0 || !target.waiting.empty())
        return false;
    restaurant_image gone;
    gone.id = id;
    install(target, std::move(gone));
    sink_.retire({std::shared_ptr<const owned_restaurant>(std::move(found->second))});
    owned_.erase(found);
    return true;
}

void engine::on_journal_available() {
    std::vector<owned_restaurant*> stale;
    for (const auto& [id, owned] : owned_) {
        if (owned->now == owned_restaurant::state::stale) stale.push_back(owned.get());
    }
    load(std::move(stale));
}

namespace {

// How far back there may be reservations that were not forgotten yet.
constexpr int days_looked_back = 14;

// Parties that nobody ever seated or cancelled; who sits still is not past.
void forget_reservations_on(inventory& stock, date day) {
    for (const reservation* each : stock.reservations_on(day)) {
        if (each->status != reservation_status::confirmed) continue;
        stock.commit_release(stock.begin_release(reservation_id(each->id)));
    }
}

}  // namespace

void engine::forget_past_days() {
    const instant now = clock_.now();
    for (const auto& [id, owned] : owned_) {
        // What is not committed must not be published with the past: next time, then.
        const bool is_ahead = owned->undecided > 0 || owned->now != owned_restaurant::state::ready;
        if (!owned->exists() || is_ahead) continue;
        const date today = owned->stock->view().zone->local_at(now).date;
        owned->stock->forget_before(today.plus_days(-2));
        for (int day = 3; day <= days_looked_back; ++day)
            forget_reservations_on(*owned->stock, today.plus_days(-day));
        boost::unordered::erase_if(owned->guests, [now](const auto& each) {
            const std::optional<instant>& left = each.second.left_at;
            return !each.second.is_open() && (!left || left->plus_ms(limits::guests_kept_ms) < now);
        });
        boost::unordered::erase_if(
            owned->closed, [today](const auto& each) { return each.second.date < today.plus_days(-2); });
        publish(*owned);
    }
}

}  // namespace qtable
