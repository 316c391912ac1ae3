#include "core/engine/commit_gate.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"

namespace qtable {

namespace {

// Collects the rows of a batch: a thing that was changed twice stands there once, as it was last.
class batch_builder {
  public:
    explicit batch_builder(batch& out) : out_(out) {}

    void add(decision& from) {
        if (from.configuration) add_configuration(*from.configuration);
        for (table_row& row : from.tables) put(out_.tables, tables_, row.what.id, std::move(row));
        for (slot_row& row : from.slots) put(out_.slots, slots_, row.what.id, row);
        for (const slot_count_row& row : from.slot_counts) add_count(row);
        for (const reservation& row : from.reservations) put(out_.reservations, reservations_, row.id, row);
        for (combination_row& row : from.combinations)
            put(out_.combinations, combinations_, row.what.id, std::move(row));
        for (special_day_row& row : from.special_days)
            put(out_.special_days, special_days_, std::pair(row.restaurant, row.what.date), std::move(row));
        for (staff_row& row : from.staff)
            put(out_.staff, staff_, std::pair(row.restaurant, row.what.id), row);
        for (guest_row& row : from.guests) put(out_.guests, guests_, row.what.id, std::move(row));
        for (review& row : from.reviews) put(out_.reviews, reviews_, row.reservation, std::move(row));
    }

    void finish() {
        // A slot's new value has what was counted before in it. A count of zero stays: it has a version.
        std::erase_if(out_.slot_counts,
                      [this](const slot_count_row& row) { return slots_.contains(row.slot); });
    }

  private:
    using positions = boost::unordered_flat_map<uuid, std::size_t, id_hash>;

    template <class Row, class Positions, class Key>
    static void put(std::vector<Row>& rows, Positions& at, const Key& key, Row row) {
        const auto [found, is_new] = at.try_emplace(key, rows.size());
        if (is_new) {
            rows.push_back(std::move(row));
        } else {
            rows[found->second] = std::move(row);
        }
    }

    void add_configuration(restaurant_row& row) {
        const auto found = restaurants_.find(row.what->id);
        if (found != restaurants_.end()) {
            // Created and changed in one batch: still an insert.
            row.is_new = row.is_new || out_.restaurants[found->second].is_new;
            row.log_epoch = std::max(row.log_epoch, out_.restaurants[found->second].log_epoch);
        }
        put(out_.restaurants, restaurants_, row.what->id, row);
    }

    void add_count(const slot_count_row& row) {
        if (const auto replaced = slots_.find(row.slot); replaced != slots_.end()) {
            slot& value = out_.slots[replaced->second].what;
            value.available_tables += row.delta;
            value.version = row.version;
            return;
        }
        const auto [found, is_new] = counts_.try_emplace(row.slot, out_.slot_counts.size());
        if (is_new) {
            out_.slot_counts.push_back(row);
        } else {
            out_.slot_counts[found->second].delta += row.delta;
            out_.slot_counts[found->second].version = row.version;
        }
    }

