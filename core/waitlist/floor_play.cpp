#include "core/waitlist/floor_play.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"

namespace qtable {

namespace {

// Guests are seated as long as half of their turn time is left before closing, within these bounds: the
// kitchen takes last orders from large parties too.
constexpr double rest_of_turn = 0.5;
constexpr double rest_least_min = 30;
constexpr double rest_most_min = 60;
constexpr double unknown_turn_min = 90;

// Dimensions of the draws: some for each table, then one for each party.
constexpr std::uint32_t dimensions_per_table = 8;
constexpr std::uint32_t turns_with_own_draws = 3;
constexpr std::uint32_t first_party_dimension = 1U << 20;
static_assert(limits::tables_per_restaurant * dimensions_per_table < first_party_dimension);

double minutes(instant from, instant to) noexcept {
    return static_cast<double>(to.ms - from.ms) / static_cast<double>(ms_per_minute);
}

bool fits(int capacity, int min_party, int oversize_cap, int party_size) noexcept {
    return party_size > 0 && capacity >= party_size && min_party <= party_size &&
           (oversize_cap == 0 || capacity - party_size <= oversize_cap);
}

double turn_or_default(int turn_min) noexcept {
    return turn_min > 0 ? turn_min : unknown_turn_min;
}

}  // namespace

floor_play::floor_play(const floor_now& floor, std::span<const waiting_party> waiting,
                       const turn_experience& learned)
    : model_(learned), words_((waiting.size() + 63) / 64) {
    const double open_min = floor.closes_at ? minutes(floor.now, *floor.closes_at) : 1e9;
    end_min_ = -1;
    for (const waiting_party& w : waiting) {
        const double turn = turn_or_default(w.turn_min);
        const double rest = std::clamp(rest_of_turn * turn, rest_least_min, rest_most_min);
        const double last = std::min<double>(limits::quoted_max_min, open_min - rest);
        parties_.push_back({turn, last});
        end_min_ = std::max(end_min_, last);
    }
    add_tables(floor);
    join_tables_of_one_party(floor);
    watch_tables();
    add_combinations(floor, waiting);
    waits_.assign(waiting.size() * stay_model::scenarios, never);
    waiting_.resize(words_);
    asked_.resize(words_);
    freed_.reserve(tables_.size());
    events_.reserve(tables_.size() * 3);
}

void floor_play::add_tables(const floor_now& floor) {
    for (const floor_now::seat& s : floor.tables) {
        table t;
        t.capacity = s.capacity;
        t.min_party = s.min_party;
        t.is_in_service = s.is_in_service;
        t.is_dirty = s.is_dirty;
        t.is_occupied = s.seated_at.has_value();
        t.turn_min = turn_or_default(s.turn_min);
        if (s.seated_at) t.elapsed_min = std::max(0.0, minutes(*s.seated_at, floor.now));
        t.draws = static_cast<std::uint32_t>(tables_.size()) * dimensions_per_table;
        t.first_block = blocks_.size();
        for (const floor_now::block& b : s.blocks) {
            // A block that began before they sat down is their own.
            if (b.until <= floor.now || (s.seated_at && b.from <= *s.seated_at)) continue;
            blocks_.push_back(
                {minutes(floor.now, b.from), minutes(b.from, b.until), minutes(floor.now, b.until)});
        }
        t.end_block = blocks_.size();
        tables_.push_back(std::move(t));
    }
}

// A party larger than its table sits at several, which come free together.
void floor_play::join_tables_of_one_party(const floor_now& floor) {
    for (std::size_t one = 0; one < tables_.size(); ++one) {
        const floor_now::seat& s = floor.tables[one];
        if (!s.seated_at || s.party_size <= s.capacity) continue;
        for (std::size_t other = 0; other < tables_.size(); ++other) {
            const floor_now::seat& o = floor.tables[other];
            if (o.seated_at != s.seated_at || o.party_size != s.party_size) continue;
            tables_[one].draws = tables_[other].draws = std::min(tables_[one].draws, tables_[other].draws);
        }
    }
}

// Brings the tables into their order too: the smallest first, at equal capacity those that don't combine.
void floor_play::add_combinations(const floor_now& floor, std::span<const waiting_party> waiting) {
    std::vector<bool> combines(tables_.size());
    std::vector<const floor_now::pair*> pairs;
    for (const floor_now::pair& p : floor.combinations) {
        const auto is_usable = [this](int at) {
            return at >= 0 && static_cast<std::size_t>(at) < tables_.size() &&
                   tables_[static_cast<std::size_t>(at)].is_in_service;
        };
        for (const int at : p.tables) {
            if (at >= 0 && static_cast<std::size_t>(at) < tables_.size())
                combines[static_cast<std::size_t>(at)] = true;
        }
        if (!p.tables.empty() && std::all_of(p.tables.begin(), p.tables.end(), is_usable))
            pairs.push_back(&p);
    }
    std::vector<std::uint32_t> order(tables_.size()), rank(tables_.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::tuple(tables_[a].capacity, combines[a], a) <
               std::tuple(tables_[b].capacity, combines[b], b);
    });
    std::vector<table> sorted;
    sorted.reserve(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        rank[order[i]] = i;
        sorted.push_back(std::move(tables_[order[i]]));
    }
    tables_ = std::move(sorted);

