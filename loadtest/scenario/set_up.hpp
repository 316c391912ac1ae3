// Makes the world of a run, over the public API alone: finds restaurants, makes customers and staff,
// restaurants of its own, reads what is free. Main thread, blocks; a few requests at the same time. Errors:
// usage_error, when the target lacks what the scenario can't do without.
#pragma once

#include <functional>
#include <string>

#include "loadtest/scenario/run_options.hpp"
#include "loadtest/scenario/world.hpp"
#include "loadtest/wire/target.hpp"

namespace qtable::loadtest {

// `tell` gets a line for each step that takes a while.
using teller = std::function<void(const std::string&)>;

world set_up(const target& to, const run_options& options, const teller& tell);

// ---- the steps

void find_places(const target& to, const run_options& options, world& made);
// Whether the search takes date, time and party_size.
bool probe_time_filter(const target& to, const world& in, point around);

void make_diners(const target& to, const run_options& options, world& made, const teller& tell);
// A staff account, unless a token is given. False: the target has none.
bool make_staff(const target& to, const run_options& options, world& made);

// Restaurants with tables and hours, or those of the given account. False: the target has no such thing.
bool make_own_places(const target& to, const run_options& options, world& made);
std::size_t wanted_own_places(const run_options& options, const world& made);
// Takes what was made out of the public list again.
void hide_own_places(const target& to, const world& in);

bool probe_sockets(const target& to, const world& in);
void read_offers(const target& to, const run_options& options, world& made);

}  // namespace qtable::loadtest
