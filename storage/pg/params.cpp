#include "storage/pg/params.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "storage/pg/wire_time.hpp"

namespace qtable::storage {

namespace detail {

namespace {

template <class Unsigned>
std::array<char, sizeof(Unsigned)> big_endian(Unsigned value) noexcept {
    static_assert(std::endian::native == std::endian::little);
    if constexpr (sizeof(Unsigned) == 2) value = __builtin_bswap16(value);
    if constexpr (sizeof(Unsigned) == 4) value = __builtin_bswap32(value);
    if constexpr (sizeof(Unsigned) == 8) value = __builtin_bswap64(value);
    return std::bit_cast<std::array<char, sizeof(Unsigned)>>(value);
}

template <class Unsigned>
void append_big_endian(std::string& out, Unsigned value) {
    const auto bytes = big_endian(value);
    out.append(bytes.data(), bytes.size());
}

// Over four bytes that are there already.
void put_int32(std::string& out, std::size_t at, std::int32_t value) {
    const auto bytes = big_endian(static_cast<std::uint32_t>(value));
    std::memcpy(out.data() + at, bytes.data(), bytes.size());
}

}  // namespace

void append_int16(std::string& out, std::int16_t value) {
    append_big_endian(out, static_cast<std::uint16_t>(value));
}
void append_int32(std::string& out, std::int32_t value) {
    append_big_endian(out, static_cast<std::uint32_t>(value));
}
void append_int64(std::string& out, std::int64_t value) {
    append_big_endian(out, static_cast<std::uint64_t>(value));
}

void wire_type<bool>::write(std::string& out, bool value) {
    out.push_back(value ? '\1' : '\0');
}
void wire_type<std::int16_t>::write(std::string& out, std::int16_t value) {
    append_int16(out, value);
}
void wire_type<std::int32_t>::write(std::string& out, std::int32_t value) {
    append_int32(out, value);
}
void wire_type<std::int64_t>::write(std::string& out, std::int64_t value) {
    append_int64(out, value);
}
void wire_type<double>::write(std::string& out, double value) {
    append_big_endian(out, std::bit_cast<std::uint64_t>(value));
}
void wire_type<std::string_view>::write(std::string& out, std::string_view value) {
    out.append(value);
}
void wire_type<uuid>::write(std::string& out, uuid value) {
    std::array<char, sizeof value.bytes> bytes;
    std::memcpy(bytes.data(), value.bytes.data(), bytes.size());
    out.append(bytes.data(), bytes.size());
}
void wire_type<date>::write(std::string& out, date value) {
    append_int32(out, value.days - pg_epoch_days);
}
void wire_type<instant>::write(std::string& out, instant value) {
    append_int64(out, pg_microseconds(value));
}
void wire_type<byte_view>::write(std::string& out, byte_view value) {
    const std::size_t at = out.size();
    out.resize(at + value.size());
    if (!value.empty()) std::memcpy(out.data() + at, value.data(), value.size());
}
void wire_type<json_text>::write(std::string& out, json_text value) {
    out.append(value.text);
}
void wire_type<jsonb_text>::write(std::string& out, jsonb_text value) {
    out.push_back('\1');  // the version of jsonb's binary format
    out.append(value.text);
}
void wire_type<time_range>::write(std::string& out, time_range value) {
    QTABLE_ASSERT(value.from <= value.until);
    if (value.from == value.until) {
        out.push_back(range_empty);
        return;
    }
    out.push_back(range_lower_inclusive);
    for (const instant bound : {value.from, value.until}) {
        append_int32(out, 8);
        append_int64(out, pg_microseconds(bound));
    }
}

}  // namespace detail

params& params::add_null(oid type) {
    slots_.push_back({type, true, bytes_.size(), bytes_.size()});
    return *this;
}

void params::clear() noexcept {
    bytes_.clear();
    slots_.clear();
}

std::string_view params::value(int index) const noexcept {
    const slot& of = slots_[static_cast<std::size_t>(index)];
    return std::string_view(bytes_).substr(of.from, of.until - of.from);
}

void params::fill(view& out) const {
    out.types.clear();
    out.values.clear();
    out.lengths.clear();
    out.formats.assign(slots_.size(), 1);
    for (const slot& of : slots_) {
        QTABLE_ASSERT(of.until - of.from <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
        out.types.push_back(of.type);
        out.values.push_back(of.null ? nullptr : bytes_.data() + of.from);
        out.lengths.push_back(static_cast<int>(of.until - of.from));
    }
}

void params::open(oid type) {
    slots_.push_back({type, false, bytes_.size(), bytes_.size()});
}

void params::close() {
    slots_.back().until = bytes_.size();
}

// Array: dimensions, has-nulls flag, element type, then per dimension its length and lower bound, then the
// elements. What is known only at the end is written over the zeros of here by close_array.
void params::open_array(oid array_type, oid element_type) {
    open(array_type);
    detail::append_int32(bytes_, 0);
    detail::append_int32(bytes_, 0);
    detail::append_int32(bytes_, static_cast<std::int32_t>(element_type));
    detail::append_int32(bytes_, 0);
    detail::append_int32(bytes_, 1);
    elements_ = 0;
    any_null_ = false;
}

void params::open_element() {
    element_at_ = bytes_.size();
    detail::append_int32(bytes_, 0);
    ++elements_;
}

void params::close_element(bool null) {
    any_null_ = any_null_ || null;
    const std::size_t length = bytes_.size() - element_at_ - 4;
    detail::put_int32(bytes_, element_at_, null ? -1 : static_cast<std::int32_t>(length));
}

void params::close_array() {
    const std::size_t at = slots_.back().from;
    if (elements_ == 0) {
        bytes_.resize(at + 12);  // an empty array has no dimension
    } else {
        detail::put_int32(bytes_, at, 1);
        detail::put_int32(bytes_, at + 4, any_null_ ? 1 : 0);
        detail::put_int32(bytes_, at + 12, elements_);
    }
    close();
}

}  // namespace qtable::storage
