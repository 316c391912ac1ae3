// What the inventory tells other cores: day boards, kept up to date start by start, and the index over them.
#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/mutant.hpp"
#include "core/inventory/inventory.hpp"
#include "core/inventory/inventory_claims.hpp"
#include "core/inventory/start_judge.hpp"

namespace qtable {

namespace {

constexpr instant earliest{std::numeric_limits<std::int64_t>::min()};
constexpr instant latest{std::numeric_limits<std::int64_t>::max()};
constexpr std::size_t starts_usual = 64;  // of a day

// One day as readers see it: by its board, or by the template.
class day_cells {
  public:
    day_cells(const restaurant_view& view, date day, const day_board* board) : view_(view), board_(board) {
        if (board_ == nullptr)
            view.opening->for_each_start(day, [this](const day_start& s) { starts_.push_back(s); });
    }

    std::size_t count() const noexcept { return board_ != nullptr ? board_->start_count() : starts_.size(); }
    int minute(std::size_t start) const noexcept {
        return board_ != nullptr ? board_->minute(start) : starts_[start].minute;
    }
    int party_sizes() const noexcept {
        return board_ != nullptr ? board_->party_sizes() : view_.floor->party_sizes();
    }
    availability_change at(date day, std::size_t start, int party_size) const noexcept {
        cell value;
        availability_change told{day, minute(start), party_size, 0, false, std::nullopt};
        if (party_size <= party_sizes()) {
            value = board_ != nullptr ? board_->at(start, party_size)
                                      : view_.template_cell(party_size, starts_[start].room_min);
            if (const slot_id* slot = board_ != nullptr ? board_->slot_for(start, party_size) : nullptr) {
                told.slot = *slot;
            }
        }
        told.is_available = value.is_available();
        told.available_tables = value.available_tables();
        return told;
    }

