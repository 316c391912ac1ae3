#include "storage/pg/row.hpp"

#include <libpq-fe.h>

#include <bit>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "storage/pg/wire_time.hpp"

namespace qtable::storage {

namespace detail {

namespace {

// The unsigned number of that many bytes in network order. A start decodes tens of millions of them.
template <std::size_t size>
std::uint64_t big_endian(std::string_view bytes, std::size_t at = 0) {
    QTABLE_ASSERT(bytes.size() >= at + size);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    return value;
}

std::int32_t int32_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(big_endian<4>(bytes, at)));
}

std::string_view fixed(const cell& from, std::size_t size) {
    QTABLE_ASSERT(from.bytes && from.bytes->size() == size);
    return *from.bytes;
}

}  // namespace

array_reader::array_reader(std::string_view bytes) : rest_(bytes) {
    const std::int32_t dimensions = int32_at(rest_, 0);
    QTABLE_ASSERT(dimensions == 0 || dimensions == 1);
    element_type_ = static_cast<oid>(int32_at(rest_, 8));
    if (dimensions == 1) {
        size_ = int32_at(rest_, 12);
        QTABLE_ASSERT(size_ >= 0 && rest_.size() >= 20 + 4 * static_cast<std::size_t>(size_));
        rest_.remove_prefix(20);
    }
}

cell array_reader::next() {
    const std::int32_t length = int32_at(rest_, 0);
    rest_.remove_prefix(4);
    if (length < 0) return {element_type_, std::nullopt};
    const auto size = static_cast<std::size_t>(length);
    QTABLE_ASSERT(rest_.size() >= size);
    const cell element{element_type_, rest_.substr(0, size)};
    rest_.remove_prefix(size);
    return element;
}

bool read(const cell& from, std::type_identity<bool>) {
    QTABLE_ASSERT(from.type == pg_type::boolean);
    return fixed(from, 1)[0] != '\0';
}

std::int16_t read(const cell& from, std::type_identity<std::int16_t>) {
    QTABLE_ASSERT(from.type == pg_type::int2);
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(big_endian<2>(fixed(from, 2))));
}

std::int32_t read(const cell& from, std::type_identity<std::int32_t>) {
    if (from.type == pg_type::int2) return read(from, std::type_identity<std::int16_t>{});
    QTABLE_ASSERT(from.type == pg_type::int4);
    return int32_at(fixed(from, 4), 0);
}

std::int64_t read(const cell& from, std::type_identity<std::int64_t>) {
    if (from.type != pg_type::int8) return read(from, std::type_identity<std::int32_t>{});
    return static_cast<std::int64_t>(big_endian<8>(fixed(from, 8)));
}

double read(const cell& from, std::type_identity<double>) {
    if (from.type == pg_type::float4) {
        return static_cast<double>(
            std::bit_cast<float>(static_cast<std::uint32_t>(big_endian<4>(fixed(from, 4)))));
    }
    QTABLE_ASSERT(from.type == pg_type::float8);
    return std::bit_cast<double>(big_endian<8>(fixed(from, 8)));
}

std::string_view read(const cell& from, std::type_identity<std::string_view>) {
    QTABLE_ASSERT(from.bytes);
    switch (from.type) {
        case pg_type::text:
        case pg_type::varchar:
        case pg_type::bpchar:
        case pg_type::name:
        case pg_type::char_:
        case pg_type::json:
        case pg_type::unknown:
            return *from.bytes;
        case pg_type::jsonb:
            QTABLE_ASSERT(from.bytes->starts_with('\1'));
            return from.bytes->substr(1);
        default:
            QTABLE_ASSERT(false && "the column is text");
    }
}

std::string read(const cell& from, std::type_identity<std::string>) {
    return std::string(read(from, std::type_identity<std::string_view>{}));
}

uuid read(const cell& from, std::type_identity<uuid>) {
    QTABLE_ASSERT(from.type == pg_type::uuid);
    const std::string_view bytes = fixed(from, 16);
    uuid value;
    std::memcpy(value.bytes.data(), bytes.data(), value.bytes.size());
    return value;
}

date read(const cell& from, std::type_identity<date>) {
    QTABLE_ASSERT(from.type == pg_type::date);
    return {int32_at(fixed(from, 4), 0) + pg_epoch_days};
}

instant read(const cell& from, std::type_identity<instant>) {
    QTABLE_ASSERT(from.type == pg_type::timestamptz);
    return from_pg_microseconds(static_cast<std::int64_t>(big_endian<8>(fixed(from, 8))));
}

byte_view read(const cell& from, std::type_identity<byte_view>) {
    QTABLE_ASSERT(from.type == pg_type::bytea && from.bytes);
    return {reinterpret_cast<const std::uint8_t*>(from.bytes->data()), from.bytes->size()};
}

time_range read(const cell& from, std::type_identity<time_range>) {
    QTABLE_ASSERT(from.type == pg_type::tstzrange && from.bytes && !from.bytes->empty());
    const std::string_view bytes = *from.bytes;
    if (bytes[0] & range_empty) return {};
    // All our ranges are [from, until) with both ends.
    QTABLE_ASSERT(bytes[0] == range_lower_inclusive && !(bytes[0] & (range_no_lower | range_no_upper)));
    QTABLE_ASSERT(bytes.size() == 1 + 2 * (4 + 8));
    const auto bound = [&](std::size_t at) {
        return from_pg_microseconds(static_cast<std::int64_t>(big_endian<8>(bytes, at)));
    };
    return {bound(5), bound(17)};
}

}  // namespace detail

bool row::is_null(int column) const noexcept {
    if (from_ == nullptr) return !at(column).bytes;
    return PQgetisnull(from_, index_, first_ + column) != 0;
}

std::string_view row::raw(int column) const noexcept {
    if (from_ == nullptr) return at(column).bytes.value_or(std::string_view());
    const int place = first_ + column;
    return {PQgetvalue(from_, index_, place), static_cast<std::size_t>(PQgetlength(from_, index_, place))};
}

detail::cell row::of_result(int column) const {
    const int place = first_ + column;
    QTABLE_ASSERT(index_ < PQntuples(from_) && place < PQnfields(from_));
    QTABLE_ASSERT(PQfformat(from_, place) == 1);
    const oid type = PQftype(from_, place);
    if (is_null(column)) return {type, std::nullopt};
    return {type, raw(column)};
}

rows::rows(rows&& other) noexcept : owned_(std::exchange(other.owned_, nullptr)) {}

rows& rows::operator=(rows&& other) noexcept {
    std::swap(owned_, other.owned_);
    return *this;
}

rows::~rows() {
    PQclear(owned_);
}

int rows::size() const noexcept {
    return PQntuples(owned_);
}

int rows::columns() const noexcept {
    return PQnfields(owned_);
}

int rows::column(const char* name) const noexcept {
    return owned_ == nullptr ? -1 : PQfnumber(owned_, name);
}

std::vector<oid> rows::column_types() const {
    std::vector<oid> types;
    for (int i = 0; i < columns(); ++i) types.push_back(PQftype(owned_, i));
    return types;
}

std::int64_t rows::affected() const noexcept {
    if (owned_ == nullptr) return 0;
    return std::strtoll(PQcmdTuples(const_cast<pg_result*>(owned_)), nullptr, 10);
}

}  // namespace qtable::storage
