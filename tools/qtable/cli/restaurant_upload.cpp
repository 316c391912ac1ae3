#include "tools/qtable/cli/restaurant_upload.hpp"

#include <memory>

#include "core/base/limits.hpp"
#include "net/auth/random.hpp"
#include "proto/json_renderer.hpp"
#include "proto/text_rules.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/import_conversion.hpp"
#include "tools/qtable/cli/wall_clock.hpp"

namespace qtable::tools {

storage::bulk_tools bulk_tools_of_program() {
    return {[] { return net::new_uuid(wall_clock()); }, wall_clock,
            [renderer = std::make_shared<proto::json_renderer>()](const restaurant& what) {
                return renderer->restaurant_json(what);
            }};
}

std::string checked_email(const std::string& text, const std::string& given_as) {
    const proto::text_rule rule{3, limits::email_chars, proto::is_email, "must be an e-mail address"};
    const std::string problem = proto::text_error(text, rule);
    if (!problem.empty()) throw command_error(exit_configuration, given_as + ": " + problem);
    return proto::lower_ascii(text);
}

storage::bulk_counts upload_restaurants(storage::blocking_connection& database, const std::string& owner,
                                        const std::vector<import_restaurant>& restaurants,
                                        const std::function<void(std::size_t done)>& progress) {
    storage::bulk_writer writer(database, bulk_tools_of_program());
    const staff_id account = writer.ensure_staff(owner, owner.substr(0, owner.find('@')));
    const conversion_tools tools{[] { return net::new_uuid(wall_clock()); }, net::random_u64};
    std::vector<storage::bulk_restaurant> rows;
    rows.reserve(restaurants.size());
    for (const import_restaurant& each : restaurants)
        rows.push_back(to_bulk_restaurant(each, account, wall_clock(), tools));
    return writer.upsert_restaurants(rows, [&](const storage::bulk_counts& so_far) {
        if (progress) progress(static_cast<std::size_t>(so_far.inserted + so_far.updated + so_far.unchanged));
    });
}

}  // namespace qtable::tools
