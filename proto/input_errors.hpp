// What is wrong with a request's input: one code and, for `invalid_input`, where and why. Collected, not
// thrown: a body is read to its end so that a client learns of all its mistakes at once. Plain values, any
// core. Bounds: at most `limits::input_errors_max` places are kept, each pointer at most
// `limits::error_pointer_bytes` long. Allocates only when there is something to say.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"

namespace qtable::proto {

// `pointer` is an RFC 6901 pointer into the body ("/slots/3/date"; "" is the body itself), or the name of a
// query parameter.
struct field_error {
    std::string pointer;
    std::string detail;
    friend bool operator==(const field_error&, const field_error&) = default;
};

// A place in a body as a chain that lives on the stack; text is made of it only when there is an error to
// report.
struct json_path {
    const json_path* parent = nullptr;
    std::string_view key;   // of an object's member; data() == nullptr in an array
    std::size_t index = 0;  // of an array's element

    json_path member(std::string_view name) const noexcept { return {this, name, 0}; }
    json_path element(std::size_t at) const noexcept { return {this, {}, at}; }
    std::string pointer() const;
};

struct input_errors {
    errc code = errc::ok;
    std::vector<field_error> errors;

    bool none() const noexcept { return code == errc::ok; }
    void fail(errc why) { code = why; }  // the body as a whole: malformed_json, duplicate_key, empty_body
    // Both make `code` invalid_input when it was ok.
    void add(const json_path& where, std::string_view detail);
    void add(std::string pointer, std::string_view detail);
};

// What the parse functions return: the body as a plain struct that owns its texts, or what is wrong with it.
template <class T>
using parsed = boost::system::result<T, input_errors>;

// For boost::system::result: nobody may take a value that isn't there.
[[noreturn]] void throw_exception_from_error(const input_errors&, const boost::source_location&);

}  // namespace qtable::proto
