// Rows out of what `COPY … TO STDOUT (FORMAT binary)` sends, in whatever chunks it comes. Where very many
// rows are read, a COPY costs the client a tenth of what single rows cost as results: nothing is allocated
// per row. Owner: whoever reads the COPY; not thread-safe, no I/O. Bounds: the bytes of one row. Malformed
// bytes are an exception (std::runtime_error).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/pg/row.hpp"

namespace qtable::storage {

class copy_rows {
  public:
    // The bytes say nothing about types: they are those of the statement's columns.
    explicit copy_rows(const std::vector<oid>& types);

    // Calls `use` with each row that is complete by now; views into it live until `use` returns.
    void feed(std::string_view chunk, const std::function<void(const row&)>& use);
    // The end mark has come.
    bool is_complete() const noexcept { return at_ == place::end; }

  private:
    enum class place : std::uint8_t { header, rows, end };

    std::size_t parse(std::string_view bytes, const std::function<void(const row&)>& use);
    std::size_t parse_row(std::string_view bytes);

    std::vector<detail::cell> cells_;
    std::string incomplete_;  // the beginning of a row
    place at_ = place::header;
};

}  // namespace qtable::storage
