// Rows of a CSV text (RFC 4180): fields by commas, rows by LF or CRLF, quotes around fields, "" for a quote.
// Line ends may stand inside quotes. Empty lines are passed over. Any thread, one at a time; the text must
// outlive it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qtable::tools {

struct csv_row {
    std::size_t line = 0;  // where it begins, from 1
    std::vector<std::string> fields;
};

class csv_rows {
  public:
    explicit csv_rows(std::string_view text) : text_(text) {}

    // nullopt at the end, or when the text is broken here: then `error` says how, at `line` and `offset`.
    std::optional<csv_row> next();

    const std::string& error() const noexcept { return error_; }
    std::size_t line() const noexcept { return line_; }
    std::size_t offset() const noexcept { return at_; }

  private:
    bool at_end() const noexcept { return at_ >= text_.size(); }
    std::size_t line_end_length() const noexcept;
    bool read_field(std::string& field);
    bool read_quoted(std::string& field);

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::string error_;
};

}  // namespace qtable::tools