  private:
    const restaurant_view& view_;
    const day_board* board_;
    std::vector<day_start> starts_;
};

bool same_offer(const availability_change& a, const availability_change& b) noexcept {
    return a.is_available == b.is_available && a.available_tables == b.available_tables && a.slot == b.slot;
}

// Lists what differs between two states of a day; a start that is gone is told as not available.
void compare(date day, int first_party, const day_cells& before, const day_cells& after,
             std::vector<availability_change>& changes) {
    const int parties = std::max(before.party_sizes(), after.party_sizes());
    std::size_t old_start = 0, new_start = 0;
    while (old_start < before.count() || new_start < after.count()) {
        const int old_minute =
            old_start < before.count() ? before.minute(old_start) : limits::wall_minutes_max;
        const int new_minute = new_start < after.count() ? after.minute(new_start) : limits::wall_minutes_max;
        const int minute = std::min(old_minute, new_minute);
        for (int party = first_party; party <= parties; ++party) {
            const availability_change none{day, minute, party, 0, false, std::nullopt};
            const auto was = old_minute == minute ? before.at(day, old_start, party) : none;
            const auto is = new_minute == minute ? after.at(day, new_start, party) : none;
            if (!same_offer(was, is)) changes.push_back(is);
        }
        old_start += old_minute == minute ? 1 : 0;
        new_start += new_minute == minute ? 1 : 0;
    }
}

}  // namespace

// ---- what has to be published again

int inventory::longest_stay_min() const noexcept {
    int longest = view_->rules().turn_time_min(limits::party_size_max);
    for (const turn_time& entry : view_->rules().turn_times) longest = std::max(longest, entry.minutes);
    return longest + view_->rules().buffer_after_min;
}

void inventory::mark(date day, instant from, instant until, bool starts_changed) {
    const auto [entry, is_new] = dirty_.try_emplace(day, dirty_day{from, until, starts_changed});
    if (is_new) return;
    entry->second.from = std::min(entry->second.from, from);
    entry->second.until = std::max(entry->second.until, until);
    entry->second.starts_changed = entry->second.starts_changed || starts_changed;
}

void inventory::mark(const capacity_claim& claim) {
    const booking_rules& rules = view_->rules();
    // Starts whose stay would meet the claim, or that share its pacing interval.
    const int interval_min = rules.slot_interval_min;
    const instant from = std::min(claim.blocks_from.plus_minutes(-longest_stay_min()),
                                  claim.starts_at.plus_minutes(-interval_min));
    const instant until = std::max(claim.blocks_until.plus_minutes(rules.buffer_before_min),
                                   claim.starts_at.plus_minutes(interval_min));
    // A business day reaches into the calendar day after it.
    const date last = view_->zone->local_at(until).date;
    for (date day = view_->zone->local_at(from).date.plus_days(-1); day <= last; day = day.plus_days(1)) {
        mark(day, from, until, false);
    }
}

void inventory::mark(const slot& value, bool starts_changed) {
    const auto start = start_at(value.date, value.minute);
    if (!start && !starts_changed) return;
    const instant at = start ? start->starts_at : latest;
    mark(value.date, at, at, starts_changed);
}

void inventory::mark_all() {
    for (const auto& [day, board] : boards_) mark(day, earliest, latest, true);
    for (const date day : slots_.days()) mark(day, earliest, latest, true);
    for (const auto& [key, of] : bookings_) {
        for_each_claim(*of, [this](const capacity_claim& claim) { mark(claim); });
    }
}

void inventory::forget_before(date day) {
    forgotten_before_ = day;
    slots_.forget_before(day);
    week_changed_ = true;
    for (const auto& [old_day, board] : boards_) {
        if (old_day < day) mark(old_day, earliest, latest, true);
    }
}

// ---- boards

std::vector<day_start> inventory::starts_on(date day) const {
    std::vector<day_start> starts;
    starts.reserve(starts_usual);
    view_->opening->for_each_start(day, [&starts](const day_start& s) { starts.push_back(s); });
    for (const published_slot* slot : slots_.on(day)) {
        const auto start = start_at(day, slot->value.minute);
        if (!start || start->room_min > 0) continue;
        const auto at = std::lower_bound(starts.begin(), starts.end(), start->minute,
                                         [](const day_start& s, int minute) { return s.minute < minute; });
        if (at == starts.end() || at->minute != start->minute) starts.insert(at, *start);
    }
    return starts;
}

int inventory::count_bound(date day) const noexcept {
    if (view_->has_tables()) return static_cast<int>(view_->floor->table_count());
    int bound = 0;
    for (const published_slot* slot : slots_.on(day)) bound = std::max(bound, slot->value.available_tables);
    return std::min(bound, cell::count_max);
}

int inventory::board_party_sizes(date day) const noexcept {
    if (view_->has_tables()) return view_->floor->party_sizes();
    int largest = 0;
    for (const published_slot* slot : slots_.on(day)) largest = std::max(largest, slot->value.party_size);
    return std::min(largest, judged_party_sizes(*view_));
}

// Whether the day can differ from the template.
bool inventory::needs_board(date day, const std::vector<day_start>& starts) const noexcept {
    if (!slots_.on(day).empty()) return true;
    if (starts.empty()) return false;
    const booking_rules& rules = view_->rules();
    const instant first = starts.front().starts_at, last = starts.back().starts_at;
    const bool paced = has_pacing(rules);
    return occupancy_.any_taken(first.plus_minutes(-rules.buffer_before_min),
                                last.plus_minutes(longest_stay_min())) ||
           (paced && pacing_.any(first.plus_minutes(-rules.slot_interval_min),
                                 last.plus_minutes(rules.slot_interval_min)));
}

std::shared_ptr<day_board> inventory::make_board(date day, const std::vector<day_start>& starts) const {
    std::vector<day_board::published_slot_id> ids;
    for (const published_slot* slot : slots_.on(day)) {
        const auto start = start_at(day, slot->value.minute);
        if (!start) continue;
        const auto at = std::lower_bound(starts.begin(), starts.end(), start->minute,
                                         [](const day_start& s, int minute) { return s.minute < minute; });
        ids.push_back({static_cast<std::uint16_t>(at - starts.begin()),
                       static_cast<std::uint8_t>(slot->value.party_size), slot->value.id});
    }
    std::sort(ids.begin(), ids.end(), [](const auto& a, const auto& b) {
        return std::pair(a.start, a.party_size) < std::pair(b.start, b.party_size);
    });
    auto board =
        std::make_shared<day_board>(day, starts, board_party_sizes(day), count_bound(day), std::move(ids));
    fill(*board);
    return board;
}

namespace {

// The rows of a board on their way into it.
class board_rows {
  public:
    explicit board_rows(const day_board& board)
        : row_words_(board.row_words()), words_(row_words_ * static_cast<std::size_t>(board.party_sizes())) {}
    std::span<std::uint64_t> operator[](int party) noexcept {
        return std::span(words_.data() + static_cast<std::size_t>(party - 1) * row_words_, row_words_);
    }

