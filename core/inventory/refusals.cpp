#include "core/inventory/refusals.hpp"

#include <algorithm>
#include <bit>

#include "core/base/limits.hpp"

namespace qtable {

namespace {

constexpr int half_hour_min = 30;

std::size_t class_of(int party_size) noexcept {
    if (party_size <= 6) return static_cast<std::size_t>(std::max(party_size, 1) - 1);
    return party_size <= 8 ? 6 : 7;
}

// Whatever is free.
bool never_seats(const restaurant_view& view, int party_size) noexcept {
    const reader_rules& rules = view.for_readers;
    if (party_size < rules.party_min || party_size > rules.party_max) return true;
    if (!view.has_tables()) return false;
    return party_size > view.floor->party_sizes() ||
           !view.template_cell(party_size, opening_plan::endless_room).is_available();
}

}  // namespace

sold_out_half_hours sold_out_on(const restaurant_view& view, const day_board& board) noexcept {
    sold_out_half_hours offered{}, available{};
    const reader_rules& rules = view.for_readers;
    const int last_party = std::min<int>(rules.party_max, board.party_sizes());
    for (int party = std::max<int>(rules.party_min, 1); party <= last_party; ++party) {
        const int turn_min = view.rules().turn_time_min(party);
        const std::size_t of_class = class_of(party);
        for (std::size_t i = 0; i < board.start_count(); ++i) {
            const day_start start = board.start(i);
            const std::uint64_t bit = half_hour_bit(start.minute);
            if (board.at(i, party).is_available()) {
                available[of_class] |= bit;
            } else if (start.room_min >= turn_min || board.slot_for(i, party) != nullptr) {
                offered[of_class] |= bit;
            }
        }
    }
    for (std::size_t i = 0; i < offered.size(); ++i) offered[i] &= ~available[i];
    return offered;
}

refusal_question::refusal_question(date day, int first_min, int last_min, int party_size) noexcept
    : day_(day),
      weekday_(static_cast<std::size_t>(day.weekday())),
      party_(refusal_block::size_index(party_size)),
      class_(class_of(party_size)) {
    // Before the day stands for the end of the day: the window a day later begins there.
    const int first = (first_min + minutes_per_day) / half_hour_min,
              last = (last_min + minutes_per_day) / half_hour_min;
    first_half_hour_ = static_cast<std::size_t>(first % half_hours_a_day);
    half_hours_ = static_cast<std::size_t>(std::min(last - first + 1, half_hours_a_day));
}

// ---- any core

refusal_block::~refusal_block() {
    for (auto& day : sold_out_) delete day.load(std::memory_order_relaxed);
}

std::uint64_t refusal_block::refused(const refusal_question& asked) const noexcept {
    const std::uint64_t by_the_week =
        ~odd_[static_cast<std::uint32_t>(asked.day_.days) % odd_words].load(std::memory_order_acquire);
    const sold_out_day* day = sold_out_[kept_at(asked.day_)].load(std::memory_order_acquire);
    if (day != nullptr && day->date != asked.day_) day = nullptr;
    const std::uint64_t never = never_[asked.party_].load(std::memory_order_acquire);

    std::uint64_t refused = ~std::uint64_t{0};
    std::size_t half_hour = asked.first_half_hour_;
    for (std::size_t i = 0; i < asked.half_hours_ && refused != 0; ++i) {
        std::uint64_t then = closed_[asked.weekday_][half_hour].load(std::memory_order_acquire) & by_the_week;
        if (day != nullptr) then |= day->words[asked.class_][half_hour].load(std::memory_order_acquire);
        refused &= then;
        half_hour = half_hour + 1 == half_hours_a_day ? 0 : half_hour + 1;
    }
    return refused | never;
}

std::size_t refusal_block::bytes() const noexcept {
    std::size_t total = sizeof(*this);
    for (const auto& day : sold_out_) {
        if (day.load(std::memory_order_acquire) != nullptr) total += sizeof(sold_out_day);
    }
    return total;
}

// ---- the owner

void refusal_place::set(refusal_block::word& in, bool is_set) noexcept {
    if (((in.load(std::memory_order_relaxed) & bit_) != 0) == is_set) return;
    if (is_set) {
        in.fetch_or(bit_, std::memory_order_release);
    } else {
        in.fetch_and(~bit_, std::memory_order_release);
    }
}

void refusal_place::show_week(const restaurant_view& view, std::span<const date> odd_days) noexcept {
    std::uint64_t odd = 0;
    for (const date day : odd_days)
        odd |= std::uint64_t{1} << (static_cast<std::uint32_t>(day.days) % refusal_block::odd_words);
    for (std::size_t i = 0; i < refusal_block::odd_words; ++i) set(block_->odd_[i], ((odd >> i) & 1U) != 0);

    for (std::size_t weekday = 0; weekday < 7; ++weekday) {
        const std::uint64_t starts = view.opening->half_hours_with_starts(weekday);
        for (std::size_t i = 0; i < half_hours_a_day; ++i)
            set(block_->closed_[weekday][i], ((starts >> i) & 1U) == 0);
    }

    constexpr int sizes = static_cast<int>(refusal_block::sizes_told);
    for (int party = 1; party < sizes; ++party)
        set(block_->never_[refusal_block::size_index(party)], never_seats(view, party));
    bool none_so_large = true;
    for (int party = sizes; party <= limits::party_size_max && none_so_large; ++party)
        none_so_large = never_seats(view, party);
    set(block_->never_.back(), none_so_large);
}

refusal_place::sold_out_day* refusal_place::find(date day) const noexcept {
    sold_out_day* const kept = block_->sold_out_[refusal_block::kept_at(day)].load(std::memory_order_acquire);
    return kept != nullptr && kept->date == day ? kept : nullptr;
}

refusal_place::sold_out_day* refusal_place::find_or_make(date day, date over, std::vector<retired>& out) {
    std::atomic<sold_out_day*>& place = block_->sold_out_[refusal_block::kept_at(day)];
    std::unique_ptr<sold_out_day> made;
    sold_out_day* kept = place.load(std::memory_order_acquire);
    while (true) {
        if (kept != nullptr && kept->date == day) return kept;
        if (kept != nullptr && kept->date < day && kept->date >= over) return nullptr;
        if (!made) made = std::make_unique<sold_out_day>(day);
        if (place.compare_exchange_weak(kept, made.get(), std::memory_order_acq_rel)) break;
    }
    if (kept != nullptr) out.push_back(std::shared_ptr<const sold_out_day>(kept));
    return made.release();
}

void refusal_place::show_day(date day, const sold_out_half_hours& sold_out, std::uint64_t which, date over,
                             std::vector<retired>& out) {
    sold_out_day* kept = find(day);
    if (kept == nullptr) {
        const bool anything = std::any_of(sold_out.begin(), sold_out.end(),
                                          [which](std::uint64_t bits) { return (bits & which) != 0; });
        if (!anything) return;
        kept = find_or_make(day, over, out);
        if (kept == nullptr) return;
    }
    for (std::size_t of_class = 0; of_class < sold_out.size(); ++of_class) {
        for (std::uint64_t left = which; left != 0; left &= left - 1) {
            const auto i = static_cast<std::size_t>(std::countr_zero(left));
            set(kept->words[of_class][i], ((sold_out[of_class] >> i) & 1U) != 0);
        }
    }
}

void refusal_place::clear(sold_out_day& day) noexcept {
    for (auto& of_class : day.words) {
        for (refusal_block::word& each : of_class) set(each, false);
    }
}

void refusal_place::clear_day(date day) noexcept {
    if (sold_out_day* const kept = find(day)) clear(*kept);
}

void refusal_place::clear_days() noexcept {
    for (const auto& each : block_->sold_out_) {
        if (sold_out_day* const kept = each.load(std::memory_order_acquire)) clear(*kept);
    }
}

void refusal_place::forget_before(date day, std::vector<retired>& out) {
    for (auto& place : block_->sold_out_) {
        sold_out_day* kept = place.load(std::memory_order_acquire);
        if (kept == nullptr || kept->date >= day) continue;
        if (place.compare_exchange_strong(kept, nullptr, std::memory_order_acq_rel))
            out.push_back(std::shared_ptr<const sold_out_day>(kept));
    }
}

}  // namespace qtable
