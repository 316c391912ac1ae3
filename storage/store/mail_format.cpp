#include "storage/store/mail_format.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace qtable::storage {

namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

bool is_plain_ascii(std::string_view text) {
    for (const char c : text) {
        if (c < ' ' || c > '~') return false;
    }
    return true;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group = group << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out += i + k <= bytes.size() ? alphabet[group >> (18 - 6 * k) & 63U] : '=';
        }
    }
    return out;
}

// RFC 2047: encoded words of at most 75 characters, each of whole characters, on lines of their own.
std::string encode_header_text(std::string_view text) {
    if (is_plain_ascii(text) && text.size() <= 900 && text.find("=?") == std::string_view::npos) {
        return std::string(text);
    }
    std::string out;
    while (!text.empty()) {
        std::size_t length = std::min<std::size_t>(text.size(), 45);
        while (length > 1 && length < text.size() &&
               (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
            --length;
        if (!out.empty()) out += "\r\n ";
        out += "=?UTF-8?B?" + base64(text.substr(0, length)) + "?=";
        text.remove_prefix(length);
    }
    return out;
}

// An address goes into its header as it is, but for what could end the line.
std::string header_safe(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= ' ' && c != '\x7f') out += c;
    }
    return out;
}

// RFC 2045, 6.7: lines of at most 76 characters, blanks at their end encoded, every line break CRLF.
std::string quoted_printable(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        if (byte == '\n') {
            out += "\r\n";
            column = 0;
            continue;
        }
        const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
        const bool plain = (byte > ' ' && byte <= '~' && byte != '=') || (byte == ' ' && !ends_line);
        const std::size_t width = plain ? 1 : 3;
        if (column + width > 75) {
            out += "=\r\n";
            column = 0;
        }
        if (plain) {
            out += static_cast<char>(byte);
        } else {
            out += '=';
            out += hex_digits[byte >> 4U];
            out += hex_digits[byte & 15U];
        }
        column += width;
    }
    if (column != 0) out += "\r\n";
    return out;
}

// RFC 5322, 3.3: "Sun, 22 Nov 2026 18:30:05 +0000".
std::string mail_date(instant at) {
    constexpr std::array<std::string_view, 7> days = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const date day{static_cast<std::int32_t>(at.ms / ms_per_day)};
    const auto seconds = static_cast<int>(at.ms % ms_per_day / ms_per_second);
    const civil parts = to_civil(day);
    std::string out(days[static_cast<std::size_t>(day.weekday())]);
    out += ", " + std::to_string(parts.day) + ' ';
    out += months[static_cast<std::size_t>(parts.month - 1)];
    out += ' ' + std::to_string(parts.year) + ' ' + time_of_day_to_string(seconds / 60) + ':';
    out += static_cast<char>('0' + seconds % 60 / 10);
    out += static_cast<char>('0' + seconds % 10);
    return out + " +0000";
}

// The name before the address: as it is, or as encoded words.
std::string sender_header(const mail_sender& from) {
    const std::string text = header_safe(from.from);
    const std::size_t open = text.rfind('<');
    if (is_plain_ascii(text) || open == std::string::npos) return text;
    std::string name = text.substr(0, open);
    while (!name.empty() && name.back() == ' ') name.pop_back();
    return encode_header_text(name) + ' ' + text.substr(open);
}

std::string domain_of(std::string_view from) {
    const std::string address = address_of(from);
    const std::size_t at = address.rfind('@');
    return at == std::string::npos ? "localhost" : address.substr(at + 1);
}

}  // namespace

std::string address_of(std::string_view from) {
    const std::size_t open = from.rfind('<');
    if (open != std::string_view::npos && from.ends_with('>'))
        from = from.substr(open + 1, from.size() - open - 2);
    return std::string(from);
}

std::string format_mail(const mail& letter, const mail_sender& from, instant at) {
    std::string out;
    out += "From: " + sender_header(from) + "\r\n";
    out += "To: " + header_safe(letter.recipient) + "\r\n";
    out += "Subject: " + encode_header_text(letter.subject) + "\r\n";
    out += "Date: " + mail_date(at) + "\r\n";
    out += "Message-ID: <" + to_string(letter.id) + '@' + domain_of(from.from) + ">\r\n";
    out += "MIME-Version: 1.0\r\n";
    out += "Content-Type: text/plain; charset=utf-8\r\n";
    out += "Content-Transfer-Encoding: quoted-printable\r\n";
    out += "Auto-Submitted: auto-generated\r\n\r\n";
    return out += quoted_printable(letter.text);
}

}  // namespace qtable::storage
