// The messages of the sockets as JSON. Pure functions, any core; they append to `out`.
// An epoch is 64 bits: on the wire a string of 16 hexadecimal digits, since JavaScript's numbers hold 53.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/event/event.hpp"
#include "proto/json_writer.hpp"

namespace qtable::proto {

struct event_envelope {
    std::string_view type;  // to_string of the event's type
    restaurant_id restaurant;
    std::int64_t seq = 0;  // in the stream that it is sent on
    std::uint64_t epoch = 0;
    instant at;
};

// {"type","restaurant_id","seq","epoch","at","data"}; `data` is rendered JSON.
void write_event(std::string& out, const event_envelope& envelope, std::string_view data);
// The same in two halves, for data that is written in place: `…,"data":` … `}`.
void begin_event(std::string& out, const event_envelope& envelope);
void end_event(std::string& out);

// {"type":"hello","epoch","seq"}
void write_hello(std::string& out, std::uint64_t epoch, std::int64_t seq);
// {"type":"resync_required"}
void write_resync_required(std::string& out);
// {"type":"going_away","reconnect_within_ms"}
void write_going_away(std::string& out, std::int64_t reconnect_within_ms);

// The member "epoch".
void write_epoch(json_writer& json, std::uint64_t epoch);
// `?epoch=`: exactly what was written.
std::optional<std::uint64_t> parse_epoch(std::string_view text) noexcept;

// The data of availability_updated: {"date","slots":[{slot_id, time, starts_at, ends_at, party_size,
// available_tables, is_available}, …]}. No date: null, everything may have changed and is to be read again.
struct availability_change {
    std::optional<qtable::slot_id> slot_id;
    int minute = 0;
    instant starts_at;
    instant ends_at;
    int start_offset_s = 0;
    int end_offset_s = 0;
    int party_size = 0;
    int available_tables = 0;
    bool is_available = false;
};

class availability_change_writer {
  public:
    availability_change_writer(std::string& out, std::optional<date> day);
    void add(const availability_change& line);
    void end();

  private:
    std::string& out_;
    bool first_ = true;
};

// What the log keeps of availability_updated: {"date","from","until"} with minutes, or {"date":null} for
// everything, and back; `internal` when the text isn't that.
void write_window(std::string& out, const std::optional<availability_window>& window);
result<std::optional<availability_window>> parse_window(std::string_view data);

}  // namespace qtable::proto
