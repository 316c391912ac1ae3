#include "core/inventory/day_board.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/base/assert.hpp"

namespace qtable {

day_board::day_board(date day, const std::vector<day_start>& starts, int party_sizes, int count_bound,
                     std::vector<published_slot_id> slots)
    : day_(day),
      cell_bits_(count_bound <= narrow_count_max ? 8 : 16),
      party_sizes_(party_sizes),
      base_(starts.empty() ? instant{} : starts.front().starts_at),
      slots_(std::move(slots)),
      row_words_((starts.size() * cell_bits_ + 63) / 64),
      words_(static_cast<std::size_t>(party_sizes) * row_words_) {
    QTABLE_ASSERT(row_words_ <= row_words_max);
    starts_.reserve(starts.size());
    for (const day_start& s : starts) {
        starts_.push_back({static_cast<std::uint32_t>((s.starts_at.ms - base_.ms) / ms_per_second),
                           static_cast<std::int16_t>(s.minute), static_cast<std::int16_t>(s.room_min)});
    }
}

std::size_t day_board::lower_bound(int minute) const noexcept {
    const auto found = std::lower_bound(starts_.begin(), starts_.end(), minute,
                                        [](const packed_start& s, int key) { return s.minute < key; });
    return static_cast<std::size_t>(found - starts_.begin());
}

const slot_id* day_board::slot_for(std::size_t start, int party_size) const noexcept {
    if (slots_.empty()) return nullptr;
    using place = std::pair<std::size_t, int>;
    const auto found = std::lower_bound(slots_.begin(), slots_.end(), place{start, party_size},
                                        [](const published_slot_id& s, const place& key) {
                                            return place{s.start, s.party_size} < key;
                                        });
    return found != slots_.end() && found->start == start ? &found->id : nullptr;
}

cell day_board::at(std::size_t start, int party_size) const noexcept {
    const std::size_t bit = start * cell_bits_;
    return unpack(words_.word(first_word(party_size) + bit / 64), bit % 64);
}

void day_board::read_row(int party_size, std::span<std::uint64_t> out) const noexcept {
    words_.read(out.first(row_words_), first_word(party_size));
}

cell day_board::in_row(std::span<const std::uint64_t> row, std::size_t start) const noexcept {
    const std::size_t bit = start * cell_bits_;
    return unpack(row[bit / 64], bit % 64);
}

std::uint64_t day_board::pack(cell value) const noexcept {
    const std::uint64_t bits = value.bits();
    if (cell_bits_ == 16) return bits;
    // The mark of a refused cell moves from bit 15 to bit 7.
    return value.is_available() ? std::min<std::uint64_t>(bits, narrow_count_max) : (bits & 0x7f) | 0x80;
}

void day_board::put_in_row(std::span<std::uint64_t> row, std::size_t start, cell value) const noexcept {
    const std::size_t bit = start * cell_bits_;
    const std::uint64_t mask = ((std::uint64_t{1} << cell_bits_) - 1) << (bit % 64);
    row[bit / 64] = (row[bit / 64] & ~mask) | (pack(value) << (bit % 64));
}

void day_board::fill_in_row(std::span<std::uint64_t> row, std::size_t first, std::size_t last,
                            cell value) const noexcept {
    // The cell in every place of a word.
    const std::uint64_t pattern =
        pack(value) * (cell_bits_ == 8 ? 0x0101'0101'0101'0101U : 0x0001'0001'0001'0001U);
    const std::size_t begin = first * cell_bits_, end = last * cell_bits_;
    for (std::size_t bit = begin; bit < end; bit = (bit / 64 + 1) * 64) {
        std::uint64_t mask = ~std::uint64_t{0} << (bit % 64);
        if (end < (bit / 64 + 1) * 64) mask &= ~(~std::uint64_t{0} << (end % 64));
        row[bit / 64] = (row[bit / 64] & ~mask) | (pattern & mask);
    }
}

void day_board::write_row(int party_size, std::span<const std::uint64_t> row) noexcept {
    words_.write(row.first(row_words_), first_word(party_size));
}

cell day_board::unpack(std::uint64_t word, std::size_t bit) const noexcept {
    const std::uint64_t bits = word >> bit;
    if (cell_bits_ == 16) return cell::from_bits(static_cast<std::uint16_t>(bits));
    return cell::from_bits(static_cast<std::uint16_t>((bits & 0x7f) | (bits & 0x80) << 8));
}

std::size_t day_board::bytes() const noexcept {
    return sizeof(*this) + starts_.capacity() * sizeof(packed_start) +
           slots_.capacity() * sizeof(published_slot_id) + words_.size() * sizeof(std::uint64_t);
}

}  // namespace qtable
