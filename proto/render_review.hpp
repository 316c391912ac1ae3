// Reviews as the public reads them. Pure function, any core; it appends to `out`.
#pragma once

#include <string>

#include "core/engine/records.hpp"

namespace qtable::proto {

// {rating, text, author, created_at}; no text is null, and so is an author whose account is gone. Which
// reservation it was is not told.
void write_public_review(std::string& out, const listed_review& value);

}  // namespace qtable::proto
