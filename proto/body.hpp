// How every parse function begins and ends: text → document → object, members read, unknown ones reported,
// and the plain struct or its errors handed out. One core at a time.
#pragma once

#include <string_view>
#include <utility>

#include "proto/json_reader.hpp"

namespace qtable::proto {

// `read(object_reader&, T&)` fills `into` with what it finds; errors are collected by the reader.
template <class T, class Read>
parsed<T> parse_body(std::string_view body, json_scratch& scratch, T into, Read&& read) {
    input_errors errors;
    if (const json_value* root = parse_json(body, scratch, errors)) {
        object_reader in(*root, errors);
        read(in, into);
        in.finish();
    }
    if (!errors.none()) return errors;
    return into;
}

template <class T, class Read>
parsed<T> parse_body(std::string_view body, json_scratch& scratch, Read&& read) {
    return parse_body(body, scratch, T{}, std::forward<Read>(read));
}

// Texts: null reads as "none", which is the empty text.
inline void set(std::string& to, const field<std::string_view>& from) {
    if (from) to = *from;
    if (from.is_null()) to.clear();
}

inline void set(int& to, const field<std::int64_t>& from) {
    if (from) to = static_cast<int>(*from);
}

inline std::optional<int> to_int(const field<std::int64_t>& from) {
    return from ? std::optional<int>(static_cast<int>(*from)) : std::nullopt;
}

}  // namespace qtable::proto