    std::stable_sort(pairs.begin(), pairs.end(), [](const floor_now::pair* a, const floor_now::pair* b) {
        return a->capacity < b->capacity;
    });
    fits_combination_.assign(pairs.size() * words_, 0);
    for (const floor_now::pair* p : pairs) {
        const auto at = static_cast<std::uint32_t>(combinations_.size());
        combination c{{}, p->capacity};
        for (const int member : p->tables) c.tables.push_back(rank[static_cast<std::size_t>(member)]);
        std::sort(c.tables.begin(), c.tables.end());
        c.tables.erase(std::unique(c.tables.begin(), c.tables.end()), c.tables.end());
        for (const std::uint32_t member : c.tables) tables_[member].combinations.push_back(at);
        for (std::size_t w = 0; w < waiting.size(); ++w) {
            if (fits(p->capacity, p->min_party, floor.oversize_cap, waiting[w].party_size))
                fits_combination_[at * words_ + w / 64] |= std::uint64_t{1} << (w % 64);
        }
        combinations_.push_back(std::move(c));
    }
    add_fits(floor, waiting);
}

void floor_play::add_fits(const floor_now& floor, std::span<const waiting_party> waiting) {
    fits_table_.assign(tables_.size() * words_, 0);
    interested_.assign(tables_.size() * words_, 0);
    for (std::size_t at = 0; at < tables_.size(); ++at) {
        const table& t = tables_[at];
        if (!t.is_in_service) continue;
        for (std::size_t w = 0; w < waiting.size(); ++w) {
            if (fits(t.capacity, t.min_party, floor.oversize_cap, waiting[w].party_size))
                fits_table_[at * words_ + w / 64] |= std::uint64_t{1} << (w % 64);
        }
        for (std::size_t w = 0; w < words_; ++w) {
            std::uint64_t bits = row(fits_table_, at)[w];
            for (const std::uint32_t c : t.combinations) bits |= row(fits_combination_, c)[w];
            interested_[at * words_ + w] = bits;
        }
    }
}

// What is left of those who sit, and how well each scenario agrees with their still sitting.
void floor_play::watch_tables() {
    weights_.assign(stay_model::scenarios, 0);
    remaining_min_.reserve(tables_.size() * stay_model::scenarios);
    for (std::uint32_t at = 0; at < tables_.size(); ++at) {
        table& t = tables_[at];
        if (!t.is_in_service || !t.is_occupied) continue;
        const stay_model::sitting still = model_.still_sitting(t.draws, t.turn_min, t.elapsed_min);
        t.sitting = remaining_min_.size();
        remaining_min_.insert(remaining_min_.end(), still.remaining_min.begin(), still.remaining_min.end());
        if (t.draws != at * dimensions_per_table) continue;  // heard at its party's first table
        for (std::size_t s = 0; s < stay_model::scenarios; ++s)
            weights_[s] += static_cast<double>(still.log_evidence[s]);
    }
    const double most = *std::max_element(weights_.begin(), weights_.end());
    double sum = 0;
    for (double& weight : weights_) sum += weight = std::exp(weight - most);
    for (double& weight : weights_) weight /= sum;
}

std::span<float> floor_play::waits_of(std::size_t who) noexcept {
    return std::span(waits_).subspan(who * stay_model::scenarios, stay_model::scenarios);
}

void floor_play::play(std::optional<std::size_t> only) {
    for (std::size_t s = 0; s < stay_model::scenarios; ++s) play_one(s, only);
}

void floor_play::play_one(std::size_t scenario, std::optional<std::size_t> only) {
    scenario_ = scenario;
    is_playing_ = false;
    set_floor();
    std::make_heap(events_.begin(), events_.end());
    is_playing_ = true;
    seat_freed(0);
    while (!events_.empty() && left_ > 0 && (!only || is_waiting(*only))) {
        const double now_min = events_.front().at_min;
        // What happens at one moment happens together: tables of a combination come free as one.
        freed_.clear();
        while (!events_.empty() && events_.front().at_min <= now_min) {
            std::pop_heap(events_.begin(), events_.end());
            const event e = events_.back();
            events_.pop_back();
            if (e.is_ready || tables_[e.table].is_free) open(now_min, e.table);
        }
        seat_freed(now_min);
    }
}

void floor_play::set_floor() {
    events_.clear();
    freed_.clear();
    left_ = parties_.size();
    std::fill(waiting_.begin(), waiting_.end(), ~std::uint64_t{0});
    if (left_ % 64 != 0) waiting_.back() = (std::uint64_t{1} << (left_ % 64)) - 1;
    for (std::uint32_t at = 0; at < tables_.size(); ++at) {
        table& t = tables_[at];
        t.is_free = false;
        t.next_block = t.first_block;
        t.turns = 0;
        if (!t.is_in_service) continue;
        if (t.is_occupied) {
            const double leaves_min = static_cast<double>(remaining_min_[t.sitting + scenario_]);
            push(leaves_min + model_.clearing_min(scenario_, t.draws + 1), at, true);
        } else if (t.is_dirty) {
            push(model_.clearing_min(scenario_, t.draws + 1), at, true);
        } else {
            open(0, at);
        }
    }
}

