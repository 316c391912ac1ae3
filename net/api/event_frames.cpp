#include "net/api/event_frames.hpp"

#include <algorithm>

#include "core/inventory/availability_reader.hpp"
#include "proto/render_event.hpp"

namespace qtable::net {

namespace {

proto::availability_change line_of(const zone& where, int minute, instant starts_at, instant ends_at) {
    proto::availability_change line;
    line.minute = minute;
    line.starts_at = starts_at;
    line.ends_at = ends_at;
    line.start_offset_s = where.offset_s_at(starts_at);
    line.end_offset_s = where.offset_s_at(ends_at);
    return line;
}

// The cells that changed with this very commit.
void write_changes(std::string& out, const std::vector<availability_change>& changes,
                   const restaurant_view& view) {
    proto::availability_change_writer writer(out, changes.front().date);
    for (const availability_change& change : changes) {
        const auto starts_at = view.zone->resolve(change.date, change.minute);
        if (!starts_at) continue;
        const instant ends_at = starts_at->plus_minutes(view.rules().turn_time_min(change.party_size));
        proto::availability_change line = line_of(*view.zone, change.minute, *starts_at, ends_at);
        line.slot_id = change.slot;
        line.party_size = change.party_size;
        line.available_tables = change.available_tables;
        line.is_available = change.is_available;
        writer.add(line);
    }
    writer.end();
}

// What stands in the window now: for those who come later.
void write_window_values(std::string& out, const availability_window& window, const live_restaurant& live,
                         const restaurant_view& view, instant now) {
    proto::availability_change_writer writer(out, window.date);
    const int party_sizes = std::max(static_cast<int>(view.empty_floor.size()), view.rules().max_party);
    for (int party_size = 1; party_size <= party_sizes; ++party_size) {
        for_each_start(live, window.date, party_size, now, [&](const start_view& start) {
            if (start.minute < window.from_min || start.minute >= window.until_min) return;
            if (start.reasons.has(reason::party_too_large) || start.reasons.has(reason::party_too_small))
                return;
            proto::availability_change line =
                line_of(*view.zone, start.minute, start.starts_at, start.ends_at);
            if (start.slot != nullptr) line.slot_id = *start.slot;
            line.party_size = party_size;
            line.available_tables = start.available_tables;
            line.is_available = start.is_available();
            writer.add(line);
        });
    }
    writer.end();
}

void write_everything(std::string& out) {
    proto::availability_change_writer(out, std::nullopt).end();
}

}  // namespace

std::string event_data(const released_event& what, const live_restaurant& live, instant now) {
    if (what.what.type != event_type::availability_updated) return what.what.data;
    std::string out;
    const restaurant_view* view = live.view.load(std::memory_order_acquire);
    const auto window = proto::parse_window(what.what.data);
    if (view == nullptr || !window || !*window) {
        write_everything(out);
    } else if (!what.changes.empty()) {
        write_changes(out, what.changes, *view);
    } else if (what.is_value_unknown) {
        write_window_values(out, **window, live, *view, now);
    } else {
        proto::availability_change_writer(out, (*window)->date).end();
    }
    return out;
}

numbered_frame event_frame(const released_event& what, std::string_view data, bool is_public) {
    proto::event_envelope envelope;
    envelope.type = to_string(what.what.type);
    envelope.restaurant = what.what.restaurant;
    envelope.seq = is_public ? what.what.public_seq : what.what.seq;
    envelope.epoch = what.epoch;
    envelope.at = what.what.at;
    std::string text;
    proto::write_event(text, envelope, data);
    return {envelope.seq, encode_text(text), what.committed_ns};
}

ws_frame hello_frame(std::uint64_t epoch, std::int64_t seq) {
    std::string text;
    proto::write_hello(text, epoch, seq);
    return encode_text(text);
}

ws_frame resync_frame() {
    std::string text;
    proto::write_resync_required(text);
    return encode_text(text);
}

ws_frame going_away_frame(std::int64_t reconnect_within_ms) {
    std::string text;
    proto::write_going_away(text, reconnect_within_ms);
    return encode_text(text);
}

}  // namespace qtable::net
