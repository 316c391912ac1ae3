// Appends JSON to a string: the connection's output buffer or a message under construction. Writes commas and
// colons by itself; what is begun must be ended by the caller. One core at a time, on the stack. No
// allocation but the growth of the output. Numbers that JSON doesn't have (NaN, Infinity) are a broken
// invariant: asserted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/base/zone.hpp"

namespace qtable::proto {

// Appends `text` as a JSON string with its quotes. Valid UTF-8 is kept byte for byte.
void append_json_string(std::string& out, std::string_view text);
void append_integer(std::string& out, std::int64_t value);

class json_writer {
  public:
    explicit json_writer(std::string& out) noexcept : out_(out) {}

    json_writer& begin_object() { return open('{'); }
    json_writer& end_object() { return close('}'); }
    json_writer& begin_array() { return open('['); }
    json_writer& end_array() { return close(']'); }
    // A name of the contract: needs no escapes.
    json_writer& key(std::string_view name);

    json_writer& text(std::string_view value);
    json_writer& integer(std::int64_t value);
    json_writer& boolean(bool value);
    json_writer& null();
    json_writer& number(double value);     // the shortest form that reads back as the same value
    json_writer& decimals3(double value);  // rounded to three decimals, as distances are
    json_writer& id(const uuid& value);
    json_writer& day(date value);
    json_writer& wall_time(int minute);  // modulo a day
    json_writer& utc(instant value);
    json_writer& local(instant value, int offset_s);
    json_writer& local(instant value, const zone& where) { return local(value, where.offset_s_at(value)); }
    // null for what isn't there, or is empty.
    json_writer& text_or_null(std::string_view value) { return value.empty() ? null() : text(value); }
    template <class Id>
    json_writer& id_or_null(const std::optional<Id>& value) {
        return value ? id(*value) : null();
    }
    json_writer& utc_or_null(const std::optional<instant>& value) { return value ? utc(*value) : null(); }
    // JSON that is already written: one value, or with `members` one or more members.
    json_writer& raw(std::string_view json);
    json_writer& members(std::string_view json) { return raw(json); }

    // For a value that another writer appends to the same output: after a key or in an array.
    std::string& begin_value() {
        before_value();
        return out_;
    }

  private:
    json_writer& open(char bracket);
    json_writer& close(char bracket);
    void before_value() {
        if (comma_) out_ += ',';
        comma_ = true;
    }

    std::string& out_;
    bool comma_ = false;  // whether the next value or key needs one
};

}  // namespace qtable::proto
