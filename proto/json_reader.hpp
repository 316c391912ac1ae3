// Reads the members of one JSON object by name, type and range, and reports whatever doesn't fit: wrong type,
// out of range, missing, null where null says nothing, and (by `finish`) members that nobody asked for. One
// core at a time, on the stack of the one parsing. Holds references: the document, the errors and the path of
// the parent outlive it. Texts come back as views into the document.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "proto/json_document.hpp"
#include "proto/text_rules.hpp"

namespace qtable::proto {

// What a PATCH distinguishes: the member is absent, null, or a value. A member in error reads as absent.
template <class T>
class field {
  public:
    field() = default;
    explicit field(T value) : value_(std::move(value)), present_(true) {}
    static field null() {
        field made;
        made.present_ = true;
        return made;
    }

    bool is_absent() const noexcept { return !present_; }
    bool is_null() const noexcept { return present_ && !value_; }
    bool has_value() const noexcept { return value_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }
    const T& operator*() const noexcept { return *value_; }
    const T* operator->() const noexcept { return &*value_; }
    T value_or(T otherwise) const { return value_ ? *value_ : std::move(otherwise); }
    const std::optional<T>& optional() const noexcept { return value_; }

  private:
    std::optional<T> value_;
    bool present_ = false;
};

// Whether a member may be missing, and whether it may be null.
enum class presence { required, optional, nullable };

struct integer_range {
    std::int64_t min = 0;
    std::int64_t max = 0;
};

struct number_range {
    double min = 0;
    double max = 0;
};

class object_reader {
  public:
    // Reports it when `value` is no object; every member is absent then.
    object_reader(const json_value& value, input_errors& errors)
        : object_reader(value, errors, json_path{}) {}
    object_reader(const json_value& value, input_errors& errors, const json_path& here);

    bool is_object() const noexcept { return object_ != nullptr; }
    bool has(std::string_view name) const noexcept {
        return object_ != nullptr && object_->find(name) != nullptr;
    }
    const json_path& path() const noexcept { return here_; }

    field<std::string_view> text(std::string_view name, const text_rule& rule,
                                 presence must = presence::required);
    field<std::int64_t> integer(std::string_view name, integer_range range,
                                presence must = presence::required);
    field<double> number(std::string_view name, number_range range, presence must = presence::required);
    field<bool> boolean(std::string_view name, presence must = presence::required);
    field<date> calendar_date(std::string_view name, presence must = presence::required);
    // The minute of the day.
    field<int> time_of_day(std::string_view name, presence must = presence::required);
    // A text that is no UUID names nothing, as an unknown id does, and gets the same 404: it reads as the nil
    // id.
    template <class Id>
    field<Id> identifier(std::string_view name, presence must = presence::required) {
        const field<uuid> value = any_uuid(name, must);
        if (value) return field<Id>(Id(*value));
        return value.is_null() ? field<Id>::null() : field<Id>();
    }
    // The value of the right kind, nullptr when absent, null or reported.
    const json_value* array(std::string_view name, std::size_t min_size, std::size_t max_size,
                            presence must = presence::required);
    const json_value* object(std::string_view name, presence must = presence::required);

    input_errors& errors() const noexcept { return errors_; }  // for the elements of arrays
    void error(std::string_view name, std::string_view detail) { errors_.add(here_.member(name), detail); }
    // Reports every member that was not asked for. Call it last.
    void finish();

  private:
    // nullptr when there is no value to look at; `state` says what the caller then returns.
    const json_value* take(std::string_view name, presence must, bool& is_null);
    field<uuid> any_uuid(std::string_view name, presence must);

    const json_value* object_ = nullptr;
    input_errors& errors_;
    json_path here_;
};

// One value, of a member or an array's element; nullopt when it was reported.
std::optional<std::string_view> read_text(const json_value&, const text_rule&, input_errors&,
                                          const json_path&);
std::optional<std::int64_t> read_integer(const json_value&, integer_range, input_errors&, const json_path&);
std::optional<double> read_number(const json_value&, number_range, input_errors&, const json_path&);
std::optional<date> read_date(const json_value&, input_errors&, const json_path&);
std::optional<int> read_time_of_day(const json_value&, input_errors&, const json_path&);

}  // namespace qtable::proto
