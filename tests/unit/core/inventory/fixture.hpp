// Restaurants, reservations and a published inventory, made by hand for the tests of core/inventory.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/assert.hpp"
#include "core/inventory/availability_reader.hpp"
#include "core/inventory/inventory.hpp"
#include "tests/unit/core/zones.hpp"

namespace qtable::test {

template <class Id>
Id make_id(unsigned number) {
    uuid value;
    value.bytes[12] = static_cast<std::uint8_t>(number >> 24);
    value.bytes[13] = static_cast<std::uint8_t>(number >> 16);
    value.bytes[14] = static_cast<std::uint8_t>(number >> 8);
    value.bytes[15] = static_cast<std::uint8_t>(number);
    return Id(value);
}

inline table make_table(unsigned number, int capacity, int min_party = 1) {
    table made;
    made.id = make_id<table_id>(number);
    made.label = "T" + std::to_string(number);
    made.capacity = capacity;
    made.min_party = min_party;
    return made;
}

inline table_combination combine(unsigned number, const std::vector<unsigned>& tables, int capacity,
                                 int min_party = 1) {
    table_combination made;
    made.id = make_id<combination_id>(number);
    made.label = "C" + std::to_string(number);
    for (const unsigned member : tables) made.table_ids.push_back(make_id<table_id>(member));
    made.capacity = capacity;
    made.min_party = min_party;
    return made;
}

inline weekly_hours every_day(const char* text) {
    weekly_hours week;
    week.days.fill(*parse_day_hours(text));
    return week;
}

// Open 18:00–23:00 every day, two tables of 2 and one of 4, two hours a party.
inline restaurant small_restaurant() {
    restaurant place;
    place.id = make_id<restaurant_id>(1);
    place.profile.hours = every_day("18:00-23:00");
    place.rules.turn_times = {{100, 120}};
    place.tables = {make_table(1, 2), make_table(2, 2), make_table(3, 4)};
    return place;
}

inline std::shared_ptr<const restaurant_view> view_of(const restaurant& place, const zone& where,
                                                      const restaurant_view* previous = nullptr) {
    const bool same_zone = previous != nullptr && previous->zone->name() == where.name();
    return make_view(std::make_shared<const restaurant>(place),
                     same_zone ? previous->zone : std::make_shared<const zone>(where), previous);
}

// One restaurant with its owner's inventory and what is published of it.
struct house {
    explicit house(restaurant config, zone in = zone::utc())
        : place(std::move(config)), where(std::move(in)), stock(view_of(place, where)) {
        live.refusal_number = 37;
        live.refusals = block.get();
        publish();
    }

    publication publish() { return stock.publish(live, graveyard); }
    void reconfigure() { stock.reconfigure(view_of(place, where, &stock.view())); }

    ask asking(date on, int minute, int party_size, std::optional<uuid> ignoring = std::nullopt) const {
        ask wanted;
        wanted.date = on;
        wanted.start = stock.start_at(on, minute).value();
        wanted.party_size = party_size;
        wanted.now = now;
        wanted.ignoring = ignoring;
        return wanted;
    }
    verdict check(date on, int minute, int party_size, std::optional<uuid> ignoring = std::nullopt) const {
        return stock.check(asking(on, minute, party_size, ignoring));
    }

    // The reservation that the verdict allows.
    reservation reserve(unsigned number, date on, int minute, int party_size, const verdict& answer) const {
        reservation r;
        r.id = make_id<reservation_id>(number);
        r.restaurant = place.id;
        r.customer = make_id<customer_id>(number);
        r.date = on;
        r.minute = stock.start_at(on, minute)->minute;
        r.party_size = party_size;
        r.tables = stock.tables_of(answer);
        r.slot = answer.slot;
        r.starts_at = answer.starts_at;
        r.ends_at = answer.ends_at;
        r.blocks_from = answer.blocks_from;
        r.blocks_until = answer.blocks_until;
        return r;
    }
    reservation book(unsigned number, date on, int minute, int party_size) {
        const verdict answer = check(on, minute, party_size);
        QTABLE_ASSERT(answer.is_available());
        const reservation r = reserve(number, on, minute, party_size, answer);
        stock.take(r);
        return r;
    }
    release_ticket move(unsigned number, date on, int minute, int party_size) {
        const auto id = make_id<reservation_id>(number);
        const verdict answer = check(on, minute, party_size, id);
        QTABLE_ASSERT(answer.is_available());
        reservation r = reserve(number, on, minute, party_size, answer);
        r.version = stock.find(id)->version + 1;
        return stock.begin_move(r);
    }

    std::vector<start_view> read(date on, int party_size) const {
        std::vector<start_view> starts;
        for_each_start(live, on, party_size, now, [&starts](const start_view& s) { starts.push_back(s); });
        return starts;
    }
    // What search knows without asking.
    bool is_refused(const wanted_time& wanted) const noexcept {
        return ((block->refused(wanted.refusals()) >> live.refusal_number) & 1U) != 0;
    }
    // What readers see at one start; fails the test run when there is none.
    start_view read_at(date on, int minute, int party_size) const {
        for (const start_view& s : read(on, party_size)) {
            if (s.minute == minute) return s;
        }
        QTABLE_ASSERT(!"no such start");
        return {};
    }

    restaurant place;
    zone where;
    inventory stock;
    live_restaurant live;
    std::unique_ptr<refusal_block> block = std::make_unique<refusal_block>();
    std::vector<retired> graveyard;
    instant now = at("2026-11-20T09:00:00Z");
};

inline slot make_slot(unsigned number, date on, int minute, int party_size, int tables) {
    return slot{make_id<slot_id>(number), on, minute, party_size, tables, true, 1};
}

constexpr int clock_min(int hour, int minute) {
    return hour * 60 + minute;
}

}  // namespace qtable::test
