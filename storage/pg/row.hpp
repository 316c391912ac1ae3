// Rows that a statement gave back in binary format, and reading them as C++ values.
//
//   for (const row r : result) use(r.get<restaurant_id>(0), r.get<std::optional<instant>>(1),
//   r.get<std::vector<uuid>>(2));
//
// Any core, not thread-safe. `rows` owns the memory: views (`std::string_view`, `byte_view`) live as long as
// it does. A type that doesn't fit its column, or a NULL where T is not optional, is a bug between SQL and
// code: it asserts. Integers may widen (int2 → int4 → int8), never narrow.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/base/assert.hpp"
#include "storage/pg/types.hpp"

struct pg_result;  // libpq's PGresult

namespace qtable::storage {

namespace detail {

// One array element, or a column: its type, and its bytes when it isn't NULL.
struct cell {
    oid type = 0;
    std::optional<std::string_view> bytes;
};

// Walks a binary 1-D array; asserts on more dimensions.
class array_reader {
  public:
    explicit array_reader(std::string_view bytes);
    std::int32_t size() const noexcept { return size_; }
    cell next();

  private:
    std::string_view rest_;
    std::int32_t size_ = 0;
    oid element_type_ = 0;
};

bool read(const cell& from, std::type_identity<bool>);
std::int16_t read(const cell& from, std::type_identity<std::int16_t>);
std::int32_t read(const cell& from, std::type_identity<std::int32_t>);
std::int64_t read(const cell& from, std::type_identity<std::int64_t>);
double read(const cell& from, std::type_identity<double>);
std::string_view read(const cell& from, std::type_identity<std::string_view>);
std::string read(const cell& from, std::type_identity<std::string>);
uuid read(const cell& from, std::type_identity<uuid>);
date read(const cell& from, std::type_identity<date>);
instant read(const cell& from, std::type_identity<instant>);
byte_view read(const cell& from, std::type_identity<byte_view>);
time_range read(const cell& from, std::type_identity<time_range>);

template <class Tag>
id<Tag> read(const cell& from, std::type_identity<id<Tag>>) {
    return id<Tag>(read(from, std::type_identity<uuid>{}));
}
template <class T>
std::optional<T> read(const cell& from, std::type_identity<std::optional<T>>) {
    if (!from.bytes) return std::nullopt;
    return read(from, std::type_identity<T>{});
}
template <class T>
std::vector<T> read(const cell& from, std::type_identity<std::vector<T>>) {
    QTABLE_ASSERT(from.bytes);
    array_reader reader(*from.bytes);
    std::vector<T> out;
    out.reserve(static_cast<std::size_t>(reader.size()));
    for (std::int32_t i = 0; i < reader.size(); ++i)
        out.push_back(read(reader.next(), std::type_identity<T>{}));
    return out;
}

}  // namespace detail

class row {
  public:
    row(const pg_result* from, int index) noexcept : from_(from), index_(index) {}
    // Of cells that somebody else keeps (storage/pg/copy_rows.hpp).
    explicit row(std::span<const detail::cell> cells) noexcept : cells_(cells) {}

    template <class T>
    T get(int column) const {
        return detail::read(at(column), std::type_identity<T>{});
    }
    bool is_null(int column) const noexcept;
    // The same row without its first columns.
    row after(int columns) const noexcept {
        row rest = *this;
        rest.first_ += columns;
        return rest;
    }
    // The bytes as they came: for results in text format (blocking_connection::exec).
    std::string_view raw(int column) const noexcept;

  private:
    detail::cell at(int column) const {
        if (from_ != nullptr) return of_result(column);
        const auto place = static_cast<std::size_t>(first_ + column);
        QTABLE_ASSERT(place < cells_.size());
        return cells_[place];
    }
    detail::cell of_result(int column) const;

    const pg_result* from_ = nullptr;
    int index_ = 0;
    int first_ = 0;  // counted from here
    std::span<const detail::cell> cells_;
};

// One statement's result. Empty when default-constructed.
class rows {
  public:
    rows() = default;
    explicit rows(pg_result* owned) noexcept : owned_(owned) {}
    rows(rows&& other) noexcept;
    rows& operator=(rows&& other) noexcept;
    rows(const rows&) = delete;
    rows& operator=(const rows&) = delete;
    ~rows();

    int size() const noexcept;
    bool empty() const noexcept { return size() == 0; }
    int columns() const noexcept;
    // -1 when there is none of that name.
    int column(const char* name) const noexcept;
    std::vector<oid> column_types() const;
    // Rows that an INSERT, UPDATE, DELETE, MERGE or SELECT touched.
    std::int64_t affected() const noexcept;
    row operator[](int index) const { return row(owned_, index); }

    class iterator {
      public:
        iterator(const pg_result* from, int index) noexcept : from_(from), index_(index) {}
        row operator*() const noexcept { return row(from_, index_); }
        iterator& operator++() noexcept {
            ++index_;
            return *this;
        }
        friend bool operator==(const iterator&, const iterator&) = default;

      private:
        const pg_result* from_;
        int index_;
    };
    iterator begin() const noexcept { return {owned_, 0}; }
    iterator end() const noexcept { return {owned_, size()}; }

  private:
    pg_result* owned_ = nullptr;
};

}  // namespace qtable::storage
