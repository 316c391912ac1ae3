#include "proto/json_reader.hpp"

#include <charconv>

#include "core/base/assert.hpp"

namespace qtable::proto {

namespace {

template <class T>
field<T> to_field(std::optional<T> value) {
    return value ? field<T>(std::move(*value)) : field<T>();
}

std::string number_text(double value) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return {digits, end};
}

std::nullopt_t report(input_errors& errors, const json_path& where, std::string_view detail) {
    errors.add(where, detail);
    return std::nullopt;
}

}  // namespace

std::optional<std::string_view> read_text(const json_value& value, const text_rule& rule,
                                          input_errors& errors, const json_path& where) {
    if (value.kind != json_kind::string) return report(errors, where, "must be a string");
    if (const std::string wrong = text_error(value.text, rule); !wrong.empty())
        return report(errors, where, wrong);
    return value.text;
}

std::optional<std::int64_t> read_integer(const json_value& value, integer_range range, input_errors& errors,
                                         const json_path& where) {
    std::int64_t number = 0;
    const char* const end = value.text.data() + value.text.size();
    const auto read = std::from_chars(value.text.data(), end, number);
    const bool is_integral = value.kind == json_kind::number && read.ptr == end;
    if (!is_integral) return report(errors, where, "must be an integer");
    if (read.ec != std::errc{} || number < range.min || number > range.max) {
        return report(errors, where,
                      "must be from " + std::to_string(range.min) + " to " + std::to_string(range.max));
    }
    return number;
}

std::optional<double> read_number(const json_value& value, number_range range, input_errors& errors,
                                  const json_path& where) {
    if (value.kind != json_kind::number) return report(errors, where, "must be a number");
    double number = 0;
    const auto read = std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
    if (read.ec != std::errc{} || !(number >= range.min && number <= range.max)) {
        return report(errors, where,
                      "must be from " + number_text(range.min) + " to " + number_text(range.max));
    }
    return number == 0 ? 0.0 : number;  // no negative zero
}

std::optional<date> read_date(const json_value& value, input_errors& errors, const json_path& where) {
    const auto day = value.kind == json_kind::string ? parse_date(value.text) : std::nullopt;
    if (!day) return report(errors, where, "must be a date as YYYY-MM-DD");
    return day;
}

std::optional<int> read_time_of_day(const json_value& value, input_errors& errors, const json_path& where) {
    const auto minute = value.kind == json_kind::string ? parse_time_of_day(value.text) : std::nullopt;
    if (!minute) return report(errors, where, "must be a time as HH:MM");
    return minute;
}

object_reader::object_reader(const json_value& value, input_errors& errors, const json_path& here)
    : errors_(errors), here_(here) {
    if (value.kind == json_kind::object) {
        object_ = &value;
    } else {
        errors_.add(here_, "must be an object");
    }
}

const json_value* object_reader::take(std::string_view name, presence must, bool& is_null) {
    is_null = false;
    if (object_ == nullptr) return nullptr;
    const json_value* value = object_->find(name);
    if (value == nullptr) {
        if (must == presence::required) error(name, "is required");
        return nullptr;
    }
    value->was_read = true;
    if (value->kind != json_kind::null) return value;
    is_null = must == presence::nullable;
    if (!is_null) error(name, "must not be null");
    return nullptr;
}

field<std::string_view> object_reader::text(std::string_view name, const text_rule& rule, presence must) {
    bool is_null = false;
    const json_value* value = take(name, must, is_null);
    if (value == nullptr) return is_null ? field<std::string_view>::null() : field<std::string_view>();
    return to_field(read_text(*value, rule, errors_, here_.member(name)));
}

field<std::int64_t> object_reader::integer(std::string_view name, integer_range range, presence must) {
    bool is_null = false;
    const json_value* value = take(name, must, is_null);
    if (value == nullptr) return is_null ? field<std::int64_t>::null() : field<std::int64_t>();
    return to_field(read_integer(*value, range, errors_, here_.member(name)));
}

field<double> object_reader::number(std::string_view name, number_range range, presence must) {
    bool is_null = false;
    const json_value* value = take(name, must, is_null);
    if (value == nullptr) return is_null ? field<double>::null() : field<double>();
    return to_field(read_number(*value, range, errors_, here_.member(name)));
}

field<bool> object_reader::boolean(std::string_view name, presence must) {
    bool is_null = false;
    const json_value* value = take(name, must, is_null);
    if (value == nullptr) return is_null ? field<bool>::null() : field<bool>();
    if (value->kind == json_kind::boolean) return field<bool>(value->boolean);
    error(name, "must be true or false");
    return {};
}

field<date> object_reader::calendar_date(std::string_view name, presence must) {
    bool is_null = false;
    const json_value* value = take(name, must, is_null);
    if (value == nullptr) return is_null ? field<date>::null() : field<date>();
    return to_field(read_date(*value, errors_, here_.member(name)));
}

field<int> object_reader::time_of_day(std::string_view name, presence must) {
    bool is_null = false;
    const json_value* value = take(name, must, is_null);
    if (value == nullptr) return is_null ? field<int>::null() : field<int>();
    return to_field(read_time_of_day(*value, errors_, here_.member(name)));
}

field<uuid> object_reader::any_uuid(std::string_view name, presence must) {
    bool is_null = false;
    const json_value* value = take(name, must, is_null);
    if (value == nullptr) return is_null ? field<uuid>::null() : field<uuid>();
    if (value->kind == json_kind::string) return field<uuid>(parse_uuid(value->text).value_or(uuid{}));
    error(name, "must be an id");
    return {};
}

const json_value* object_reader::array(std::string_view name, std::size_t min_size, std::size_t max_size,
                                       presence must) {
    bool is_null = false;
    const json_value* value = take(name, must, is_null);
    if (value == nullptr) return nullptr;
    if (value->kind != json_kind::array) {
        error(name, "must be an array");
        return nullptr;
    }
    if (value->size < min_size || value->size > max_size) {
        error(name,
              "must have " + std::to_string(min_size) + " to " + std::to_string(max_size) + " elements");
        return nullptr;
    }
    return value;
}

const json_value* object_reader::object(std::string_view name, presence must) {
    bool is_null = false;
    const json_value* value = take(name, must, is_null);
    if (value == nullptr || value->kind == json_kind::object) return value;
    error(name, "must be an object");
    return nullptr;
}

void object_reader::finish() {
    if (object_ == nullptr) return;
    for (const json_value* member = object_->first; member != nullptr; member = member->next) {
        if (!member->was_read) error(member->key, "is not a member of this request");
    }
}

}  // namespace qtable::proto
