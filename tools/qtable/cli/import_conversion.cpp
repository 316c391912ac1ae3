#include "tools/qtable/cli/import_conversion.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/assert.hpp"

namespace qtable::tools {

namespace {

restaurant_profile profile_of(const import_restaurant& from) {
    restaurant_profile profile;
    profile.name = from.name;
    profile.description = from.description;
    profile.cuisine_type = from.cuisine_type;
    profile.price_range = static_cast<int>(from.price_range.size());
    profile.latitude = from.latitude;
    profile.longitude = from.longitude;
    profile.phone = from.phone;
    profile.website = from.website;
    profile.address = from.address;
    profile.timezone = from.timezone;
    // Never hours that the source didn't state.
    if (from.has_hours) profile.hours = from.hours;
    return profile;
}

template <class Item>
void sort_by_label(std::vector<Item>& items) {
    std::sort(items.begin(), items.end(),
              [](const Item& a, const Item& b) { return std::tie(a.label, a.id) < std::tie(b.label, b.id); });
}

// The combinations name their tables by place, so ids are given before anything is sorted.
void furnish_with(restaurant& made, const import_restaurant& from, const conversion_tools& tools) {
    for (const import_table& each : from.tables) {
        table& added = made.tables.emplace_back();
        added.id = table_id(tools.make_id());
        added.label = each.label;
        added.capacity = each.capacity;
        added.min_party = each.min_party;
        added.section = each.section;
        added.x = each.x;
        added.y = each.y;
        added.shape = each.shape;
    }
    for (const import_combination& each : from.combinations) {
        table_combination& added = made.combinations.emplace_back();
        added.id = combination_id(tools.make_id());
        added.label = each.label;
        added.capacity = each.capacity;
        added.min_party = each.min_party;
        for (const int index : each.table_indexes) {
            const auto at = static_cast<std::size_t>(index);
            QTABLE_ASSERT(index >= 0 && at < made.tables.size());
            added.table_ids.push_back(made.tables[at].id);
        }
    }
    sort_by_label(made.tables);
    sort_by_label(made.combinations);
}

}  // namespace

storage::bulk_restaurant to_bulk_restaurant(const import_restaurant& from, const staff_id& owner, instant now,
                                            const conversion_tools& tools) {
    storage::bulk_restaurant made;
    made.source_ref = from.source_ref;
    made.owner = owner;
    made.log_epoch = tools.random();
    made.what.id = restaurant_id(tools.make_id());
    made.what.profile = profile_of(from);
    made.what.created_at = now;
    made.what.updated_at = now;
    furnish_with(made.what, from, tools);
    return made;
}

void skip_unknown_timezones(import_result& result, const std::function<bool(std::string_view)>& knows) {
    const auto is_unknown = [&](const import_restaurant& each) { return !knows(each.timezone); };
    for (const import_restaurant& each : result.restaurants) {
        if (!is_unknown(each)) continue;
        result.problems.push_back({import_problem_kind::skipped, each.line, each.name, "timezone",
                                   each.timezone, "there is no such time zone"});
    }
    std::erase_if(result.restaurants, is_unknown);
    std::stable_sort(result.problems.begin(), result.problems.end(),
                     [](const import_problem& a, const import_problem& b) { return a.line < b.line; });
}

}  // namespace qtable::tools
