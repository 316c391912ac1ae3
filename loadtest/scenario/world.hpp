// What a run knows of its target before the load begins: restaurants, days, tokens, free times. Made by
// set-up on the main thread; afterwards only read, by any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qtable::loadtest {

struct place {
    std::string id;
    double latitude = 0, longitude = 0;
    bool is_own = false;   // the run's staff account works there
    bool is_made = false;  // by this run
};

// One start of a day that may be booked.
struct free_start {
    std::uint16_t minute = 0;
    std::uint16_t tables = 1;
};

// The free starts of a restaurant's day for a party.
struct offer {
    std::uint32_t place = 0;  // index into `world::places`
    std::uint16_t day = 0;    // index into `world::days`
    std::uint16_t party = 0;
    std::vector<free_start> starts;
    std::uint32_t turn = 0;  // who books next: each time another customer, since one can't be there twice
};

struct world {
    std::string run;            // names what this run makes
    std::string host;           // the Host field
    std::vector<place> places;  // the own ones last
    std::size_t own_from = 0;   // where those begin
    std::vector<std::string> days;
    std::vector<std::string> diners;  // their tokens
    std::string staff_token;          // empty: the target has no staff
    bool has_sockets = false;
    std::string only_path;         // empty: many are asked for
    bool filters_by_time = false;  // the search takes date, time and party_size
    std::vector<offer> offers;
    std::vector<std::string> notes;  // what whoever reads the figures should know, a line each

    bool has_staff() const noexcept { return !staff_token.empty(); }
    std::size_t own_places() const noexcept { return places.size() - own_from; }
};

// The free starts in the answer of GET …/availability.
std::vector<free_start> read_starts(std::string_view body);
std::string availability_path(const world& in, std::uint32_t place, std::uint16_t day, unsigned party);
std::string clock_text(unsigned minute);

}  // namespace qtable::loadtest