    batch& out_;
    positions restaurants_, tables_, slots_, counts_, reservations_, combinations_, guests_, reviews_;
    std::map<std::pair<restaurant_id, date>, std::size_t> special_days_;
    std::map<std::pair<restaurant_id, staff_id>, std::size_t> staff_;
};

struct day_window {
    owned_restaurant* target;
    availability_window window;
};

// One window for each (restaurant, day): the hull of those of its commands.
void join_window(std::vector<day_window>& all, owned_restaurant* target, const availability_window& more) {
    for (day_window& each : all) {
        if (each.target != target || each.window.date != more.date) continue;
        each.window.from_min = std::min(each.window.from_min, more.from_min);
        each.window.until_min = std::max(each.window.until_min, more.until_min);
        return;
    }
    all.push_back({target, more});
}

commit_gate::availability_row make_availability_row(owned_restaurant* target, const pending_command& cause,
                                                    const std::optional<availability_window>& window,
                                                    instant now, const renderer& render) {
    commit_gate::availability_row made;
    made.target = target;
    if (window) made.day = window->date;
    made.row.restaurant = target->id;
    made.row.type = event_type::availability_updated;
    made.row.at = cause.decided.events.empty() ? now : cause.decided.events.front().at;
    made.row.by = cause.command.by;
    made.row.command = cause.command.id;
    made.row.action =
        cause.decided.events.empty() ? cause.decided.action : cause.decided.events.front().action;
    made.row.data = render.window_json(window);
    target->log.number(made.row, true);
    return made;
}

}  // namespace

void commit_gate::push(owned_restaurant& target, pending_command&& what) {
    ++target.undecided;
    open_.push_back({&target, std::move(what)});
}

bool commit_gate::is_one_batch() const noexcept {
    return open_.size() < limits::batch_commands &&
           std::none_of(open_.begin(), open_.end(), [](const entry& each) { return each.what.attempts > 0; });
}

commit_gate::sealed commit_gate::seal(instant now, const renderer& render) {
    sealed made;
    auto rows = std::make_shared<batch>();
    rows->id = next_batch_++;
    batch_builder builder(*rows);
    std::vector<day_window> windows;
    std::vector<owned_restaurant*> everything;

    while (!open_.empty() && made.commands.size() < limits::batch_commands) {
        const bool must_go_alone = open_.front().what.attempts > 0;
        if (must_go_alone && !made.commands.empty()) break;
        made.commands.push_back(std::move(open_.front()));
        open_.pop_front();
        entry& next = made.commands.back();
        decision& decided = next.what.decided;
        if (std::find(made.touched.begin(), made.touched.end(), next.target) == made.touched.end())
            made.touched.push_back(next.target);
        if (decided.changes_anything()) {
            for (logged_event& event : decided.events) {
                next.target->log.number(event, false);
                rows->events.push_back(event);
            }
            for (const availability_window& window : decided.windows)
                join_window(windows, next.target, window);
            if (decided.everything_changed &&
                std::find(everything.begin(), everything.end(), next.target) == everything.end())
                everything.push_back(next.target);
            if (next.what.command.receipt) {
                const reply& answer = decided.answer;
                rows->receipts.push_back({*next.what.command.receipt, answer.status, answer.body,
                                          answer.location, answer.version, now});
            }
            builder.add(decided);
        }
        if (must_go_alone) break;
    }
    builder.finish();

    // One that published slots, if any did: no other row of the log tells of it.
    const auto cause_of = [&made](const owned_restaurant* target) -> const pending_command& {
        const auto last_that = [&made, target](auto&& is_it) {
            return std::find_if(made.commands.rbegin(), made.commands.rend(), [&](const entry& each) {
                return each.target == target && is_it(each.what.decided);
            });
        };
        auto last = last_that([](const decision& of) { return of.events.empty() && !of.slots.empty(); });
        if (last == made.commands.rend())
            last = last_that([](const decision& of) { return of.changes_anything(); });
        QTABLE_ASSERT(last != made.commands.rend());
        return last->what;
    };
    for (const day_window& each : windows)
        made.availability.push_back(
            make_availability_row(each.target, cause_of(each.target), each.window, now, render));
    for (owned_restaurant* target : everything)
        made.availability.push_back(
            make_availability_row(target, cause_of(target), std::nullopt, now, render));
    for (const availability_row& each : made.availability) rows->events.push_back(each.row);
    made.what = std::move(rows);
    return made;
}

namespace {

// The receipts of others than these commands.
void erase_receipts(std::vector<receipt_row>& from, const std::vector<commit_gate::entry>& of) {
    std::erase_if(from, [&of](const receipt_row& row) {
        return std::any_of(of.begin(), of.end(), [&row](const commit_gate::entry& each) {
            return each.what.command.receipt == row.request;
        });
    });
}

void erase_rows(batch& from, const restaurant_id& of) {
    const auto is_its = [&of](const auto& row) { return row.restaurant == of; };
    std::erase_if(from.restaurants, [&of](const restaurant_row& row) { return row.what->id == of; });
    std::erase_if(from.tables, is_its);
    std::erase_if(from.combinations, is_its);
    std::erase_if(from.special_days, is_its);
    std::erase_if(from.staff, is_its);
    std::erase_if(from.guests, is_its);
    std::erase_if(from.reviews, is_its);
    std::erase_if(from.slots, is_its);
    std::erase_if(from.slot_counts, is_its);
    std::erase_if(from.reservations, is_its);
    std::erase_if(from.events, is_its);
}

}  // namespace

commit_gate::parted commit_gate::part(sealed&& failed, const owned_restaurant& refused) {
    parted made;
    auto rows = std::make_shared<batch>(*failed.what);
    rows->id = next_batch_++;
    for (entry& each : failed.commands)
        (each.target == &refused ? made.refused : made.rest.commands).push_back(std::move(each));
    erase_rows(*rows, refused.id);
    erase_receipts(rows->receipts, made.refused);
    made.rest.availability = std::move(failed.availability);
    std::erase_if(made.rest.availability,
                  [&refused](const availability_row& each) { return each.target == &refused; });
    made.rest.touched = std::move(failed.touched);
    std::erase(made.rest.touched, &refused);
    made.rest.what = std::move(rows);
    return made;
}

std::vector<commit_gate::entry> commit_gate::remove(const std::vector<owned_restaurant*>* of) {
    std::vector<entry> removed;
    std::deque<entry> kept;
    for (entry& each : open_) {
        const bool matches = of == nullptr || std::find(of->begin(), of->end(), each.target) != of->end();
        if (matches) {
            removed.push_back(std::move(each));
        } else {
            kept.push_back(std::move(each));
        }
    }
    open_.swap(kept);
    return removed;
}

}  // namespace qtable
