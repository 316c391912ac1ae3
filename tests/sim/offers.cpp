#include "tests/sim/offers.hpp"

#include <algorithm>
#include <bit>

#include "core/inventory/availability_reader.hpp"

namespace qtable::sim {

namespace {

// Long before any booking: readers' rules about past and notice don't matter then.
constexpr instant no_clock{0};
constexpr std::int64_t grid_ms = limits::grid_min * ms_per_minute;

struct taken {
    std::uint64_t tables = 0;  // bits
    std::int64_t from_ms = 0, until_ms = 0, starts_ms = 0;
    int party_size = 0;
};

// The rows of one restaurant, as far as they bear on what is offered.
class evening {
  public:
    evening(const test::model_database::restaurant_tables& stored, std::span<const hold> held)
        : stored_(stored), rules_(stored.what.rules), held_(held) {
        for (const auto& [id, r] : stored.reservations) {
            if (r.takes_capacity()) add(r.tables, r.blocks_from, r.blocks_until, r.starts_at, r.party_size);
        }
        for (const auto& [id, g] : stored.guests) {
            if (g.takes_capacity()) add(g.tables, g.blocks_from, g.blocks_until, g.blocks_from, g.party_size);
        }
        for (const hold& h : held) add(h.tables, h.blocks_from, h.blocks_until, h.starts_at, h.party_size);
        const auto& tables = stored.what.tables;
        for (std::size_t i = 0; i < tables.size(); ++i) {
            const std::uint64_t bit = std::uint64_t{1} << i;
            if (tables[i].status != table_status::out_of_service) sellable_ |= bit;
            for (int party = tables[i].min_party; party <= std::min(tables[i].capacity, offers::parties);
                 ++party)
                fitting_.at(static_cast<std::size_t>(party)) |= bit;
        }
        for (const table_combination& each : stored.what.combinations) {
            const std::uint64_t members = bits_of(each.table_ids);
            const bool is_whole = static_cast<std::size_t>(std::popcount(members)) == each.table_ids.size();
            if (is_whole) joined_.push_back({members, each.min_party, each.capacity});
        }
    }

    std::optional<std::string> find_overlap() const {
        for (std::size_t i = 0; i < all_.size(); ++i) {
            for (std::size_t j = i + 1; j < all_.size(); ++j) {
                if ((all_[i].tables & all_[j].tables) != 0 &&
                    meet(all_[i], all_[j].from_ms, all_[j].until_ms))
                    return "a table is taken twice at " + rfc3339_utc_ms({all_[j].from_ms});
            }
        }
        return std::nullopt;
    }

    void fill(date day, offers::cells& cells) {
        day_ = day;
        midnight_ms_ = day.days * ms_per_day;
        near_.clear();
        for (const taken& each : all_) {
            const std::int64_t begin_ms = midnight_ms_ + ms_per_day / 2, end_ms = begin_ms + ms_per_day;
            if (meet(each, begin_ms, end_ms) || (each.starts_ms >= begin_ms && each.starts_ms < end_ms))
                near_.push_back(each);
        }
        slots_.clear();
        for (const auto& [id, slot] : stored_.slots) {
            if (slot.date == day) slots_.push_back(&slot);
        }
        if (near_.empty() && slots_.empty() && is_empty_known_) {
            cells = empty_;
            return;
        }
        for (int start = 0; start < offers::starts; ++start)
            fill_start(offers::first_minute + start * offers::step_min,
                       &cells[static_cast<std::size_t>(start * offers::parties)]);
        if (!near_.empty() || !slots_.empty()) return;
        empty_ = cells;
        is_empty_known_ = true;
    }

  private:
    static bool meet(const taken& a, std::int64_t from_ms, std::int64_t until_ms) {
        return a.from_ms < until_ms && from_ms < a.until_ms;
    }

    void add(const std::vector<table_id>& tables, instant from, instant until, instant starts, int party) {
        taken made{bits_of(tables), from.ms / grid_ms * grid_ms, (until.ms + grid_ms - 1) / grid_ms * grid_ms,
                   starts.ms, party};
        all_.push_back(made);
    }
    std::uint64_t bits_of(const std::vector<table_id>& tables) const {
        std::uint64_t bits = 0;
        const auto& known = stored_.what.tables;
        for (const table_id& id : tables) {
            for (std::size_t i = 0; i < known.size(); ++i) {
                if (known[i].id == id) bits |= std::uint64_t{1} << i;
            }
        }
        return bits;
    }

    // Minutes until closing; none: it is no start of the hours.
    std::optional<int> room_min(int minute) const {
        if (stored_.what.tables.empty()) return std::nullopt;
        for (const hours_range& open :
             stored_.what.profile.hours.days[static_cast<std::size_t>(day_.weekday())]) {
            if (minute >= open.open_min && minute < open.close_min) return open.close_min - minute;
        }
        return std::nullopt;
    }
    const slot* slot_for(int minute, int party) const {
        const slot* smallest = nullptr;
        for (const slot* each : slots_) {
            if (each->minute == minute % minutes_per_day && each->party_size >= party &&
                (smallest == nullptr || each->party_size < smallest->party_size))
                smallest = each;
        }
        return smallest;
    }

