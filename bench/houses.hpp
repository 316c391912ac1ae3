// Restaurants as a server has them, in the cities of cities.hpp: each with its owner's inventory, evenings on
// which it is full or not, and the search catalogue over all of them. Takes 12 KB a restaurant and some 100
// µs.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "bench/cities.hpp"
#include "core/inventory/inventory.hpp"
#include "net/api/catalogue_builder.hpp"
#include "net/rt/runtime.hpp"

namespace qtable::bench {

// How many of a hundred restaurants are sold out on an evening. Of each kind there are several evenings, some
// days apart, so that who asks for one after the other meets cold memory.
enum class evening : std::uint8_t { nearly_all_full, half_full, nearly_all_free, nothing_booked };

class houses {
  public:
    explicit houses(std::size_t count) : points_(clustered_points(count)), builder_(cores_, {}) {
        all_.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            all_.push_back(std::make_unique<house>(described(i)));
            house& made = *all_.back();
            made.live.id = made.stock.view().config->id;
            for (std::size_t day = 0; day < booked_days; ++day) book(made, i, day);
            made.stock.publish(made.live, graveyard_);
            builder_.put_at_start(made.live);
        }
        catalogue_ = builder_.build_now();
        for (const auto& each : all_) each->stock.publish(each->live, graveyard_);
    }

    const net::search_catalogue& catalogue() const noexcept { return *catalogue_; }
    const std::vector<geo::point>& points() const noexcept { return points_; }
    static date day_of(evening kind, std::size_t which) noexcept {
        return first_day.plus_days(static_cast<int>(static_cast<std::size_t>(kind) + 4 * (which % evenings)));
    }
    static constexpr date first_day{20'790};  // a Friday
    static constexpr instant now{(first_day.days - 3) * ms_per_day};

    struct memory_use {
        double refusals_a_restaurant = 0, sold_out_a_restaurant_day = 0;
    };
    memory_use memory() const {
        std::size_t bytes = 0;
        for (const refusal_block* each : catalogue_->refusals) bytes += each->bytes();
        const double blocks = static_cast<double>(catalogue_->refusals.size()) * sizeof(refusal_block);
        const double count = static_cast<double>(all_.size());
        return {blocks / count, (static_cast<double>(bytes) - blocks) / count / booked_days};
    }

  private:
    static constexpr std::size_t evenings = 4;
    static constexpr std::size_t booked_days = 3 * evenings;

    struct house {
        explicit house(std::shared_ptr<const restaurant> config)
            : stock(make_view(std::move(config), zone_())) {}
        inventory stock;
        live_restaurant live;

      private:
        static std::shared_ptr<const zone> zone_() {
            static const auto utc = std::make_shared<const zone>(zone::utc());
            return utc;
        }
    };

    template <class Id>
    static Id id_of(std::uint64_t number) {
        uuid value;
        for (std::size_t i = 0; i < 8; ++i)
            value.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
        return Id(value);
    }

    std::shared_ptr<const restaurant> described(std::size_t i) const {
        auto place = std::make_shared<restaurant>();
        place->id = id_of<restaurant_id>(i * 0x9e3779b97f4a7c15ULL);
        place->profile.name = "Restaurant number " + std::to_string(i);
        place->profile.description.assign(200, 'd');
        place->profile.cuisine_type = i % 10 == 0 ? "Thai" : "Italian;Pizza";
        place->profile.timezone = "UTC";
        place->profile.latitude = points_[i].lat_deg;
        place->profile.longitude = points_[i].lon_deg;
        place->profile.hours.days.fill(*parse_day_hours("11:30-14:30,17:30-23:00"));
        place->rules.slot_interval_min = 15;
        place->rules.max_party = 8;
        for (unsigned t = 1; t <= 8; ++t) {
            table made;
            made.id = id_of<table_id>(t);
            made.label = "T" + std::to_string(t);
            made.capacity = t <= 3 ? 2 : t <= 7 ? 4 : 8;
            place->tables.push_back(made);
        }
        return place;
    }

    // One claim takes the evening of all tables, or of half of them.
    void book(house& in, std::size_t number, std::size_t day) {
        std::mt19937 random(static_cast<unsigned>(number * 31 + day));
        const auto kind = static_cast<evening>(day % 3);
        const unsigned full_of_100 = kind == evening::nearly_all_full ? 98
                                     : kind == evening::half_full     ? 50
                                                                      : 5;
        const date on = day_of(kind, day / 3);
        capacity_claim taken;
        taken.party_size = 2;
        taken.starts_at = {on.days * ms_per_day + 17 * 60 * ms_per_minute};
        taken.blocks_from = taken.starts_at;
        taken.blocks_until = taken.starts_at.plus_minutes(7 * 60);
        const bool is_full = random() % 100 < full_of_100;
        for (const table& t : in.stock.view().config->tables) {
            if (is_full || random() % 2 == 0) taken.tables.push_back(t.id);
        }
        in.stock.take_claim(id_of<hold_id>(day + 1), taken);
    }

    std::vector<geo::point> points_;
    net::runtime cores_{1};
    net::catalogue_builder builder_;
    std::vector<std::unique_ptr<house>> all_;
    std::vector<retired> graveyard_;
    std::shared_ptr<const net::search_catalogue> catalogue_;
};

}  // namespace qtable::bench
