// A search of the restaurants, from the question to the answer's text: which are near, pass the filters, are
// open and have a table, and how they are told. The asking core only; allocates nothing once `scratch`,
// `hits` and `out` have grown to their working size.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "core/inventory/availability_reader.hpp"
#include "geo/search.hpp"
#include "net/api/catalogue_builder.hpp"
#include "proto/render_list.hpp"

namespace qtable::net {

struct wanted_search {
    geo::search_query area;
    std::optional<instant> open_at;
    std::optional<wanted_time> seat;
};

// Whether there are more after the hits.
bool find_restaurants(const search_catalogue& among, const wanted_search& wanted, instant now,
                      geo::search_scratch& scratch, std::vector<geo::hit>& hits);

void write_restaurants(std::string& out, const search_catalogue& among, const wanted_search& wanted,
                       instant now, std::span<const geo::hit> hits, bool has_more,
                       proto::list_writer::form form);

}  // namespace qtable::net
