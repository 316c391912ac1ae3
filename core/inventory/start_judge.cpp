#include "core/inventory/start_judge.hpp"

#include <algorithm>

#include "core/base/assert.hpp"

namespace qtable {

namespace {

int longest_turn_min(const booking_rules& rules, int parties) noexcept {
    int longest = 0;
    for (int party = 1; party <= parties; ++party) longest = std::max(longest, rules.turn_time_min(party));
    return longest;
}

}  // namespace

start_judge::start_judge(const restaurant_view& view, const occupancy& taken, int parties, instant first,
                         instant last, bool has_slots)
    : view_(view),
      all_(taken.all_tables()),
      taken_(taken.by_time(
          first.plus_minutes(-view.rules().buffer_before_min),
          last.plus_minutes(longest_turn_min(view.rules(), parties) + view.rules().buffer_after_min))),
      has_slots_(has_slots) {
    QTABLE_ASSERT(parties <= limits::party_size_max);
    for (int party = 1; party <= parties; ++party) {
        const int turn_min = view.rules().turn_time_min(party);
        if (stays_.empty() || stays_.back().turn_min != turn_min) {
            stay made;
            made.first_party = party;
            made.turn_min = turn_min;
            stays_.push_back(made);
        }
        stays_.back().last_party = party;
    }
}

// Whether the set is the one that the stay knew; notes it.
bool start_judge::note_taken(stay& of, const table_set& taken) const noexcept {
    bool is_same = !is_first_, is_empty = true;
    for (std::size_t w = 0; w < taken_.words(); ++w) {
        is_same = is_same && taken.words[w] == of.taken.words[w];
        is_empty = is_empty && taken.words[w] == 0;
    }
    if (is_same) return true;
    of.is_empty = is_empty;
    for (std::size_t w = 0; w < taken_.words(); ++w) {
        of.taken.words[w] = taken.words[w];
        of.free.words[w] = all_.words[w] & ~taken.words[w];
    }
    return false;
}

void start_judge::go_to(const day_start& start, pacing_load load) {
    const booking_rules& rules = view_.rules();
    const bool can_be_as_before = !is_first_ && !has_slots_ && load == load_;
    const std::int64_t from = taken_.first_cell(start.starts_at.plus_minutes(-rules.buffer_before_min));
    std::int64_t reached = from;
    table_set taken;
    for (stay& each : stays_) {
        const std::int64_t until =
            taken_.end_cell(start.starts_at.plus_minutes(each.turn_min + rules.buffer_after_min));
        // Longer parties mostly stay longer: what was seen up to `reached` is part of it.
        if (until < reached) {
            taken = {};
            reached = from;
        }
        taken_.collect(reached, until, taken);
        reached = until;
        const bool has_room = start.room_min >= each.turn_min;
        const bool is_same = note_taken(each, taken);
        each.is_as_before = is_same && can_be_as_before && has_room == each.has_room;
        each.has_room = has_room;
    }
    start_ = start;
    load_ = load;
    is_first_ = false;
}

cell start_judge::published(const stay& of, int party_size, const std::optional<slot_offer>& slot) {
    cell& answer = answers_[static_cast<std::size_t>(party_size - 1)];
    if (of.is_as_before) return answer;
    // Where nothing is taken, the day without bookings has the answer.
    answer = of.is_empty && !has_slots_ && load_ == pacing_load{}
                 ? view_.template_cell(party_size, start_.room_min)
                 : judge_capacity(view_, start_.room_min, party_size, of.free, load_, slot).published();
    return answer;
}

}  // namespace qtable
