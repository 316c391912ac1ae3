#include "tools/qtable/import/osm_hours.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <utility>
#include <vector>

#include "tools/qtable/import/osm_hours_week.hpp"
#include "tools/qtable/import/osm_hours_words.hpp"

namespace qtable::tools {

namespace {

constexpr int minutes_per_hour = 60;
constexpr int noon_hour = 12;

// A time as written: how it is written tells what it may mean.
struct written_time {
    int minute = 0;
    bool bare_hour = false;  // "11"
    bool padded = false;     // "09:00", "0900"
    bool half_day = false;   // "9 am"
};

// Recursive descent over the tokens; a refusal is thrown to the top of this file's one entry and never leaves
// it.
class reader {
  public:
    explicit reader(std::string_view text) : tokens_(cut_hours_text(text)) {}

    osm_hours read() {
        refuse_restrictions();
        bool additional = false;
        while (!at_end()) {
            if (skip_sign(';')) {
                additional = false;
            } else if (skip_sign(',')) {
                additional = true;
            } else {
                read_rule(additional);
                // Rules without a sign between them happen; nothing says that the later one replaces
                // anything.
                additional = true;
            }
        }
        osm_hours hours;
        hours.week = week_.finish();
        hours.note = std::move(note_);
        return hours;
    }

  private:
    const hours_token& now() const { return tokens_[at_]; }
    const hours_token& after() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
    bool at_end() const { return now().kind == hours_token_kind::end; }
    bool at_number() const { return now().kind == hours_token_kind::number; }
    bool at_sign(char sign) const { return now().kind == hours_token_kind::sign && now().sign == sign; }
    bool at_word(std::string_view word) const {
        return now().kind == hours_token_kind::word && equals_ignoring_case(now().text, word);
    }
    bool at_closed() const { return now().kind == hours_token_kind::word && is_closed_word(now().text); }
    static bool names_a_day(const hours_token& token) {
        return token.kind == hours_token_kind::word &&
               (weekday_of(token.text) || is_holiday_word(token.text));
    }
    bool skip_sign(char sign) {
        if (!at_sign(sign)) return false;
        ++at_;
        return true;
    }
    [[noreturn]] void refuse(std::string reason) const {
        throw osm_hours_refusal{std::move(reason), now().offset};
    }

    void refuse_restrictions() {
        for (const hours_token& token : tokens_) {
            if (token.kind != hours_token_kind::word) continue;
            const std::string_view why = restriction_of(token.text);
            if (!why.empty()) throw osm_hours_refusal{std::string(why), token.offset};
        }
    }

    void read_rule(bool additional) {
        const std::size_t begin = now().offset;
        if (now().kind == hours_token_kind::comment) {
            read_comment();
            if (!at_end() && !at_sign(';') && !at_sign(','))
                refuse("a comment before the hours may limit them");
            return;
        }
        const day_selector selector = read_days();
        skip_sign(':');
        if (at_closed()) {
            ++at_;
            if (selector.any_week_day()) week_.close(selector.days);
        } else if (at_number()) {
            const std::vector<hours_range> ranges = read_ranges();
            const bool closed = at_closed();
            if (closed || at_word("open")) ++at_;
            if (selector.any_week_day()) {
                week_.set(selector.days, ranges, closed ? rule_kind::closing : kind(additional), begin);
            }
        } else if (now().kind == hours_token_kind::comment) {
            refuse("a comment instead of hours");
        } else if (at_end() || at_sign(';') || at_sign(',')) {
            refuse("days without hours");
        } else {
            refuse("not understood: \"" + std::string(now().text) + "\"");
        }
        if (at_sign('|')) refuse("alternatives (\"||\")");
        if (now().kind == hours_token_kind::comment) read_comment();
        if (!at_end() && !at_sign(';') && !at_sign(',') && !names_a_day(now())) {
            refuse("not understood: \"" + std::string(now().text) + "\"");
        }
    }

    static rule_kind kind(bool additional) {
        return additional ? rule_kind::additional : rule_kind::replacing;
    }

    void read_comment() {
        if (!now().text.empty()) {
            if (!note_.empty()) note_ += "; ";
            note_ += now().text;
        }
        ++at_;
    }

    // None = every day. "SH Mo-Fr" (no comma) is about Monday to Friday of the school holidays only: no week
    // day of ours.
    day_selector read_days() {
        day_selector selector;
        bool after_comma = true;
        while (names_a_day(now())) {
            if (is_holiday_word(now().text)) {
                if (selector.named && !after_comma) refuse("days and holidays without a comma");
                selector.named = true;
                selector.holiday = true;
                ++at_;
                if (at_sign('-') || at_sign('+')) refuse("depends on the date of a holiday");
            } else {
                if (selector.holiday && !after_comma) selector.only_in_holidays = true;
                selector.named = true;
                read_day_range(selector);
            }
            after_comma = at_sign(',') && names_a_day(after());
            if (after_comma) ++at_;
        }
        if (!selector.named) selector.days.set();
        return selector;
    }

