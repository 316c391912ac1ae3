#include "core/base/limits.hpp"
#include "core/inventory/availability_reader.hpp"
#include "net/api/app_core.hpp"
#include "net/api/handlers.hpp"
#include "net/api/query_reader.hpp"
#include "proto/problem.hpp"
#include "proto/render_availability.hpp"

namespace qtable::net {

namespace {

void write_day(std::string& out, const call& in, date day, int party_size) {
    bool is_first = true;
    const zone& where = *in.view->zone;
    for_each_start(*in.live, day, party_size, in.now, [&](const start_view& start) {
        if (!is_first) out += ',';
        is_first = false;
        proto::availability_line line;
        if (start.slot != nullptr) line.slot_id = *start.slot;
        line.minute = start.minute;
        line.starts_at = start.starts_at;
        line.ends_at = start.ends_at;
        line.start_offset_s = where.offset_s_at(start.starts_at);
        line.end_offset_s = where.offset_s_at(start.ends_at);
        line.available_tables = start.available_tables;
        line.is_available = start.is_available();
        line.reasons = start.reasons;
        proto::write_availability_slot(out, line);
    });
}

}  // namespace

void get_availability(call& in) {
    query_reader query(in);
    query.require("date");
    query.require("party_size");
    const auto day = query.calendar_date("date");
    const auto party_size = query.integer("party_size", 1, limits::party_size_max);
    const auto days = query.integer("days", 1, limits::availability_days_max);
    if (!query.finish()) return;
    in.app.metrics().availability_answers.add();

    in.begin(200);
    std::string& out = in.out.body_writer();
    const auto party = static_cast<int>(*party_size);
    const std::string& timezone = in.view->config->profile.timezone;
    if (!days) {
        proto::begin_availability(out, in.live->id, *day, timezone, party);
        write_day(out, in, *day, party);
        proto::end_availability(out);
    } else {
        proto::begin_availability_days(out, in.live->id, *day, timezone, party);
        for (int i = 0; i < *days; ++i) {
            proto::begin_availability_day(out, day->plus_days(i), i == 0);
            write_day(out, in, day->plus_days(i), party);
            proto::end_availability_day(out);
        }
        proto::end_availability_days(out);
    }
    in.out.finish();
}

}  // namespace qtable::net
