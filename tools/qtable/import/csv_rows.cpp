#include "tools/qtable/import/csv_rows.hpp"

#include <utility>

namespace qtable::tools {

// 0 = no line ends here.
std::size_t csv_rows::line_end_length() const noexcept {
    const std::string_view rest = text_.substr(at_);
    return rest.starts_with("\r\n") ? 2 : rest.starts_with('\n') ? 1 : 0;
}

std::optional<csv_row> csv_rows::next() {
    while (line_end_length() > 0) {
        at_ += line_end_length();
        ++line_;
    }
    if (at_end() || !error_.empty()) return std::nullopt;
    csv_row row{line_, {}};
    while (true) {
        std::string field;
        if (!read_field(field)) return std::nullopt;
        row.fields.push_back(std::move(field));
        if (at_end()) return row;
        if (const std::size_t length = line_end_length(); length > 0) {
            at_ += length;
            ++line_;
            return row;
        }
        ++at_;  // the comma
    }
}

bool csv_rows::read_field(std::string& field) {
    if (!at_end() && text_[at_] == '"') return read_quoted(field);
    while (!at_end() && text_[at_] != ',' && line_end_length() == 0) {
        if (text_[at_] == '"') {
            error_ = "a quote inside a field that does not begin with one";
            return false;
        }
        field += text_[at_++];
    }
    return true;
}

bool csv_rows::read_quoted(std::string& field) {
    const std::size_t begin = at_++;
    const std::size_t begin_line = line_;
    while (!at_end()) {
        const char c = text_[at_++];
        if (c == '"') {
            if (at_end() || text_[at_] == ',' || line_end_length() > 0) return true;
            if (text_[at_] != '"') {
                error_ = "text after a closing quote";
                return false;
            }
            ++at_;
        }
        if (c == '\n') ++line_;
        field += c;
    }
    at_ = begin;
    line_ = begin_line;
    error_ = "a quote that is never closed";
    return false;
}

}  // namespace qtable::tools
