#include "core/model/reservation.hpp"

#include "core/model/table.hpp"

namespace qtable {

namespace {

constexpr std::string_view reservation_words[] = {"confirmed", "cancelled", "seated", "completed", "no_show"};
constexpr std::string_view table_words[] = {"available", "reserved", "occupied", "dirty", "out_of_service"};

template <class Status, std::size_t Count>
std::optional<Status> find_word(const std::string_view (&words)[Count], std::string_view text) noexcept {
    for (std::size_t i = 0; i < Count; ++i) {
        if (words[i] == text) return static_cast<Status>(i);
    }
    return std::nullopt;
}

constexpr std::uint32_t bit(reservation_status status) noexcept {
    return 1U << static_cast<unsigned>(status);
}

}  // namespace

std::string_view to_string(reservation_status status) noexcept {
    return reservation_words[static_cast<std::size_t>(status)];
}

std::optional<reservation_status> parse_reservation_status(std::string_view text) noexcept {
    return find_word<reservation_status>(reservation_words, text);
}

std::uint32_t allowed_moves(reservation_status from) noexcept {
    switch (from) {
        case reservation_status::confirmed:
            return bit(reservation_status::seated) | bit(reservation_status::cancelled) |
                   bit(reservation_status::no_show);
        case reservation_status::seated:
            return bit(reservation_status::completed);
        case reservation_status::no_show:
            return bit(reservation_status::confirmed);
        case reservation_status::cancelled:
        case reservation_status::completed:
            return 0;
    }
    return 0;
}

std::string_view to_string(table_status status) noexcept {
    return table_words[static_cast<std::size_t>(status)];
}

std::optional<table_status> parse_table_status(std::string_view text) noexcept {
    return find_word<table_status>(table_words, text);
}

}  // namespace qtable
