// Makes a source's free text fit a profile: control characters out, blanks collapsed, lengths held, and phone
// numbers and web addresses checked. One cleaner per record: it writes down what it changed or dropped into
// the import's problems. Bounds: the text limits of core/base/limits.hpp. Any thread, one at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tools/qtable/import/records.hpp"

namespace qtable::tools {

// Control characters and marks that turn the writing direction become blanks; blanks are collapsed and
// trimmed.
std::string without_controls(std::string_view text);

// At most `code_points` of valid UTF-8.
std::string_view cut_to(std::string_view text, std::size_t code_points) noexcept;

class field_cleaner {
  public:
    field_cleaner(std::vector<import_problem>& problems, std::size_t line)
        : problems_(problems), line_(line) {}

    void set_name(std::string_view name) { name_ = name; }

    std::string text(std::string_view field, std::string_view value, std::size_t code_points_max);
    // The first of a list ("a;b"); digits, blanks and "+-()/." only.
    std::string phone(std::string_view field, std::string_view value);
    // An http or https address with a host and no user in it; "www.…" gets its scheme.
    std::string website(std::string_view field, std::string_view value);
    // "Sushi; Fish_and_chips" → "sushi;fish_and_chips", each once.
    std::string cuisine(std::string_view field, std::string_view value);
    // Empty when it is none of "$" … "$$$$".
    std::string price_range(std::string_view field, std::string_view value);

    void report(import_problem_kind kind, std::string_view field, std::string_view value, std::string what);

  private:
    std::vector<import_problem>& problems_;
    std::size_t line_;
    std::string name_;
};

// "restaurant:" and a hash of name and position rounded to about 11 m: the identity of a record that brings
// none.
std::string ref_from_name_and_position(std::string_view name, double latitude, double longitude);

// Different records of one source never share a `source_ref`: from the second on, those of a shared one get
// the hash of name and position behind it, and exact repetitions are skipped as problems.
void make_refs_unique(import_result& result);

bool is_position(double latitude, double longitude) noexcept;

}  // namespace qtable::tools
