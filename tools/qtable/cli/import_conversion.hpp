// From what an import brings to what is stored: ids are made, the price range becomes a number, tables get
// the order that a restaurant keeps them in. Pure functions of their arguments; any thread.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "storage/store/bulk_writer.hpp"
#include "tools/qtable/import/records.hpp"

namespace qtable::tools {

struct conversion_tools {
    std::function<uuid()> make_id;
    std::function<std::uint64_t()> random;
};

storage::bulk_restaurant to_bulk_restaurant(const import_restaurant& from, const staff_id& owner, instant now,
                                            const conversion_tools& tools);

// Takes out the restaurants whose time zone `knows` doesn't have, and reports each as skipped.
void skip_unknown_timezones(import_result& result, const std::function<bool(std::string_view)>& knows);

}  // namespace qtable::tools
