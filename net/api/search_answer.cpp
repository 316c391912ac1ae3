#include "net/api/search_answer.hpp"

#include <array>
#include <bit>
#include <limits>

#include "core/model/opening.hpp"
#include "proto/render_availability.hpp"
#include "proto/render_restaurant.hpp"

namespace qtable::net {

namespace {

// How many hits ahead their texts are fetched.
constexpr std::size_t hits_ahead = 3;

class place_filter final : public geo::row_filter {
  public:
    place_filter(const search_catalogue& among, const wanted_search& wanted, instant now) noexcept
        : among_(among), wanted_(wanted), now_(now) {
        if (wanted.seat) refused_.emplace(wanted.seat->refusals());
    }

    // Sixteen neighbours are of one block, mostly, and so are the next sixteen.
    std::uint32_t keep(std::uint32_t first, std::uint32_t rows) override {
        if (!refused_) return rows;
        std::uint32_t kept = rows;
        for (std::uint32_t left = rows; left != 0; left &= left - 1) {
            const auto i = static_cast<std::uint32_t>(std::countr_zero(left));
            const std::uint32_t number = among_.refusal_numbers[first + i];
            const std::uint32_t block = number / refusal_block::places;
            if (block != block_) {
                block_ = block;
                refused_of_block_ = among_.refusals[block]->refused(*refused_);
            }
            if (((refused_of_block_ >> (number % refusal_block::places)) & 1U) != 0) kept &= ~(1U << i);
        }
        return kept;
    }

    void prepare(std::span<const geo::spatial_index::found_row> next) override {
        if (!wanted_.seat) return;
        std::array<const live_restaurant*, 32> some;
        for (std::size_t at = 0; at < next.size();) {
            std::size_t count = 0;
            while (at < next.size() && count < some.size()) some[count++] = among_.live[next[at++].row];
            fetch_for_can_seat(std::span(some).first(count), *wanted_.seat);
        }
    }

    bool accept(std::uint32_t row) override {
        const live_restaurant& live = *among_.live[row];
        if (wanted_.open_at && !is_open(live, *wanted_.open_at)) return false;
        return !wanted_.seat || can_seat(live, *wanted_.seat, now_);
    }

  private:
    static bool is_open(const live_restaurant& live, instant at) {
        const restaurant_view* view = live.view.load(std::memory_order_acquire);
        return view != nullptr &&
               is_open_at(view->config->profile.hours, view->config->special_days, *view->zone, at);
    }

    const search_catalogue& among_;
    const wanted_search& wanted_;
    instant now_;
    std::optional<refusal_question> refused_;
    std::uint32_t block_ = std::numeric_limits<std::uint32_t>::max();  // whose answer is kept
    std::uint64_t refused_of_block_ = 0;
};

// An instant's offset in a zone: that of the hit before, mostly.
class offset_memory {
  public:
    int at(const zone& where, instant when) noexcept {
        if (&where != where_ || when != when_) {
            where_ = &where;
            when_ = when;
            offset_s_ = where.offset_s_at(when);
        }
        return offset_s_;
    }

  private:
    const zone* where_ = nullptr;
    instant when_;
    int offset_s_ = 0;
};

// Each hit's matching starts. Neighbours share their zone, and what they offer starts and ends together.
class slots_writer {
  public:
    slots_writer(std::string& out, const wanted_time& seat, instant now) noexcept
        : out_(out), seat_(seat), now_(now), lines_(out) {}

    void write(const live_restaurant& live) {
        proto::begin_search_slots(out_);
        lines_.begin();
        const board_index* const index = live.boards.load(std::memory_order_acquire);
        for_each_bookable(live, seat_, now_, [&](const start_view& start) {
            proto::availability_line line;
            if (start.slot != nullptr) line.slot_id = *start.slot;
            line.minute = start.minute;
            line.starts_at = start.starts_at;
            line.ends_at = start.ends_at;
            line.start_offset_s = start_offset_.at(*index->zone, start.starts_at);
            line.end_offset_s = end_offset_.at(*index->zone, start.ends_at);
            line.available_tables = start.available_tables;
            line.is_available = true;
            lines_.add(line);
        });
        proto::end_search_slots(out_);
    }

  private:
    std::string& out_;
    const wanted_time& seat_;
    instant now_;
    proto::availability_lines lines_;
    offset_memory start_offset_, end_offset_;
};

}  // namespace

bool find_restaurants(const search_catalogue& among, const wanted_search& wanted, instant now,
                      geo::search_scratch& scratch, std::vector<geo::hit>& hits) {
    if (!wanted.open_at && !wanted.seat) {
        geo::accept_all all;
        return geo::search(*among.listings, wanted.area, all, scratch, hits);
    }
    place_filter filter(among, wanted, now);
    return geo::search(*among.listings, wanted.area, filter, scratch, hits);
}

void write_restaurants(std::string& out, const search_catalogue& among, const wanted_search& wanted,
                       instant now, std::span<const geo::hit> hits, bool has_more,
                       proto::list_writer::form form) {
    proto::list_writer list(out, form);
    std::optional<slots_writer> slots;
    if (wanted.seat) slots.emplace(out, *wanted.seat, now);
    for (std::size_t i = 0; i < std::min(hits_ahead, hits.size()); ++i) among.listings->fetch(hits[i].row);
    for (std::size_t i = 0; i < hits.size(); ++i) {
        if (i + hits_ahead < hits.size()) among.listings->fetch(hits[i + hits_ahead].row);
        const geo::catalogue::entry& entry = *hits[i].entry;
        const double distance_km = geo::shown_m(hits[i].distance_m) / 1000;
        std::string& item = list.next_item();
        const bool is_plain = form == proto::list_writer::form::plain;
        if (is_plain) {
            proto::begin_search_line(item, entry.json(), distance_km);
        } else {
            proto::begin_search_feature(item, entry.id, entry.at.lon_deg, entry.at.lat_deg, entry.json(),
                                        distance_km);
        }
        if (slots) slots->write(*among.live[hits[i].row]);
        is_plain ? proto::end_search_line(item) : proto::end_search_feature(item);
    }
    if (has_more && !hits.empty()) {
        list.end(proto::distance_cursor{hits.back().distance_m, hits.back().entry->id});
    } else {
        list.end();
    }
}

}  // namespace qtable::net
