#include "core/model/guest.hpp"

#include <iterator>

namespace qtable {

namespace {

constexpr std::string_view source_words[] = {"walk_in", "waitlist", "reservation"};
constexpr std::string_view status_words[] = {"waiting", "notified", "seated", "completed", "left", "no_show"};

constexpr std::uint32_t bit(guest_status status) noexcept {
    return 1U << static_cast<unsigned>(status);
}

}  // namespace

std::string_view to_string(guest_source source) noexcept {
    return source_words[static_cast<std::size_t>(source)];
}

std::optional<guest_source> parse_guest_source(std::string_view text) noexcept {
    for (std::size_t i = 0; i < std::size(source_words); ++i) {
        if (source_words[i] == text) return static_cast<guest_source>(i);
    }
    return std::nullopt;
}

std::string_view to_string(guest_status status) noexcept {
    return status_words[static_cast<std::size_t>(status)];
}

std::optional<guest_status> parse_guest_status(std::string_view text) noexcept {
    for (std::size_t i = 0; i < std::size(status_words); ++i) {
        if (status_words[i] == text) return static_cast<guest_status>(i);
    }
    return std::nullopt;
}

std::uint32_t allowed_moves(guest_status from) noexcept {
    switch (from) {
        case guest_status::waiting:
            return bit(guest_status::notified) | bit(guest_status::seated) | bit(guest_status::left) |
                   bit(guest_status::no_show);
        case guest_status::notified:
            return bit(guest_status::waiting) | bit(guest_status::seated) | bit(guest_status::left) |
                   bit(guest_status::no_show);
        case guest_status::seated:
            return bit(guest_status::completed);
        case guest_status::completed:
        case guest_status::left:
        case guest_status::no_show:
            return 0;
    }
    return 0;
}

}  // namespace qtable
