// What the stores write of core's types, made of the bytes of an input, they read back unaltered. The
// parameters of the statement that writes stand for the row that one would read.
#pragma once

#include "tests/fuzz/fuzz.hpp"

namespace qtable::storage {

void check_written_reservation(fuzz::input in);
void check_written_guest(fuzz::input in);
void check_written_restaurant(fuzz::input in);
// A table, a slot, a special day and a combination, in the order of the image's columns.
void check_written_parts(fuzz::input in);
void check_written_events(fuzz::input in);

}  // namespace qtable::storage
