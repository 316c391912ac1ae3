#include "net/rt/log.hpp"

#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <exception>

#include "proto/json_writer.hpp"
#include "proto/text_rules.hpp"

namespace qtable::net {

namespace {

// A text's bytes may become six each, and there are the members around it.
static_assert(log_text_bytes * 6 + 400 <= PIPE_BUF);

std::atomic<log_format> format_chosen{log_format::text};
std::atomic<std::uint64_t> lines_dropped{0};

instant wall_clock_now() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

// One line, cut where a character ends. What is no UTF-8 (messages of other programs) is told in ASCII.
std::string clean(std::string_view text) {
    if (text.size() > log_text_bytes) {
        std::size_t end = log_text_bytes;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
        text = text.substr(0, end);
    }
    std::string made(text);
    const bool is_utf8 = proto::is_valid_utf8(made);
    for (char& c : made) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) c = ' ';
        if (byte >= 0x80 && !is_utf8) c = '?';
    }
    return made;
}

bool is_writable_now(int descriptor) noexcept {
    pollfd asked{descriptor, POLLOUT, 0};
    return ::poll(&asked, 1, 0) == 1 && (asked.revents & POLLOUT) != 0;
}

}  // namespace

void set_log_format(log_format format) noexcept {
    format_chosen = format;
}

log_format chosen_log_format() noexcept {
    return format_chosen.load(std::memory_order_relaxed);
}

std::string_view to_string(log_level level) noexcept {
    switch (level) {
        case log_level::info:
            return "info";
        case log_level::warning:
            return "warning";
        case log_level::error:
            break;
    }
    return "error";
}

std::string log_line(instant at, log_level level, std::string_view text, std::optional<std::uint32_t> core,
                     std::uint64_t dropped) {
    std::string line;
    proto::json_writer json(line);
    json.begin_object().key("ts").utc(at).key("level").text(to_string(level)).key("msg").text(clean(text));
    if (core) json.key("core").integer(*core);
    if (dropped > 0) json.key("dropped").integer(static_cast<std::int64_t>(dropped));
    json.end_object();
    line += '\n';
    return line;
}

void write_log(log_level level, std::string_view text, std::optional<std::uint32_t> core) noexcept {
    try {
        const bool is_json = chosen_log_format() == log_format::json;
        const int to = is_json ? STDOUT_FILENO : STDERR_FILENO;
        if (!is_writable_now(to)) {
            lines_dropped.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        const std::uint64_t dropped = lines_dropped.exchange(0, std::memory_order_relaxed);
        if (is_json) return write_lines(to, log_line(wall_clock_now(), level, text, core, dropped));
        std::string line;
        if (core) line = "core " + std::to_string(*core) + ": ";
        line += clean(text);
        if (dropped > 0) line += " (" + std::to_string(dropped) + " lines before it were dropped)";
        write_lines(to, line + '\n');
    } catch (const std::exception&) {
        lines_dropped.fetch_add(1, std::memory_order_relaxed);  // no memory for a line
    }
}

void write_lines(int descriptor, std::string_view lines) noexcept {
    while (!lines.empty()) {
        std::size_t size = lines.size();
        if (size > PIPE_BUF) {
            const std::size_t end = lines.rfind('\n', PIPE_BUF - 1);
            size = end == std::string_view::npos ? lines.find('\n') + 1 : end + 1;
        }
        const ssize_t written = ::write(descriptor, lines.data(), size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;  // nobody reads: the server goes on
        lines.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace qtable::net