void floor_play::push(double at_min, std::uint32_t at, bool is_ready) {
    if (at_min > end_min_) return;
    events_.push_back({at_min, at, is_ready});
    if (is_playing_) std::push_heap(events_.begin(), events_.end());
}

// The next turn's first dimension, at this table.
std::uint32_t floor_play::next_turn(std::uint32_t at) noexcept {
    return at * dimensions_per_table + 2 + 2 * (tables_[at].turns++ % turns_with_own_draws);
}

// The table is ready: for the reservation that is due, else for who waits.
void floor_play::open(double now_min, std::uint32_t at) {
    table& t = tables_[at];
    t.is_free = false;
    while (t.next_block < t.end_block && blocks_[t.next_block].until_min <= now_min) ++t.next_block;
    if (t.next_block < t.end_block) {
        const block& b = blocks_[t.next_block];
        if (b.from_min <= now_min) {
            ++t.next_block;
            const std::uint32_t dimension = next_turn(at);
            push(now_min + model_.stay_min(scenario_, dimension, b.length_min) +
                     model_.clearing_min(scenario_, dimension + 1),
                 at, true);
            return;
        }
        push(b.from_min, at, false);
    }
    t.is_free = true;
    freed_.push_back(at);
}

void floor_play::seat_freed(double now_min) {
    if (freed_.empty()) return;
    std::sort(freed_.begin(), freed_.end());
    std::copy(waiting_.begin(), waiting_.end(), asked_.begin());
    for (std::size_t w = 0; w < words_; ++w) {
        std::uint64_t bits = 0;
        for (const std::uint32_t at : freed_) bits |= row(interested_, at)[w];
        asked_[w] &= bits;
    }
    for (std::size_t w = 0; w < words_; ++w) {
        for (std::uint64_t bits = asked_[w]; bits != 0; bits &= bits - 1) {
            const std::size_t who = w * 64 + static_cast<std::size_t>(std::countr_zero(bits));
            if (seat(now_min, who) && std::none_of(freed_.begin(), freed_.end(),
                                                   [this](std::uint32_t at) { return tables_[at].is_free; }))
                return;
        }
    }
}

// At a table that came free now, or at a combination with one: what was free before was of no use to it.
bool floor_play::seat(double now_min, std::size_t who) {
    const party& p = parties_[who];
    if (now_min > p.last_seating_min) {
        waiting_[who / 64] &= ~(std::uint64_t{1} << (who % 64));
        --left_;
        return false;
    }
    const auto is_fitting = [&](const words& from, std::size_t at) {
        return (row(from, at)[who / 64] >> (who % 64)) & 1U;
    };
    for (const std::uint32_t at : freed_) {
        if (is_fitting(fits_table_, at) && is_free_for(now_min, at, p.turn_min))
            return seat_at(now_min, who, std::span(&at, 1));
    }
    std::size_t best = combinations_.size();
    for (const std::uint32_t at : freed_) {
        for (const std::uint32_t c : tables_[at].combinations) {
            if (c >= best) break;
            const auto is_free = [&](std::uint32_t member) {
                return is_free_for(now_min, member, p.turn_min);
            };
            const std::vector<std::uint32_t>& members = combinations_[c].tables;
            if (is_fitting(fits_combination_, c) && std::all_of(members.begin(), members.end(), is_free))
                best = c;
        }
    }
    return best < combinations_.size() && seat_at(now_min, who, combinations_[best].tables);
}

bool floor_play::seat_at(double now_min, std::size_t who, std::span<const std::uint32_t> tables) {
    waits_[who * stay_model::scenarios + scenario_] = static_cast<float>(now_min);
    waiting_[who / 64] &= ~(std::uint64_t{1} << (who % 64));
    --left_;
    // Who lost patience has gone and takes no table; its own wait is that of one who stays.
    const auto patience = first_party_dimension + static_cast<std::uint32_t>(who);
    if (now_min > model_.patience_min(scenario_, patience)) return false;
    const std::uint32_t dimension = next_turn(tables.front());
    const double leaves_min = now_min + model_.stay_min(scenario_, dimension, parties_[who].turn_min) +
                              model_.clearing_min(scenario_, dimension + 1);
    for (const std::uint32_t at : tables) {
        tables_[at].is_free = false;
        push(leaves_min, at, true);
    }
    return true;
}

bool floor_play::is_free_for(double now_min, std::uint32_t at, double stay_min) const noexcept {
    const table& t = tables_[at];
    return t.is_free && (t.next_block == t.end_block || now_min + stay_min <= blocks_[t.next_block].from_min);
}

}  // namespace qtable
