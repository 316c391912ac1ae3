#include "core/base/limits.hpp"
#include "core/inventory/availability_life.hpp"
#include "core/inventory/availability_reader.hpp"
#include "net/api/app_core.hpp"
#include "net/api/handlers.hpp"
#include "net/api/query_reader.hpp"
#include "proto/problem.hpp"
#include "proto/render_availability.hpp"

namespace qtable::net {

namespace {

void write_day(std::string& out, const call& in, date day, int party_size) {
    proto::availability_lines lines(out);
    offset_reader offsets(*in.view->zone);
    for_each_start(*in.live, day, party_size, in.now, [&](const start_view& start) {
        proto::availability_line line;
        if (start.slot != nullptr) line.slot_id = *start.slot;
        line.minute = start.minute;
        line.starts_at = start.starts_at;
        line.ends_at = start.ends_at;
        line.start_offset_s = offsets.offset_s_at(start.starts_at);
        line.end_offset_s = offsets.offset_s_at(start.ends_at);
        line.available_tables = start.available_tables;
        line.is_available = start.is_available();
        line.reasons = start.reasons;
        lines.add(line);
    });
}

}  // namespace

namespace {

// What is written is the same for everyone who asks: kept, and given again while it holds.
void answer_one_day(call& in, date day, int party_size) {
    const auto life = life_of_answer(*in.live, day, in.now);
    std::string& body = in.app.page_scratch();
    body.clear();
    proto::begin_availability(body, in.live->id, day, in.view->config->profile.timezone, party_size);
    write_day(body, in, day, party_size);
    proto::end_availability(body);
    if (life) return answer_page(in, in.app.pages().keep(in.in.target, *in.live, day, *life, body));
    in.begin(200);
    in.out.finish(body);
}

void answer_days(call& in, date first, int days, int party_size) {
    std::optional<std::uint64_t> state = static_cast<std::uint64_t>(days);
    for (int i = 0; i < days && state; ++i) {
        const auto life = life_of_answer(*in.live, first.plus_days(i), in.now);
        state = life ? std::optional(in.app.pages().mix(*state, *life)) : std::nullopt;
    }
    const page_tag tag = availability_pages::tag(state.value_or(0));
    const std::string_view tag_text(tag.data(), tag.size());
    if (state && in.is_not_modified(tag_text)) return;
    in.begin(200);
    if (state) in.out.header("ETag", tag_text);
    std::string& out = in.out.body_writer();
    proto::begin_availability_days(out, in.live->id, first, in.view->config->profile.timezone, party_size);
    for (int i = 0; i < days; ++i) {
        proto::begin_availability_day(out, first.plus_days(i), i == 0);
        write_day(out, in, first.plus_days(i), party_size);
        proto::end_availability_day(out);
    }
    proto::end_availability_days(out);
    in.out.finish();
}

}  // namespace

void answer_page(call& in, const availability_page& page) {
    if (in.is_not_modified(page.tag)) return;
    in.begin(200);
    in.out.header("ETag", page.tag).finish(page.body);
}

void get_availability(call& in) {
    query_reader query(in);
    const auto day = query.calendar_date("date");
    const auto party_size = query.integer("party_size", 1, limits::party_size_max);
    const auto days = query.integer("days", 1, limits::availability_days_max);
    if (!day) query.require("date");
    if (!party_size) query.require("party_size");
    if (!query.finish()) return;
    in.app.metrics().availability_answers.add();
    if (days) return answer_days(in, *day, static_cast<int>(*days), static_cast<int>(*party_size));
    answer_one_day(in, *day, static_cast<int>(*party_size));
}

}  // namespace qtable::net
