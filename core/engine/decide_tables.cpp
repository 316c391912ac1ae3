// The floor plan: tables one by one and many at once, and combinations. A table that goes out of service, or
// that becomes smaller, keeps the reservations that it has: staff see them and move them. One that goes away
// may have none.
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/limits.hpp"
#include "core/engine/decide_configuration.hpp"

namespace qtable::deciding {

namespace {

void add_row(const context& in, decision& made, const table& value, std::string_view action,
             bool is_deleted = false) {
    made.tables.push_back({in.target.id, value, is_deleted});
    made.events.push_back(
        make_event(in, event_type::table_updated,
                   is_deleted ? in.render.deleted_json(value.id) : in.render.table_json(in.target.id, value),
                   value.id, action));
}

decision table_changed(const context& in, std::shared_ptr<restaurant> config, const table& value,
                       std::string_view action) {
    decision made;
    sort_by_label(config->tables);
    reconfigure(in, made, std::move(config));
    add_row(in, made, value, action);
    made.answer.version = value.version;
    made.answer.body = made.events.back().data;
    return made;
}

// Empty when nothing stands in the way of these tables going.
std::optional<decision> refuse_removal(const context& in, const std::vector<table_id>& going) {
    const auto goes = [&going](const table_id& id) {
        return std::find(going.begin(), going.end(), id) != going.end();
    };
    const restaurant& config = in.config();
    const bool is_combined = std::any_of(
        config.combinations.begin(), config.combinations.end(), [&goes](const table_combination& each) {
            return std::any_of(each.table_ids.begin(), each.table_ids.end(), goes);
        });
    const bool is_taken = std::any_of(config.tables.begin(), config.tables.end(), [&](const table& each) {
        return goes(each.id) &&
               (each.status == table_status::occupied || in.stock().table_in_use(each.id, in.now));
    });
    if (!is_combined && !is_taken) return std::nullopt;
    decision refused = refuse(errc::table_in_use);
    if (is_taken) refused.answer.reservations = reservations_in_the_way(in, going);
    return refused;
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

bool has_sound_size(const table& value) noexcept {
    return value.min_party > 0 && value.min_party <= value.capacity;
}

bool is_same_plan(const table& a, const table& b) noexcept {
    return a.label == b.label && a.capacity == b.capacity && a.min_party == b.min_party &&
           a.section == b.section && a.x == b.x && a.y == b.y && a.shape == b.shape;
}

// What a synchronisation amounts to: the tables as they will be, and what changes to get there.
struct sync_plan {
    std::vector<table> result;
    std::vector<table> created, changed, gone;
    errc refusal = errc::ok;
};

sync_plan plan_sync(const std::vector<table>& known, const sync_tables& wanted) {
    sync_plan plan;
    // Which known table each one names: by id before any does by label, so that labels may move between them.
    std::vector<const table*> named(wanted.tables.size(), nullptr);
    std::vector<const table*> used;
    const auto use = [&](std::size_t at, const table* found) {
        if (found == nullptr || std::find(used.begin(), used.end(), found) != used.end()) return;
        named[at] = found;
        used.push_back(found);
    };
    for (std::size_t i = 0; i < wanted.tables.size(); ++i) {
        const auto found = find_by_id(known, wanted.tables[i].id);
        if (found == known.end()) continue;
        use(i, &*found);
        if (named[i] == nullptr) plan.refusal = errc::invalid_input;  // named twice
    }
    for (std::size_t i = 0; i < wanted.tables.size(); ++i) {
        if (named[i] != nullptr) continue;
        const auto found = std::find_if(known.begin(), known.end(), [&](const table& each) {
            return equal_ignoring_ascii_case(each.label, wanted.tables[i].label);
        });
        if (found != known.end()) use(i, &*found);
    }
    for (std::size_t i = 0; i < wanted.tables.size(); ++i) {
        table value = wanted.tables[i];
        if (!has_sound_size(value)) plan.refusal = errc::invalid_input;
        if (const table* before = named[i]; before == nullptr) {
            if (value.status == table_status::occupied) value.status = table_status::available;
            value.current_guest_id.reset();
            value.version = 1;
            plan.created.push_back(value);
        } else {
            value.id = before->id;
            value.status = before->status;
            value.current_guest_id = before->current_guest_id;
            value.version = before->version;
            if (!is_same_plan(value, *before)) {
                ++value.version;
                plan.changed.push_back(value);
            }
        }
        plan.result.push_back(std::move(value));
    }
    for (const table& each : known) {
        if (std::find(used.begin(), used.end(), &each) != used.end()) continue;
        (wanted.replaces_all ? plan.gone : plan.result).push_back(each);
    }
    sort_by_label(plan.result);
    return plan;
}

// Sorted by label as bytes, two that differ only in case may stand apart.
bool has_label_twice(const std::vector<table>& tables) {
    std::vector<std::string> labels;
    labels.reserve(tables.size());
    for (const table& each : tables) {
        std::string& low = labels.emplace_back(each.label);
        std::transform(low.begin(), low.end(), low.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    }
    std::sort(labels.begin(), labels.end());
    return std::adjacent_find(labels.begin(), labels.end()) != labels.end();
}

bool has_id_twice(const std::vector<table>& tables) {
    std::vector<table_id> ids;
    for (const table& each : tables) ids.push_back(each.id);
    std::sort(ids.begin(), ids.end());
    return std::adjacent_find(ids.begin(), ids.end()) != ids.end();
}

// Members exist, are told apart, and can be put together now; `capacity` 0 becomes the sum of their seats.
errc complete(const restaurant& config, table_combination& value) {
    const std::vector<table_id>& members = value.table_ids;
    if (members.size() < 2 || members.size() > limits::tables_per_combination) return errc::invalid_input;
    int seats = 0;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto member = find_by_id(config.tables, members[i]);
        const auto so_far = members.begin() + static_cast<std::ptrdiff_t>(i);
        if (member == config.tables.end() || std::find(members.begin(), so_far, members[i]) != so_far)
            return errc::invalid_input;
        if (member->status == table_status::occupied || member->status == table_status::out_of_service)
            return errc::table_not_free;
        seats += member->capacity;
    }
    if (value.capacity == 0) value.capacity = seats;
    return value.min_party > 0 && value.min_party <= value.capacity ? errc::ok : errc::invalid_input;
}

}  // namespace

decision on(const context& in, const create_table& wanted) {
    if (in.config().tables.size() >= limits::tables_per_restaurant) return refuse(errc::limit_reached);
    if (label_is_taken(in.config().tables, wanted.table.label, wanted.table.id))
        return refuse(errc::label_taken);
    if (find_by_id(in.config().tables, wanted.table.id) != in.config().tables.end())
        return refuse(errc::internal);
    if (!has_sound_size(wanted.table)) return refuse(errc::invalid_input);
    // A guest makes a table occupied, nothing else.
    if (wanted.table.status == table_status::occupied) return refuse(errc::invalid_input);
    auto config = std::make_shared<restaurant>(in.config());
    config->tables.push_back(wanted.table);
    decision made = table_changed(in, std::move(config), wanted.table, "table.create");
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
    if (wanted.label && label_is_taken(in.config().tables, *wanted.label, wanted.id))
        return refuse(errc::label_taken);
    // `occupied` comes and goes with a seated guest, never by hand.
    if (wanted.status && *wanted.status != found->status) {
        if (found->status == table_status::occupied) return refuse(errc::table_in_use);
        if (*wanted.status == table_status::occupied) {
            decision refused = refuse(errc::illegal_transition);
            refused.answer.current_table = found->status;
            return refused;
        }
    }
    patch_table(*found, wanted);
    if (!has_sound_size(*found)) return refuse(errc::invalid_input);
    const table value = *found;
    return table_changed(in, std::move(config), value, "table.change");
}

decision on(const context& in, const delete_table& wanted) {
    auto config = std::make_shared<restaurant>(in.config());
    const auto found = find_by_id(config->tables, wanted.id);
    if (found == config->tables.end()) return refuse(errc::not_found);
    if (wanted.if_version && *wanted.if_version != found->version) return refuse(errc::precondition_failed);
    if (auto refused = refuse_removal(in, {wanted.id})) return std::move(*refused);
    const table value = *found;
    config->tables.erase(found);
    decision made;
    reconfigure(in, made, std::move(config));
    add_row(in, made, value, "table.delete", true);
    made.answer.status = 204;
    return made;
}

decision on(const context& in, const sync_tables& wanted) {
    sync_plan plan = plan_sync(in.config().tables, wanted);
    if (plan.refusal != errc::ok) return refuse(plan.refusal);
    if (plan.result.size() > limits::tables_per_restaurant) return refuse(errc::limit_reached);
    if (has_id_twice(plan.result)) return refuse(errc::invalid_input);
    if (has_label_twice(plan.result)) return refuse(errc::label_taken);
    if (!plan.gone.empty()) {
        std::vector<table_id> going;
        for (const table& each : plan.gone) going.push_back(each.id);
        if (auto refused = refuse_removal(in, going)) return std::move(*refused);
    }
    decision made;
    made.answer.body = in.render.tables_json(in.target.id, plan.result);
    if (plan.created.empty() && plan.changed.empty() && plan.gone.empty()) return made;
    auto config = std::make_shared<restaurant>(in.config());
    config->tables = std::move(plan.result);
    reconfigure(in, made, std::move(config));
    for (const table& each : plan.gone) add_row(in, made, each, "table.delete", true);
    for (const table& each : plan.changed) add_row(in, made, each, "table.change");
    for (const table& each : plan.created) add_row(in, made, each, "table.create");
    return made;
}

decision on(const context& in, const put_combination& wanted) {
    auto config = std::make_shared<restaurant>(in.config());
    const auto found = find_by_id(config->combinations, wanted.what.id);
    const bool is_known = found != config->combinations.end();
    if (wanted.is_new && is_known) return refuse(errc::internal);
    if (!wanted.is_new && !is_known) return refuse(errc::not_found);
    if (is_known && wanted.if_version && *wanted.if_version != found->version)
        return refuse(errc::precondition_failed);
    if (!is_known && config->combinations.size() >= limits::combinations_per_restaurant)
        return refuse(errc::limit_reached);
    table_combination value = wanted.what;
    if (const errc wrong = complete(in.config(), value); wrong != errc::ok) return refuse(wrong);
    if (label_is_taken(in.config().combinations, value.label, value.id)) return refuse(errc::label_taken);

    value.version = is_known ? found->version + 1 : 1;
    if (is_known) {
        *found = value;
    } else {
        config->combinations.push_back(value);
    }
    sort_by_label(config->combinations);
    decision made;
    tell_settings(in, made, *config, is_known ? "combination.change" : "combination.create", value.id);
    reconfigure(in, made, std::move(config));
    made.combinations.push_back({in.target.id, value, false});
    made.answer.version = value.version;
    made.answer.body = in.render.combination_json(in.target.id, value);
    if (!is_known) {
        made.answer.status = 201;
        made.answer.location =
            "/restaurants/" + to_string(in.target.id) + "/table-combinations/" + to_string(value.id);
    }
    return made;
}

decision on(const context& in, const delete_combination& wanted) {
    auto config = std::make_shared<restaurant>(in.config());
    const auto found = find_by_id(config->combinations, wanted.id);
    if (found == config->combinations.end()) return refuse(errc::not_found);
    if (wanted.if_version && *wanted.if_version != found->version) return refuse(errc::precondition_failed);
    const table_combination value = *found;
    config->combinations.erase(found);
    decision made;
    tell_settings(in, made, *config, "combination.delete", value.id);
    reconfigure(in, made, std::move(config));
    made.combinations.push_back({in.target.id, value, true});
    made.answer.status = 204;
    return made;
}

}  // namespace qtable::deciding
