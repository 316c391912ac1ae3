// Which statements one server session has prepared, as far as its answers have told. Plain bookkeeping, one
// connection's. Bounds: one entry per statement of the program.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <string_view>
#include <vector>

#include "storage/pg/params.hpp"
#include "storage/pg/unit.hpp"

namespace qtable::storage {

class prepared_set {
  public:
    enum class state : std::uint8_t {
        absent,
        asked,  // sent, not answered yet: it may still fail, or be skipped with its segment
        ready,
    };

    state of(std::string_view name) const;
    // Also keeps the parameter types, which every later use must repeat.
    void asked(const statement& what, const params& with);
    void answered(std::string_view name, bool prepared);
    // Asserts that the use fits what was prepared under the name.
    void check_use(const statement& what, const params& with) const;
    void clear() noexcept { entries_.clear(); }

  private:
    struct entry {
        state now = state::absent;
        std::string_view sql;
        std::vector<oid> types;
    };
    boost::unordered_flat_map<std::string_view, entry> entries_;
};

}  // namespace qtable::storage
