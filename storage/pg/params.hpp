// The parameters of one statement in PostgreSQL's binary format (network byte order), gathered in one buffer.
//
//   params p;
//   p.add(restaurant).add(party_size).add(std::optional<instant>{}).add_array(rows, [](const auto& r) {
//   return r.id; });
//
// Any core, not thread-safe. The C++ type decides the PostgreSQL type: bool, int16/32/64 → int2/4/8, double →
// float8, text, uuid and ids, date, instant → timestamptz, byte_view → bytea, json_text, jsonb_text,
// time_range → tstzrange; std::optional<T> → NULL when empty. `clear()` keeps the memory. Bounds: PostgreSQL
// takes at most 65,535 parameters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/base/assert.hpp"
#include "storage/pg/types.hpp"

namespace qtable::storage {

namespace detail {

void append_int16(std::string& out, std::int16_t value);
void append_int32(std::string& out, std::int32_t value);
void append_int64(std::string& out, std::int64_t value);

// How a C++ type goes over the wire: its OID, the OID of its array, and its bytes without the length.
template <class T>
struct wire_type;

#define QTABLE_WIRE_TYPE(cpp_type, pg_name)                    \
    template <>                                                \
    struct wire_type<cpp_type> {                               \
        static constexpr oid type = pg_type::pg_name;          \
        static constexpr oid array = pg_type::pg_name##_array; \
        static void write(std::string& out, cpp_type value);   \
    }
QTABLE_WIRE_TYPE(bool, boolean);
QTABLE_WIRE_TYPE(std::int16_t, int2);
QTABLE_WIRE_TYPE(std::int32_t, int4);
QTABLE_WIRE_TYPE(std::int64_t, int8);
QTABLE_WIRE_TYPE(double, float8);
QTABLE_WIRE_TYPE(std::string_view, text);
QTABLE_WIRE_TYPE(uuid, uuid);
QTABLE_WIRE_TYPE(qtable::date, date);
QTABLE_WIRE_TYPE(instant, timestamptz);
QTABLE_WIRE_TYPE(byte_view, bytea);
QTABLE_WIRE_TYPE(json_text, json);
QTABLE_WIRE_TYPE(jsonb_text, jsonb);
QTABLE_WIRE_TYPE(time_range, tstzrange);
#undef QTABLE_WIRE_TYPE

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {
    using value_type = T;
};

// The type that stands for T on the wire: ids are uuids, strings and literals are string_views, and only
// exact integer types are taken, so that no argument changes its PostgreSQL type by a silent conversion.
template <class T>
auto wire_of() {
    using plain = std::remove_cvref_t<T>;
    if constexpr (std::is_base_of_v<uuid, plain>) {
        return std::type_identity<uuid>{};
    } else if constexpr (std::is_convertible_v<const plain&, std::string_view>) {
        return std::type_identity<std::string_view>{};
    } else {
        return std::type_identity<plain>{};
    }
}
template <class T>
using wire_t = typename decltype(wire_of<T>())::type;

}  // namespace detail

class params {
  public:
    template <class T>
    params& add(const T& value) {
        if constexpr (detail::is_optional<T>::value) {
            using inner = typename detail::is_optional<T>::value_type;
            return value ? add(*value) : add_null(detail::wire_type<detail::wire_t<inner>>::type);
        } else {
            using wire = detail::wire_type<detail::wire_t<T>>;
            open(wire::type);
            wire::write(bytes_, value);
            close();
            return *this;
        }
    }

    params& add_null(oid type);

    // A 1-D array with one element per item of `items`: what `projection` makes of it; std::optional gives
    // NULL elements.
    template <class Range, class Projection = std::identity>
    params& add_array(const Range& items, Projection projection = {}) {
        using made = std::remove_cvref_t<std::invoke_result_t<Projection&, decltype(*std::begin(items))>>;
        if constexpr (detail::is_optional<made>::value) {
            using wire = detail::wire_type<detail::wire_t<typename detail::is_optional<made>::value_type>>;
            open_array(wire::array, wire::type);
            for (const auto& item : items) {
                const auto& element = std::invoke(projection, item);
                open_element();
                if (element) wire::write(bytes_, *element);
                close_element(!element);
            }
        } else {
            using wire = detail::wire_type<detail::wire_t<made>>;
            open_array(wire::array, wire::type);
            for (const auto& item : items) {
                open_element();
                wire::write(bytes_, std::invoke(projection, item));
                close_element(false);
            }
        }
        close_array();
        return *this;
    }

    void clear() noexcept;
    int count() const noexcept { return static_cast<int>(slots_.size()); }
    std::size_t bytes() const noexcept { return bytes_.size(); }

    oid type(int index) const noexcept { return slots_[static_cast<std::size_t>(index)].type; }
    bool is_null(int index) const noexcept { return slots_[static_cast<std::size_t>(index)].null; }
    std::string_view value(int index) const noexcept;

    // The arrays that libpq wants, over this object's memory.
    struct view {
        std::vector<oid> types;
        std::vector<const char*> values;
        std::vector<int> lengths;
        std::vector<int> formats;
    };
    void fill(view& out) const;

  private:
    struct slot {
        oid type = 0;
        bool null = false;
        std::size_t from = 0, until = 0;
    };

    void open(oid type);
    void close();
    void open_array(oid array_type, oid element_type);
    void open_element();
    void close_element(bool null);
    void close_array();

    std::string bytes_;
    std::vector<slot> slots_;
    std::size_t element_at_ = 0;
    std::int32_t elements_ = 0;
    bool any_null_ = false;
};

}  // namespace qtable::storage
