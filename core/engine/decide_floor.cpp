// Questions that memory answers: the floor, the day in figures, guests, waits. They change nothing.
#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/limits.hpp"
#include "core/engine/decide_party.hpp"

namespace qtable::deciding {

namespace {

constexpr std::size_t next_shown = 10;

// Of that business day, by start; closed ones too.
std::vector<const reservation*> all_on(const context& in, date day) {
    std::vector<const reservation*> all = in.stock().reservations_on(day);
    for (const auto& [id, r] : in.target.closed) {
        if (r.date == day) all.push_back(&r);
    }
    std::sort(all.begin(), all.end(), [](const reservation* a, const reservation* b) {
        return a->starts_at != b->starts_at ? a->starts_at < b->starts_at : a->id < b->id;
    });
    return all;
}

void name_people(reply& answer, const std::vector<const reservation*>& reservations) {
    for (const reservation* r : reservations) answer.people.push_back(r->customer);
    std::sort(answer.people.begin(), answer.people.end());
    answer.people.erase(std::unique(answer.people.begin(), answer.people.end()), answer.people.end());
}

// Waiting ones in order of their turn with their waits, then who sits.
std::vector<guest_line> open_guests(const context& in) {
    std::vector<guest_line> lines;
    const std::vector<const guest*> waiting = waiting_guests(in.target);
    std::vector<wait_estimate> waits = estimate_all(in, waiting);
    for (std::size_t i = 0; i < waiting.size(); ++i) lines.push_back({waiting[i], std::move(waits[i])});
    std::vector<const guest*> seated;
    for (const auto& [id, g] : in.target.guests) {
        if (g.status == guest_status::seated) seated.push_back(&g);
    }
    std::sort(seated.begin(), seated.end(), [](const guest* a, const guest* b) {
        return a->seated_at != b->seated_at ? a->seated_at < b->seated_at : a->id < b->id;
    });
    for (const guest* g : seated) lines.push_back({g, std::nullopt});
    return lines;
}

void count_reservations(dashboard_picture& into, const std::vector<const reservation*>& all, instant now,
                        const booking_rules& rules) {
    for (int hour = 0; hour < limits::wall_minutes_max / 60; ++hour)
        into.arrivals.push_back({hour * 60, 0, 0});
    for (const reservation* r : all) {
        auto& by = into.reservations;
        by.confirmed += r->status == reservation_status::confirmed ? 1 : 0;
        by.cancelled += r->status == reservation_status::cancelled ? 1 : 0;
        by.seated += r->status == reservation_status::seated ? 1 : 0;
        by.completed += r->status == reservation_status::completed ? 1 : 0;
        by.no_show += r->status == reservation_status::no_show ? 1 : 0;
        if (r->takes_capacity()) into.covers_booked += r->party_size;
        if (r->status == reservation_status::completed) into.covers_served += r->party_size;
        if (r->status != reservation_status::cancelled && r->status != reservation_status::no_show) {
            auto& hour = into.arrivals[static_cast<std::size_t>(r->minute / 60)];
            hour.parties += 1;
            hour.covers += r->party_size;
        }
        if (r->status != reservation_status::confirmed) continue;
        const bool is_late = !r->checked_in_at && now >= r->starts_at.plus_minutes(rules.no_show_grace_min);
        if (is_late) {
            into.late.push_back(r);
        } else if (into.next.size() < next_shown) {
            into.next.push_back(r);
        }
    }
    std::erase_if(into.arrivals, [](const auto& hour) { return hour.parties == 0; });
}

void count_guests(const context& in, dashboard_picture& into) {
    const restaurant_view& view = in.stock().view();
    std::optional<instant> longest;
    for (const auto& [id, g] : in.target.guests) {
        if (g.status == guest_status::seated) into.covers_seated += g.party_size;
        if (g.is_waiting()) {
            into.waiting_parties += 1;
            into.waiting_covers += g.party_size;
            longest = std::min(longest.value_or(g.created_at), g.created_at);
        }
        const bool sat = g.status == guest_status::seated || g.status == guest_status::completed;
        if (!sat || g.source == guest_source::reservation) continue;
        if (business_date(view, g.seated_at.value_or(g.created_at)) != into.date) continue;
        into.walk_ins += 1;
        if (g.status == guest_status::completed) into.covers_served += g.party_size;
    }
    if (longest) into.longest_wait_min = static_cast<int>((in.now.ms - longest->ms) / ms_per_minute);
}

void count_tables(dashboard_picture& into) {
    for (const table& each : into.config->tables) {
        auto& by = into.tables;
        by.available += each.status == table_status::available ? 1 : 0;
        by.reserved += each.status == table_status::reserved ? 1 : 0;
        by.occupied += each.status == table_status::occupied ? 1 : 0;
        by.dirty += each.status == table_status::dirty ? 1 : 0;
        by.out_of_service += each.status == table_status::out_of_service ? 1 : 0;
    }
}

// Where and when a picture was taken. What is not committed yet is in it, and is told once more afterwards.
template <class Picture>
void put_frame(const context& in, Picture& into) {
    into.config = &in.config();
    into.local_zone = &in.where();
    into.at = in.now;
    into.epoch = in.target.log.epoch();
    into.seq = in.target.log.released_seq();
}

}  // namespace

decision on(const context& in, const read_floor&) {
    floor_picture picture;
    put_frame(in, picture);
    picture.date = business_date(in.stock().view(), in.now);
    const instant end_of_day = in.where().resolve_or_gap_end(picture.date, limits::wall_minutes_max - 1);
    const auto next = in.stock().next_on_each(in.now, end_of_day);
    for (const table& each : in.config().tables) {
        table_line line;
        line.what = &each;
        line.seated = each.current_guest_id ? find_guest(in, *each.current_guest_id) : nullptr;
        if (line.seated != nullptr)
            line.expected_until = line.seated->blocks_until.plus_minutes(-in.config().rules.buffer_after_min);
        if (const auto found = next.find(each.id); found != next.end()) line.next = found->second;
        picture.tables.push_back(line);
    }
    picture.guests = open_guests(in);
    picture.reservations = all_on(in, picture.date);
    decision told;
    told.answer.body = in.render.floor_json(picture);
    name_people(told.answer, picture.reservations);
    return told;
}

decision on(const context& in, const read_dashboard& wanted) {
    dashboard_picture picture;
    put_frame(in, picture);
    picture.date = wanted.date.value_or(business_date(in.stock().view(), in.now));
    count_reservations(picture, all_on(in, picture.date), in.now, in.config().rules);
    count_guests(in, picture);
    count_tables(picture);
    decision told;
    told.answer.body = in.render.dashboard_json(picture);
    name_people(told.answer, picture.late);
    name_people(told.answer, picture.next);
    return told;
}

decision on(const context& in, const read_guests& wanted) {
    // Ids are made in order of time.
    std::vector<const guest*> all;
    for (const auto& [id, g] : in.target.guests) {
        const bool is_asked_for = (!wanted.status || g.status == *wanted.status) &&
                                  (!wanted.only_open || g.is_open()) && (!wanted.after || *wanted.after < id);
        if (is_asked_for) all.push_back(&g);
    }
    std::sort(all.begin(), all.end(), [](const guest* a, const guest* b) { return a->id < b->id; });
    const auto limit = static_cast<std::size_t>(std::max(wanted.limit, 1));
    std::optional<guest_id> next;
    if (all.size() > limit) {
        all.resize(limit);
        next = all.back()->id;
    }
    const std::vector<guest_line> open = open_guests(in);
    std::vector<guest_line> lines;
    for (const guest* g : all) {
        const auto line =
            std::find_if(open.begin(), open.end(), [g](const auto& each) { return each.who == g; });
        lines.push_back(line != open.end() ? *line : guest_line{g, std::nullopt});
    }
    decision told;
    told.answer.body = in.render.guests_json(in.target.id, lines, next);
    return told;
}

decision on(const context& in, const read_guest& wanted) {
    const guest* known = find_guest(in, wanted.id);
    if (known == nullptr || (wanted.customer && known->customer != *wanted.customer))
        return refuse(errc::not_found);
    decision told;
    told.answer.version = known->version;
    told.answer.body = wanted.customer ? own_guest_text(in, *known) : guest_text(in, *known);
    return told;
}

decision on(const context& in, const read_wait_quotes& wanted) {
    decision told;
    told.answer.body = in.render.wait_quotes_json(in.target.id, in.now, quotes(in, wanted.party_sizes));
    return told;
}

}  // namespace qtable::deciding
