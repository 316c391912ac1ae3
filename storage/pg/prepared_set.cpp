#include "storage/pg/prepared_set.hpp"

#include "core/base/assert.hpp"

namespace qtable::storage {

prepared_set::state prepared_set::of(std::string_view name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? state::absent : found->second.now;
}

void prepared_set::asked(const statement& what, const params& with) {
    entry& of = entries_[what.name];
    QTABLE_ASSERT(of.now == state::absent);
    of.now = state::asked;
    of.sql = what.sql;
    of.types.clear();
    for (int i = 0; i < with.count(); ++i) of.types.push_back(with.type(i));
}

void prepared_set::answered(std::string_view name, bool prepared) {
    entry& of = entries_[name];
    QTABLE_ASSERT(of.now == state::asked);
    of.now = prepared ? state::ready : state::absent;
}

void prepared_set::check_use(const statement& what, const params& with) const {
    const auto found = entries_.find(what.name);
    QTABLE_ASSERT(found != entries_.end() && found->second.now != state::absent);
    QTABLE_ASSERT(found->second.sql == what.sql);
    QTABLE_ASSERT(found->second.types.size() == static_cast<std::size_t>(with.count()));
    for (int i = 0; i < with.count(); ++i) {
        QTABLE_ASSERT(found->second.types[static_cast<std::size_t>(i)] == with.type(i));
    }
}

}  // namespace qtable::storage
