#include <algorithm>

#include "core/base/limits.hpp"
#include "core/engine/decide_common.hpp"

namespace qtable::deciding {

namespace {

availability_window window_of(const slot& changed) {
    // A wall time may stand after the business day's midnight: both readings are in the window.
    return {changed.date, changed.minute, changed.minute + minutes_per_day + 1};
}

void put(const context& in, decision& made, const slot& value) {
    in.stock().upsert_slot(value);
    made.slots.push_back({in.target.id, value});
    made.windows.push_back(window_of(value));
}

}  // namespace

decision on(const context& in, const publish_slots& wanted) {
    const date today = in.where().local_at(in.now).date;
    for (const slot& draft : wanted.slots) {
        if (draft.date < today) return refuse(errc::past);
        if (const auto start = in.stock().start_at(draft.date, draft.minute); !start)
            return refuse(to_errc(start.error()));
    }
    decision made;
    made.action = "slots.publish";
    std::vector<slot> published;
    published.reserve(wanted.slots.size());
    for (const slot& draft : wanted.slots) {
        slot value = draft;
        if (const slot* existing = in.stock().find_slot(draft.date, draft.minute, draft.party_size)) {
            value.id = existing->id;
            value.version = existing->version + 1;
        }
        put(in, made, value);
        published.push_back(value);
    }
    made.answer.status = 201;
    made.answer.body = in.render.slots_json(in.target.id, published);
    return made;
}

decision on(const context& in, const change_slot& wanted) {
    const slot* existing = in.stock().find_slot(wanted.id);
    if (existing == nullptr) return refuse(errc::not_found);
    if (wanted.if_version && *wanted.if_version != existing->version)
        return refuse(errc::precondition_failed);
    slot value = *existing;
    if (wanted.available_tables) value.available_tables = *wanted.available_tables;
    if (wanted.is_available) value.is_available = *wanted.is_available;
    ++value.version;
    decision made;
    made.action = "slot.change";
    put(in, made, value);
    made.answer.version = value.version;
    made.answer.body = in.render.slot_json(in.target.id, value);
    return made;
}

}  // namespace qtable::deciding