  private:
    std::size_t row_words_;
    boost::container::small_vector<std::uint64_t, 256> words_;
};

}  // namespace

// A new board: each answer is written once for all the starts in a row that have it.
void inventory::fill(day_board& board) const {
    const std::size_t count = board.start_count();
    if (count == 0) return;
    const bool has_slots = !slots_.on(board.day()).empty();
    start_judge judge(*view_, occupancy_, board.party_sizes(), board.start(0).starts_at,
                      board.start(count - 1).starts_at, has_slots);
    board_rows rows(board);
    boost::container::small_vector<std::size_t, 16> since(judge.stays().size(), 0);
    const auto write_until = [&](std::size_t end, const start_judge::stay& of, std::size_t& from) {
        for (int party = of.first_party; party <= of.last_party && from < end; ++party)
            board.fill_in_row(rows[party], from, end, judge.said(party));
        from = end;
    };
    for (std::size_t at = 0; at < count; ++at) {
        const day_start start = board.start(at);
        judge.go_to(start, pacing_at(start.starts_at, nullptr));
        for (std::size_t i = 0; i < since.size(); ++i) {
            const start_judge::stay& of = judge.stays()[i];
            if (of.is_as_before) continue;
            write_until(at, of, since[i]);
            for (int party = of.first_party; party <= of.last_party; ++party) {
                std::optional<slot_offer> slot;
                if (has_slots) slot = offer_at(board.day(), start.minute, party, nullptr);
                judge.published(of, party, slot);
            }
        }
    }
    for (std::size_t i = 0; i < since.size(); ++i) write_until(count, judge.stays()[i], since[i]);
    for (int party = 1; party <= board.party_sizes(); ++party) board.write_row(party, rows[party]);
}

// Asks the feasibility function for every party at the starts [first, last), and publishes the rows that
// changed. The half hours in which something is available now that wasn't, or the other way round.
std::uint64_t inventory::compute(day_board& board, std::size_t first, std::size_t last,
                                 std::vector<availability_change>* changes) const {
    if (first == last) return 0;
    const int parties = board.party_sizes();
    board_rows rows(board);
    boost::container::small_vector<bool, 128> row_changed(static_cast<std::size_t>(parties), false);
    for (int party = 1; party <= parties; ++party) board.read_row(party, rows[party]);

    std::uint64_t turned = 0;
    const auto put = [&](std::size_t at, int party, cell value, const std::optional<slot_offer>& slot) {
        const cell before = board.in_row(rows[party], at);
        if (value == before) return;
        board.put_in_row(rows[party], at, value);
        row_changed[static_cast<std::size_t>(party - 1)] = true;
        if (value.is_available() != before.is_available()) turned |= half_hour_bit(board.minute(at));
        if (changes == nullptr || party < view_->rules().min_party ||
            value.available_tables() == before.available_tables())
            return;
        changes->push_back({board.day(), board.minute(at), party, value.available_tables(),
                            value.is_available(), slot ? std::optional(slot->id) : std::nullopt});
    };
    const bool has_slots = !slots_.on(board.day()).empty();
    start_judge judge(*view_, occupancy_, parties, board.start(first).starts_at,
                      board.start(last - 1).starts_at, has_slots);
    for (std::size_t at = first; at < last; ++at) {
        const day_start start = board.start(at);
        judge.go_to(start, pacing_at(start.starts_at, nullptr));
        for (const start_judge::stay& of : judge.stays()) {
            for (int party = of.first_party; party <= of.last_party; ++party) {
                std::optional<slot_offer> slot;
                if (has_slots) slot = offer_at(board.day(), start.minute, party, nullptr);
                put(at, party, judge.published(of, party, slot), slot);
            }
        }
    }
    for (int party = 1; party <= parties; ++party) {
        const bool is_new = row_changed[static_cast<std::size_t>(party - 1)];
        if (is_new && !mutant_on(mutant::stale_word)) board.write_row(party, rows[party]);
    }
    return turned;
}

// ---- publishing

void inventory::publish_day(date day, const dirty_day& what, std::vector<retired>& out,
                            std::vector<availability_change>* changes) {
    const auto entry = boards_.find(day);
    const std::shared_ptr<day_board> before = entry != boards_.end() ? entry->second : nullptr;
    const bool is_over = day < forgotten_before_;
    if (is_over && !before) return;
    const std::vector<day_start> starts = starts_on(day);
    const bool needed = !is_over && needs_board(day, starts);
    if (!before && !needed) return;

    const auto is_dirty = [&what](const day_start& s) {
        return s.starts_at >= what.from && s.starts_at <= what.until;
    };
    const auto first = std::find_if(starts.begin(), starts.end(), is_dirty);
    const auto last = std::find_if_not(first, starts.end(), is_dirty);
    if (before && needed && !what.starts_changed && count_bound(day) <= before->count_bound()) {
        const std::uint64_t turned = compute(*before, static_cast<std::size_t>(first - starts.begin()),
                                             static_cast<std::size_t>(last - starts.begin()), changes);
        if (refusals_ && turned != 0) show_sold_out(*before, turned, out);
        return;
    }
    if (!before && !what.starts_changed && first == last) return;

    const std::shared_ptr<day_board> after = needed ? make_board(day, starts) : nullptr;
    if (!is_over && changes != nullptr) {
        compare(day, std::max(1, view_->rules().min_party), day_cells(*view_, day, before.get()),
                day_cells(*view_, day, after.get()), *changes);
    }
    if (after) {
        boards_[day] = after;
        if (refusals_) show_sold_out(*after, refusal_place::all_half_hours, out);
    } else {
        boards_.erase(day);
        if (refusals_) refusals_.clear_day(day);
    }
    if (before) out.push_back(before);
    index_changed_ = true;
}

void inventory::publish_index(live_restaurant& live, std::vector<retired>& out) {
    auto index = std::make_shared<board_index>();
    index->view = view_.get();
    index->zone = view_->zone.get();
    index->opening = view_->opening.get();
    index->rules = view_->for_readers;
    index->generation = ++live.generations;
    index->days.reserve(boards_.size());
    for (const auto& [day, board] : boards_) index->days.push_back({day, board.get()});
    live.view.store(view_.get(), std::memory_order_release);
    live.boards.store(index.get(), std::memory_order_release);
    if (published_index_) out.push_back(std::exchange(published_index_, nullptr));
    if (published_view_ && published_view_ != view_) out.push_back(published_view_);
    published_index_ = std::move(index);
    published_view_ = view_;
    index_changed_ = false;
}

publication inventory::publish(live_restaurant& live, std::vector<retired>& out) {
    publication told;
    const restaurant_view* const before = published_view_.get();
    told.everything_changed = before == nullptr || before->floor != view_->floor ||
                              before->opening != view_->opening || before->rules() != view_->rules() ||
                              before->config->paused_until != view_->config->paused_until;
    auto* const changes = told.everything_changed ? nullptr : &told.changes;
    for (const auto& [day, what] : dirty_) publish_day(day, what, out, changes);
    dirty_.clear();
    show_refusals(live, out);
    if (index_changed_) publish_index(live, out);
    return told;
}

void inventory::withdraw(std::vector<retired>& out) {
    for (auto& [day, board] : boards_) out.push_back(std::move(board));
    boards_.clear();
    if (published_index_) out.push_back(std::exchange(published_index_, nullptr));
    if (published_view_) out.push_back(std::exchange(published_view_, nullptr));
    index_changed_ = true;
}

inventory::memory_use inventory::memory() const noexcept {
    memory_use use{occupancy_.bytes(), occupancy_.day_count(), 0,
                   boards_.size(),     slots_.bytes(),         pacing_.bytes()};
    for (const auto& [day, board] : boards_) use.board_bytes += board->bytes();
    return use;
}

}  // namespace qtable
