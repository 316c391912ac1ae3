#include "net/http/head_memory.hpp"

#include <cstring>

namespace qtable::net {

namespace {

constexpr std::size_t lines_bytes_min = 8;

std::uint64_t hash_of(std::string_view text) noexcept {
    std::uint64_t hash = text.size();
    const auto add = [&hash](const char* from) {
        std::uint64_t word = 0;
        std::memcpy(&word, from, sizeof word);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
        hash ^= hash >> 32;
    };
    for (std::size_t at = 0; at + 8 <= text.size(); at += 8) add(text.data() + at);
    add(text.data() + text.size() - 8);
    return hash;
}

bool changes_each_time(const field_list& fields) noexcept {
    for (const field each : {field::x_request_id, field::traceparent, field::idempotency_key, field::upgrade})
        if (fields.has(each)) return true;
    return false;
}

}  // namespace

head_memory::head_memory() : places_(std::make_unique<known[]>(limits::remembered_heads)) {}

void head_memory::give(const known& from, const char* lines, request_head& head,
                       field_list& fields) noexcept {
    fields.assign(from.fields, from.text.data(), lines);
    head.content_length = from.content_length;
    head.is_chunked = from.is_chunked;
    head.is_keep_alive = from.is_keep_alive;
    head.is_known = true;
}

std::size_t head_memory::recall_start(hint at, std::string_view received, request_head& head,
                                      field_list& fields) const noexcept {
    const known& guess = places_[at];
    if (guess.size == 0 || received.size() < guess.size ||
        std::memcmp(guess.text.data(), received.data(), guess.size) != 0)
        return 0;
    give(guess, received.data(), head, fields);
    return guess.size;
}

bool head_memory::recall(std::string_view lines, hint& at, request_head& head,
                         field_list& fields) const noexcept {
    if (lines.size() < lines_bytes_min || lines.size() > limits::remembered_head_bytes) return false;
    at = static_cast<hint>(hash_of(lines) % limits::remembered_heads);
    const known& found = places_[at];
    if (found.size != lines.size() || std::memcmp(found.text.data(), lines.data(), lines.size()) != 0)
        return false;
    give(found, lines.data(), head, fields);
    return true;
}

void head_memory::remember(std::string_view lines, hint at, const request_head& head,
                           const field_list& fields) noexcept {
    if (lines.size() < lines_bytes_min || lines.size() > limits::remembered_head_bytes) return;
    if (head.minor_version != 1 || head.expects_continue || changes_each_time(fields)) return;
    known& place = places_[at];
    std::memcpy(place.text.data(), lines.data(), lines.size());
    place.size = lines.size();
    place.fields.assign(fields, lines.data(), place.text.data());
    place.content_length = head.content_length;
    place.is_chunked = head.is_chunked;
    place.is_keep_alive = head.is_keep_alive;
}

}  // namespace qtable::net
