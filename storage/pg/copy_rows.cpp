#include "storage/pg/copy_rows.hpp"

#include <stdexcept>

namespace qtable::storage {

namespace {

constexpr std::string_view signature("PGCOPY\n\377\r\n\0", 11);
constexpr std::size_t flags_bytes = 4;
constexpr std::uint16_t end_mark = 0xffff;
constexpr std::uint32_t null_length = 0xffffffff;

template <class Unsigned>
bool take(std::string_view bytes, std::size_t& at, Unsigned& value) {
    if (bytes.size() - at < sizeof(Unsigned)) return false;
    value = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
        value = static_cast<Unsigned>(value << 8 | static_cast<std::uint8_t>(bytes[at + i]));
    at += sizeof(Unsigned);
    return true;
}

[[noreturn]] void refuse(const char* why) {
    throw std::runtime_error(std::string("the database sent a COPY that can't be read: ") + why);
}

// The bytes of the header; 0: not all of them are there yet.
std::size_t header_size(std::string_view bytes) {
    const std::string_view begin = bytes.substr(0, signature.size());
    if (begin != signature.substr(0, begin.size())) refuse("it doesn't begin like one in binary format");
    std::size_t at = signature.size() + flags_bytes;
    std::uint32_t extension = 0;
    if (bytes.size() < at || !take(bytes, at, extension)) return 0;
    return bytes.size() - at < extension ? 0 : at + extension;
}

}  // namespace

copy_rows::copy_rows(const std::vector<oid>& types) {
    for (const oid type : types) cells_.push_back({type, std::nullopt});
}

void copy_rows::feed(std::string_view chunk, const std::function<void(const row&)>& use) {
    // A chunk mostly is one whole row.
    if (incomplete_.empty()) {
        incomplete_.assign(chunk.substr(parse(chunk, use)));
    } else {
        incomplete_.append(chunk);
        incomplete_.erase(0, parse(incomplete_, use));
    }
}

// How many bytes are done with.
std::size_t copy_rows::parse(std::string_view bytes, const std::function<void(const row&)>& use) {
    std::size_t done = 0;
    if (at_ == place::header && !bytes.empty()) {
        done = header_size(bytes);
        if (done > 0) at_ = place::rows;
    }
    while (at_ == place::rows) {
        const std::size_t size = parse_row(bytes.substr(done));
        if (size == 0) return done;
        done += size;
        if (at_ == place::rows) use(row(cells_));
    }
    if (at_ == place::end && done < bytes.size()) refuse("it goes on after its end");
    return done;
}

// The bytes of the row, or of the end mark; 0: not all of them are there yet.
std::size_t copy_rows::parse_row(std::string_view bytes) {
    std::size_t at = 0;
    std::uint16_t columns = 0;
    if (!take(bytes, at, columns)) return 0;
    if (columns == end_mark) {
        at_ = place::end;
        return at;
    }
    if (columns != cells_.size()) refuse("it has another number of columns");
    for (detail::cell& each : cells_) {
        std::uint32_t length = 0;
        if (!take(bytes, at, length)) return 0;
        if (length == null_length) {
            each.bytes.reset();
            continue;
        }
        if (bytes.size() - at < length) return 0;
        each.bytes = bytes.substr(at, length);
        at += length;
    }
    return at;
}

}  // namespace qtable::storage
