#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "core/base/limits.hpp"
#include "core/engine/decide_common.hpp"

namespace qtable::deciding {

namespace {

bool equal_ignoring_ascii_case(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool label_is_taken(const restaurant& config, std::string_view label, const table_id& but) {
    return std::any_of(config.tables.begin(), config.tables.end(), [&](const table& each) {
        return each.id != but && equal_ignoring_ascii_case(each.label, label);
    });
}

void sort_tables(restaurant& config) {
    std::sort(config.tables.begin(), config.tables.end(), [](const table& a, const table& b) {
        return a.label != b.label ? a.label < b.label : a.id < b.id;
    });
}

// The configuration that the decision leads to takes effect in memory; the database row follows only when the
// profile itself changed (tables are rows of their own).
void reconfigure(const context& in, decision& made, std::shared_ptr<const restaurant> config,
                 std::shared_ptr<const zone> where) {
    auto view = make_view(std::move(config), std::move(where), &in.stock().view());
    in.stock().reconfigure(std::move(view));
    made.everything_changed = true;
}

template <class List, class Id>
auto find_by_id(List& list, const Id& id) {
    return std::find_if(list.begin(), list.end(), [&id](const auto& each) { return each.id == id; });
}

decision table_changed(const context& in, std::shared_ptr<const restaurant> config, const table& value,
                       bool is_deleted) {
    decision made;
    reconfigure(in, made, std::move(config), in.stock().view().zone);
    made.tables.push_back({in.target.id, value, is_deleted});
    std::string body = in.render.table_json(in.target.id, value);
    made.events.push_back(make_event(in, event_type::table_updated, body));
    if (is_deleted) {
        made.answer.status = 204;
    } else {
        made.answer.version = value.version;
        made.answer.body = std::move(body);
    }
    return made;
}

void patch_table(table& value, const change_table& wanted) {
    if (wanted.label) value.label = *wanted.label;
    if (wanted.capacity) value.capacity = *wanted.capacity;
    if (wanted.min_party) value.min_party = *wanted.min_party;
    if (wanted.section) value.section = *wanted.section;
    if (wanted.x) value.x = *wanted.x;
    if (wanted.y) value.y = *wanted.y;
    if (wanted.shape) value.shape = *wanted.shape;
    if (wanted.status) value.status = *wanted.status;
    ++value.version;
}

}  // namespace

decision on(const context& in, const create_table& wanted) {
    if (in.config().tables.size() >= limits::tables_per_restaurant) return refuse(errc::limit_reached);
    if (label_is_taken(in.config(), wanted.table.label, wanted.table.id)) return refuse(errc::label_taken);
    if (find_by_id(in.config().tables, wanted.table.id) != in.config().tables.end())
        return refuse(errc::internal);
    auto config = std::make_shared<restaurant>(in.config());
    config->tables.push_back(wanted.table);
    sort_tables(*config);
    decision made = table_changed(in, std::move(config), wanted.table, false);
    made.answer.status = 201;
    made.answer.location =
        "/restaurants/" + to_string(in.target.id) + "/tables/" + to_string(wanted.table.id);
    return made;
}

decision on(const context& in, const change_table& wanted) {
    auto config = std::make_shared<restaurant>(in.config());
    const auto found = find_by_id(config->tables, wanted.id);
    if (found == config->tables.end()) return refuse(errc::not_found);
    if (wanted.if_version && *wanted.if_version != found->version) return refuse(errc::precondition_failed);
    if (wanted.label && label_is_taken(in.config(), *wanted.label, wanted.id))
        return refuse(errc::label_taken);
    // `occupied` comes and goes with a seated guest, never by hand.
    if (wanted.status && found->status == table_status::occupied) return refuse(errc::table_in_use);
    if (wanted.status == table_status::occupied) return refuse(errc::illegal_transition);
    patch_table(*found, wanted);
    if (found->min_party > found->capacity) return refuse(errc::invalid_input);
    const table value = *found;
    sort_tables(*config);
    return table_changed(in, std::move(config), value, false);
}

decision on(const context& in, const delete_table& wanted) {
    auto config = std::make_shared<restaurant>(in.config());
    const auto found = find_by_id(config->tables, wanted.id);
    if (found == config->tables.end()) return refuse(errc::not_found);
    if (wanted.if_version && *wanted.if_version != found->version) return refuse(errc::precondition_failed);
    const bool is_combined = std::any_of(
        config->combinations.begin(), config->combinations.end(), [&wanted](const table_combination& each) {
            return std::find(each.table_ids.begin(), each.table_ids.end(), wanted.id) != each.table_ids.end();
        });
    if (is_combined || found->status == table_status::occupied || in.stock().table_in_use(wanted.id, in.now))
        return refuse(errc::table_in_use);
    const table value = *found;
    config->tables.erase(found);
    return table_changed(in, std::move(config), value, true);
}

decision on(const context& in, const create_restaurant& wanted) {
    auto config = std::make_shared<restaurant>();
    config->id = in.target.id;
    config->profile = wanted.profile;
    config->rules = wanted.rules;
    config->staff = {{wanted.owner, staff_role::owner}};
    config->created_at = config->updated_at = in.now;

    in.target.stock = std::make_unique<inventory>(make_view(config, wanted.zone));
    in.target.log = event_log(wanted.log_epoch, 0, 0);

    decision made;
    made.configuration = restaurant_row{config, true, wanted.log_epoch};
    made.answer.status = 201;
    made.answer.location = "/restaurants/" + to_string(in.target.id);
    made.answer.version = config->version;
    made.answer.body = in.render.restaurant_json(*config);
    made.events.push_back(make_event(in, event_type::settings_changed, made.answer.body));
    return made;
}

decision on(const context& in, const change_restaurant& wanted) {
    if (wanted.if_version && *wanted.if_version != in.config().version)
        return refuse(errc::precondition_failed);
    if (wanted.seen_version != in.config().version) return refuse(errc::precondition_failed);
    auto config = std::make_shared<restaurant>(in.config());
    if (wanted.profile) config->profile = *wanted.profile;
    config->updated_at = in.now;
    ++config->version;

    decision made;
    reconfigure(in, made, config, wanted.zone ? wanted.zone : in.stock().view().zone);
    made.configuration = restaurant_row{config, false, 0};
    made.answer.version = config->version;
    made.answer.body = in.render.restaurant_json(*config);
    made.events.push_back(make_event(in, event_type::settings_changed, made.answer.body));
    return made;
}

}  // namespace qtable::deciding