    void fill_start(int minute, std::uint8_t* cells) {
        std::fill_n(cells, offers::parties, std::uint8_t{0});
        const std::optional<int> room = room_min(minute);
        const bool is_start = room || std::any_of(slots_.begin(), slots_.end(), [minute](const slot* each) {
                                  return each->minute == minute;
                              });
        if (!is_start) return;
        const std::int64_t at_ms = midnight_ms_ + minute * ms_per_minute;
        const int covers = rules_.pacing_covers > 0 ? covers_at(at_ms) : 0;
        int turn_min = -1;
        std::uint64_t free = 0;
        for (int party = std::max(1, rules_.min_party); party <= std::min(rules_.max_party, offers::parties);
             ++party) {
            if (rules_.turn_time_min(party) != turn_min) {
                turn_min = rules_.turn_time_min(party);
                free = free_tables(at_ms, turn_min);
            }
            const slot* const published = slot_for(minute, party);
            if (!published && (!room || *room < turn_min)) continue;
            if (rules_.pacing_covers > 0 && covers + party > rules_.pacing_covers) continue;
            int count = stored_.what.tables.empty() ? offers_without_tables : count_tables(free, party);
            if (published) {
                if (!published->is_available) continue;
                count = std::min(count, left_of(*published));
            }
            cells[party - 1] = static_cast<std::uint8_t>(std::clamp(count, 0, 255));
        }
    }

    int covers_at(std::int64_t at_ms) const {
        int covers = 0;
        for (const taken& each : near_) {
            const std::int64_t away_ms = std::abs(each.starts_ms - at_ms);
            if (away_ms < rules_.slot_interval_min * ms_per_minute) covers += each.party_size;
        }
        return covers;
    }
    int left_of(const slot& published) const {
        int left = published.available_tables;
        for (const hold& each : held_) left -= each.slot == published.id ? 1 : 0;
        return left;
    }
    std::uint64_t free_tables(std::int64_t at_ms, int turn_min) const {
        const std::int64_t from_ms = at_ms - rules_.buffer_before_min * ms_per_minute;
        const std::int64_t until_ms = at_ms + (turn_min + rules_.buffer_after_min) * ms_per_minute;
        std::uint64_t free = sellable_;
        for (const taken& each : near_) {
            if (meet(each, from_ms, until_ms)) free &= ~each.tables;
        }
        return free;
    }
    // Single tables; where there is none, combinations (here at most one, so that they share no table).
    int count_tables(std::uint64_t free, int party) const {
        if (const std::uint64_t fit = free & fitting_.at(static_cast<std::size_t>(party)); fit != 0)
            return std::popcount(fit);
        int count = 0;
        for (const joined& each : joined_)
            count += (each.members & ~free) == 0 && each.least <= party && each.most >= party ? 1 : 0;
        return count;
    }

    struct joined {
        std::uint64_t members;
        int least, most;  // guests
    };

    static constexpr int offers_without_tables = cell::count_max;

    const test::model_database::restaurant_tables& stored_;
    const booking_rules& rules_;
    std::span<const hold> held_;
    std::vector<taken> all_, near_;  // near: of the day
    std::vector<const slot*> slots_;
    std::uint64_t sellable_ = 0;
    std::array<std::uint64_t, offers::parties + 1> fitting_{};  // single tables by party
    std::vector<joined> joined_;
    date day_;
    std::int64_t midnight_ms_ = 0;
    offers::cells empty_{};
    bool is_empty_known_ = false;
};

}  // namespace

date offers::first() noexcept {
    static constexpr date day{20'775};  // 2026-11-18
    return day;
}

bool shown_offers::read(const live_restaurant& live, day_span within) {
    const board_index* const index = live.boards.load();
    if (index == nullptr) {
        generation_ = 0;
        offers_ = {};
        return true;
    }
    const bool is_other =
        index->generation != generation_ || within.first != span_.first || within.last != span_.last;
    generation_ = index->generation;
    span_ = within;
    bool is_known = true;
    const offers::cells* empty = nullptr;
    for (date day = within.first; day <= within.last; day = day.plus_days(1)) {
        const day_board* const board = index->find(day);
        const std::uint64_t sequence = board != nullptr ? board->sequence() : 0;
        std::uint64_t& seen = sequences_[static_cast<std::size_t>(day.days - offers::first().days)];
        if (!is_other && seen == sequence) continue;
        seen = sequence;
        offers::cells& cells = offers_.on(day);
        if (board == nullptr && empty != nullptr) {
            cells = *empty;
            continue;
        }
        is_known = read_day(live, day, cells) && is_known;
        if (board == nullptr) empty = &cells;
    }
    return is_known;
}

bool shown_offers::read_day(const live_restaurant& live, date day, offers::cells& cells) {
    bool is_known = true;
    cells.fill(0);
    for (int party = 1; party <= offers::parties; ++party) {
        for_each_start(live, day, party, no_clock, [&](const start_view& start) {
            if (start.available_tables <= 0) return;
            const auto at = offers::place(start.minute, party);
            is_known = is_known && at;
            if (at) cells[*at] = static_cast<std::uint8_t>(std::min(start.available_tables, 255));
        });
    }
    return is_known;
}

allowed_offers allowed_by(const test::model_database::restaurant_tables& stored, std::span<const hold> held,
                          day_span within) {
    evening of(stored, held);
    allowed_offers made;
    made.overlap = of.find_overlap();
    for (date day = within.first; day <= within.last; day = day.plus_days(1)) of.fill(day, made.all.on(day));
    return made;
}

}  // namespace qtable::sim