    void read_day_range(day_selector& selector) {
        const int first = *weekday_of(now().text);
        ++at_;
        int last = first;
        if (at_sign('-')) {
            ++at_;
            const auto weekday = now().kind == hours_token_kind::word ? weekday_of(now().text) : std::nullopt;
            if (!weekday) refuse("no weekday after the dash");
            last = *weekday;
            ++at_;
        }
        if (at_sign('[')) refuse("depends on the week of the month");
        for (int day = first;; day = (day + 1) % 7) {
            selector.days.set(static_cast<std::size_t>(day));
            if (day == last) break;
        }
    }

    std::vector<hours_range> read_ranges() {
        std::vector<hours_range> ranges;
        if (now().text == "24" && after().kind == hours_token_kind::sign && after().sign == '/') {
            at_ += 2;
            if (!at_number() || now().text != "7") refuse("not understood after \"24/\"");
            ++at_;
            return {hours_range{0, minutes_per_day}};
        }
        while (true) {
            const std::size_t begin = now().offset;
            const hours_range range = read_range();
            for (const hours_range& earlier : ranges) {
                if (earlier.open_min == range.open_min && earlier.close_min != range.close_min) {
                    throw osm_hours_refusal{"two ranges open at the same time and close at different ones",
                                            begin};
                }
            }
            ranges.push_back(range);
            if (!at_sign(',') || after().kind != hours_token_kind::number) return ranges;
            ++at_;
        }
    }

    hours_range read_range() {
        const std::size_t begin = now().offset;
        const written_time open = read_time();
        if (at_sign('+')) refuse("the end is open");
        if (!at_sign('-')) refuse("no closing time");
        ++at_;
        if (!at_number()) refuse("no closing time");
        const written_time close = read_time();
        if (at_sign('+')) refuse("the end is open");
        const auto refuse_here = [&](const char* reason) { throw osm_hours_refusal{reason, begin}; };
        if (open.half_day != close.half_day) refuse_here("only one of the two times says am or pm");
        if (open.minute >= minutes_per_day) refuse_here("opens after midnight of the day after");
        if (open.minute == close.minute) refuse_here("opens and closes at the same time");
        int close_min = close.minute;
        const bool overnight = close_min < open.minute;
        if (overnight) close_min += minutes_per_day;
        const int noon = noon_hour * minutes_per_hour;
        const bool morning_numbers = open.minute < noon + minutes_per_hour && close.minute <= noon;
        if (!open.half_day && morning_numbers && close.minute > 0) {
            // "9-5", "11:00-3:00": in the afternoon, or in the morning after?
            if ((open.bare_hour && close.bare_hour) || (overnight && !close.padded)) {
                refuse_here("may be meant as am and pm");
            }
        }
        if (close_min - open.minute > minutes_per_day) refuse_here("longer than a day");
        return {static_cast<std::int16_t>(open.minute), static_cast<std::int16_t>(close_min)};
    }

    int read_number(std::size_t digits_min, std::size_t digits_max) {
        if (!at_number() || now().text.size() < digits_min || now().text.size() > digits_max)
            refuse("not a time");
        int number = 0;
        for (const char c : now().text) number = number * 10 + (c - '0');
        ++at_;
        return number;
    }

    written_time read_time() {
        const std::size_t begin = now().offset;
        const std::size_t digits = now().text.size();
        written_time time;
        time.padded = digits == 4 || now().text.starts_with('0');
        int hour = read_number(1, 4);
        int minute = 0;
        if (digits == 4) {
            minute = hour % 100;
            hour /= 100;
        } else if (digits == 3) {
            throw osm_hours_refusal{"not a time", begin};
        } else if (at_sign(':') || at_sign('.')) {
            ++at_;
            minute = read_number(2, 2);
        } else if (at_word("h")) {
            ++at_;
            if (at_number()) minute = read_number(2, 2);
        } else {
            time.bare_hour = true;
        }
        if (at_word("am") || at_word("pm")) {
            time.half_day = true;
            time.bare_hour = false;
            if (hour < 1 || hour > noon_hour) refuse("not a time");
            hour = hour % noon_hour + (at_word("pm") ? noon_hour : 0);
            ++at_;
        }
        time.minute = hour * minutes_per_hour + minute;
        if (minute >= minutes_per_hour || time.minute > 2 * minutes_per_day)
            throw osm_hours_refusal{"not a time", begin};
        return time;
    }

    std::vector<hours_token> tokens_;
    std::size_t at_ = 0;
    week_of_rules week_;
    std::string note_;
};

}  // namespace

osm_hours_result parse_osm_hours(std::string_view text) {
    if (text.size() > max_osm_hours_bytes) return osm_hours_refusal{"too long", max_osm_hours_bytes};
    try {
        return reader(text).read();
    } catch (osm_hours_refusal& refusal) {
        return std::move(refusal);
    }
}

}  // namespace qtable::tools
