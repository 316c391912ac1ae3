#include "proto/calendar.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace qtable::proto {

namespace {

constexpr std::size_t content_line_bytes = 75;
// How far around the visit its zone is described: far enough for every rule that repeats yearly to show.
constexpr std::int64_t zone_window_ms = 400 * ms_per_day;

// A content line (RFC 5545, 3.1): a long one goes on in the next, after a blank.
void put_line(std::string& out, std::string_view line) {
    std::size_t room = content_line_bytes;
    while (line.size() > room) {
        std::size_t cut = room;
        while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) --cut;
        if (cut == 0) cut = room;
        out.append(line.substr(0, cut)).append("\r\n ");
        line.remove_prefix(cut);
        room = content_line_bytes - 1;
    }
    out.append(line).append("\r\n");
}

void put_property(std::string& out, std::string_view name, std::string_view value) {
    std::string line(name);
    line.append(":").append(value);
    put_line(out, line);
}

// A value of type TEXT (3.3.11).
void put_text(std::string& out, std::string_view name, std::string_view text) {
    std::string value;
    value.reserve(text.size());
    for (const char c : text) {
        if (c == '\\' || c == ';' || c == ',') value += '\\';
        if (c == '\n') {
            value += "\\n";
        } else {
            value += c;
        }
    }
    put_property(out, name, value);
}

// `20261122T193000` of an instant seen as a wall clock `offset_s` from UTC.
std::string wall_clock(instant at, std::int32_t offset_s) {
    std::string text = rfc3339(at, offset_s).substr(0, 19);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

std::string in_utc(instant at) {
    return wall_clock(at, 0) + 'Z';
}

// `+0100`, and `+005328` where an offset has seconds.
std::string offset_text(std::int32_t offset_s) {
    std::string text(1, offset_s < 0 ? '-' : '+');
    const std::int32_t size_s = offset_s < 0 ? -offset_s : offset_s;
    for (const std::int32_t part : {size_s / 3600, size_s / 60 % 60, size_s % 60}) {
        if (text.size() == 5 && part == 0) break;
        text += static_cast<char>('0' + part / 10);
        text += static_cast<char>('0' + part % 10);
    }
    return text;
}

struct observance {
    instant starts_at;
    std::int32_t from_s = 0;
    std::int32_t to_s = 0;
};

// The changes of the zone around the visit, each as an observance that begins once; before them, or without
// any, what held all along.
std::vector<observance> observances_around(const zone& where, instant from, instant until) {
    std::vector<observance> found;
    zone::steady now = where.steady_at(from.plus_ms(-zone_window_ms));
    const observance before{{}, now.offset_s, now.offset_s};
    while (now.until < until.plus_ms(zone_window_ms)) {
        const zone::steady next = where.steady_at(now.until);
        found.push_back({now.until, now.offset_s, next.offset_s});
        now = next;
    }
    if (found.empty() || found.front().starts_at > from) found.insert(found.begin(), before);
    return found;
}

void put_zone(std::string& out, const zone& where, instant from, instant until) {
    const std::vector<observance> all = observances_around(where, from, until);
    std::int32_t standard_s = all.front().from_s;
    for (const observance& each : all) standard_s = std::min({standard_s, each.from_s, each.to_s});
    put_line(out, "BEGIN:VTIMEZONE");
    put_property(out, "TZID", where.name());
    for (const observance& each : all) {
        const std::string_view kind = each.to_s > standard_s ? "DAYLIGHT" : "STANDARD";
        put_property(out, "BEGIN", kind);
        put_property(out, "DTSTART", wall_clock(each.starts_at, each.from_s));
        put_property(out, "TZOFFSETFROM", offset_text(each.from_s));
        put_property(out, "TZOFFSETTO", offset_text(each.to_s));
        put_property(out, "END", kind);
    }
    put_line(out, "END:VTIMEZONE");
}

// On the wall clock of the zone. Of a time that comes twice a reader takes the first: the second is told in
// UTC.
void put_moment(std::string& out, const std::string& name, instant at, const zone& where) {
    const local_time local = where.local_at(at);
    const auto read = where.resolve(local.date, local.minute);
    const std::int64_t of_minute_ms = at.ms % ms_per_minute;
    if (!read || read->ms != at.ms - of_minute_ms) return put_property(out, name, in_utc(at));
    put_property(out, name + ";TZID=" + where.name(), wall_clock(at, where.offset_s_at(at)));
}

std::string_view status_of(const reservation& what) noexcept {
    const bool is_off =
        what.status == reservation_status::cancelled || what.status == reservation_status::no_show;
    return is_off ? "CANCELLED" : "CONFIRMED";
}

std::string description_of(const reservation& what, const calendar_place& place) {
    std::string text =
        "Confirmation code: " + what.confirmation_code + "\nParty of " + std::to_string(what.party_size);
    if (!what.special_requests.empty()) text += "\nRequests: " + what.special_requests;
    if (!place.phone.empty()) text.append("\nTelephone: ").append(place.phone);
    return text;
}

std::string decimal(double value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 6).ptr;
    return {text, end};
}

void put_place(std::string& out, const calendar_place& place) {
    std::string location(place.name);
    if (!place.name.empty() && !place.address.empty()) location += ", ";
    location.append(place.address);
    if (!location.empty()) put_text(out, "LOCATION", location);
    if (place.latitude && place.longitude)
        put_property(out, "GEO", decimal(*place.latitude) + ';' + decimal(*place.longitude));
    if (!place.website.empty()) put_property(out, "URL", place.website);
}

}  // namespace

void write_calendar(std::string& out, const reservation& what, const zone& where,
                    const calendar_place& place) {
    put_line(out, "BEGIN:VCALENDAR");
    put_line(out, "VERSION:2.0");
    put_line(out, "PRODID:-//QTable//Reservations//EN");
    put_line(out, "CALSCALE:GREGORIAN");
    put_zone(out, where, what.starts_at, what.ends_at);
    put_line(out, "BEGIN:VEVENT");
    put_property(out, "UID", to_string(what.id) + "@qtable");
    put_property(out, "DTSTAMP", in_utc(what.updated_at));
    put_property(out, "CREATED", in_utc(what.created_at));
    put_property(out, "LAST-MODIFIED", in_utc(what.updated_at));
    put_property(out, "SEQUENCE", std::to_string(what.version));
    put_property(out, "STATUS", status_of(what));
    put_moment(out, "DTSTART", what.starts_at, where);
    put_moment(out, "DTEND", what.ends_at, where);
    std::string summary = "Table for " + std::to_string(what.party_size);
    if (!place.name.empty()) summary.append(" at ").append(place.name);
    put_text(out, "SUMMARY", summary);
    put_text(out, "DESCRIPTION", description_of(what, place));
    put_place(out, place);
    put_line(out, "END:VEVENT");
    put_line(out, "END:VCALENDAR");
}

}  // namespace qtable::proto
