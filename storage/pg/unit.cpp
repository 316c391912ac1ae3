#include "storage/pg/unit.hpp"

namespace qtable::storage {

std::string_view to_string(unit_outcome outcome) noexcept {
    switch (outcome) {
        case unit_outcome::committed:
            return "committed";
        case unit_outcome::failed:
            return "failed";
        case unit_outcome::outcome_unknown:
            return "outcome_unknown";
        case unit_outcome::unavailable:
            return "unavailable";
    }
    return "?";
}

}  // namespace qtable::storage
