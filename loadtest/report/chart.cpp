#include "loadtest/report/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>

#include "loadtest/measure/threshold.hpp"
#include "proto/html_text.hpp"

namespace qtable::loadtest {

namespace {

constexpr double width = 440, height = 270;
constexpr double left = 62, right = 428, top = 10, bottom = 226;
constexpr int ticks_wanted = 5;
constexpr double nines_max = 6;
constexpr double bar_height = 26;

struct tick {
    double at = 0;  // on the axis' own scale
    std::string text;
};

struct scale {
    double low = 0, high = 1;
    bool is_log = false;
    std::vector<tick> ticks;

    double share(double value) const {
        const double at = is_log ? std::log10(std::max(value, 1e-9)) : value;
        return std::clamp((at - low) / (high - low), 0.0, 1.0);
    }
};

std::string number(double value) {
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.1f", value);
    return {text.data(), static_cast<std::size_t>(size)};
}

scale linear_scale(double low, double high, value_kind values) {
    if (high <= low) high = low + 1;
    const double raw = (high - low) / ticks_wanted;
    const double ten = std::pow(10, std::floor(std::log10(raw)));
    double step = ten * 10;
    for (const double each : {1.0, 2.0, 5.0}) {
        if (raw <= each * ten * 1.0001) {
            step = each * ten;
            break;
        }
    }
    if (values == value_kind::second) {
        // Time ends where it ends; a curve that stops short of the edge looks as if something had.
        scale made{low, high, false, {}};
        step = std::max(1.0, step);
        for (double at = std::ceil(low / step) * step; at <= high; at += step)
            made.ticks.push_back({at, tick_text(at, values)});
        return made;
    }
    scale made{std::floor(low / step) * step, std::ceil(high / step) * step, false, {}};
    for (double at = made.low; at <= made.high + step / 2; at += step)
        made.ticks.push_back({at, tick_text(at, values)});
    return made;
}

scale log_scale(double low, double high, value_kind values) {
    // What is shorter than a microsecond lies on the ground.
    low = std::max(low, values == value_kind::duration_ns ? 1e3 : 1e-9);
    high = std::max(high, low * 1.01);
    const double first = std::floor(std::log10(low)), last = std::ceil(std::log10(high));
    const bool is_narrow = last - first <= 3;
    scale made{std::log10(low) - 0.05, std::log10(high) + 0.05, true, {}};
    for (double decade = first; decade <= last; ++decade) {
        for (const double times : {1.0, 2.0, 5.0}) {
            const double at = decade + std::log10(times);
            const bool is_inside = at >= made.low && at <= made.high;
            if (is_inside && (is_narrow || times < 1.5))
                made.ticks.push_back({at, tick_text(std::pow(10, at), values)});
        }
    }
    return made;
}

scale percentile_scale(double high) {
    scale made{0, std::clamp(high, 1.0, nines_max), false, {}};
    made.ticks = {{0, "0"},      {percentile_position(50), "50"},
                  {1, "90"},     {2, "99"},
                  {3, "99.9"},   {4, "99.99"},
                  {5, "99.999"}, {6, "99.9999"}};
    std::erase_if(made.ticks, [&made](const tick& each) { return each.at > made.high; });
    return made;
}

std::optional<std::pair<double, double>> range_of(const chart& what, bool is_x) {
    std::optional<std::pair<double, double>> found;
    for (const series& line : what.lines) {
        for (const auto& [x, y] : line.points) {
            const double value = is_x ? x : y;
            if (!found) found = {value, value};
            found->first = std::min(found->first, value);
            found->second = std::max(found->second, value);
        }
    }
    return found;
}

scale scale_of(const axis& of, std::pair<double, double> range) {
    if (of.low < of.high) range = {of.low, of.high};
    if (of.kind == axis_kind::percentile) return percentile_scale(range.second);
    if (of.kind == axis_kind::log) return log_scale(range.first, range.second, of.values);
    const bool is_from_zero = of.values != value_kind::second;
    return linear_scale(is_from_zero ? std::min(0.0, range.first) : range.first, range.second, of.values);
}

void draw_grid(std::string& out, const scale& x, const scale& y, const chart& what) {
    if (what.shaded_to > x.low) {
        out += "<rect class=\"shade\" x=\"" + number(left) + "\" y=\"" + number(top) + "\" width=\"" +
               number(x.share(what.shaded_to) * (right - left)) + "\" height=\"" + number(bottom - top) +
               "\"/>";
    }
    for (const tick& each : y.ticks) {
        const double at = bottom - (each.at - y.low) / (y.high - y.low) * (bottom - top);
        out += "<line class=\"grid\" x1=\"" + number(left) + "\" x2=\"" + number(right) + "\" y1=\"" +
               number(at) + "\" y2=\"" + number(at) + "\"/><text class=\"tick end\" x=\"" + number(left - 6) +
               "\" y=\"" + number(at + 4) + "\">" + escaped(each.text) + "</text>";
    }
    for (const tick& each : x.ticks) {
        const double at = left + (each.at - x.low) / (x.high - x.low) * (right - left);
        out += "<line class=\"grid\" x1=\"" + number(at) + "\" x2=\"" + number(at) + "\" y1=\"" +
               number(top) + "\" y2=\"" + number(bottom) + "\"/><text class=\"tick middle\" x=\"" +
               number(at) + "\" y=\"" + number(bottom + 17) + "\">" + escaped(each.text) + "</text>";
    }
    out += "<text class=\"tick middle\" x=\"" + number((left + right) / 2) + "\" y=\"" + number(height - 6) +
           "\">" + escaped(what.x.title) + "</text>";
}

void draw_line(std::string& out, const series& line, const scale& x, const scale& y) {
    if (line.points.empty()) return;
    out += "<polyline class=\"line c" + std::to_string(line.colour) + (line.is_dashed ? " dashed" : "") +
           "\" points=\"";
    for (const auto& [at_x, at_y] : line.points) {
        out += number(left + x.share(at_x) * (right - left)) + ',' +
               number(bottom - y.share(at_y) * (bottom - top)) + ' ';
    }
    out += "\"/>";
    if (line.points.size() > 1) return;
    // One point makes no line.
    const auto& [at_x, at_y] = line.points.front();
    out += "<circle class=\"dot c" + std::to_string(line.colour) + "\" r=\"4\" cx=\"" +
           number(left + x.share(at_x) * (right - left)) + "\" cy=\"" +
           number(bottom - y.share(at_y) * (bottom - top)) + "\"/>";
}

std::string caption_of(const std::string& title, const std::string& note) {
    std::string out = "<figure><figcaption><h2>" + escaped(title) + "</h2>";
    if (!note.empty()) out += "<p>" + escaped(note) + "</p>";
    return out;
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    proto::append_html(out, text);
    return out;
}

std::string tick_text(double value, value_kind kind) {
    if (kind == value_kind::duration_ns) {
        // Ticks are round: what is behind the point says nothing.
        std::string text = duration_text(value);
        const std::size_t dot = text.find('.'), blank = text.find(' ');
        if (dot != std::string::npos && text.find_first_not_of('0', dot + 1) == blank)
            text.erase(dot, blank - dot);
        return text;
    }
    std::array<char, 32> text{};
    const bool is_millions = value >= 1e6, is_thousands = value >= 1e4;
    const double shown = is_millions ? value / 1e6 : is_thousands ? value / 1e3 : value;
    const int size = std::snprintf(text.data(), text.size(), "%.4g", shown);
    std::string made(text.data(), static_cast<std::size_t>(size));
    if (is_thousands) made += is_millions ? "M" : "k";
    if (kind == value_kind::percent) made += " %";
    return made;
}

double percentile_position(double percent) {
    return std::log10(1 / std::max(1e-9, 1 - percent / 100));
}

std::string render(const chart& what) {
    std::string out = caption_of(what.title, what.note);
    const auto xs = range_of(what, true), ys = range_of(what, false);
    if (!xs || !ys) return out + "</figcaption><p class=\"empty\">Nothing was measured.</p></figure>";
    if (what.lines.size() > 1) {
        out += "<ul class=\"legend\">";
        for (const series& line : what.lines) {
            if (line.points.empty()) continue;
            out += "<li><i class=\"swatch c" + std::to_string(line.colour) +
                   (line.is_dashed ? " dashed" : "") + "\"></i>" + escaped(line.name) + "</li>";
        }
        out += "</ul>";
    }
    const scale x = scale_of(what.x, *xs), y = scale_of(what.y, *ys);
    out += "</figcaption><svg viewBox=\"0 0 " + number(width) + ' ' + number(height) +
           "\" role=\"img\" aria-label=\"" + escaped(what.title) + "\">";
    draw_grid(out, x, y, what);
    for (const series& line : what.lines) draw_line(out, line, x, y);
    return out + "</svg></figure>";
}

std::string render_bars(const std::string& title, const std::string& note, const std::vector<bar>& bars,
                        const std::string& when_empty) {
    std::string out = caption_of(title, note) + "</figcaption>";
    if (bars.empty()) return out + "<p class=\"empty\">" + escaped(when_empty) + "</p></figure>";
    double most = 0;
    for (const bar& each : bars) most = std::max(most, each.value);
    const double tall = bar_height * static_cast<double>(bars.size()) + 8;
    constexpr double name_right = 110, bar_left = 118, bar_right = 340;
    out += "<svg viewBox=\"0 0 " + number(width) + ' ' + number(tall) + "\" role=\"img\" aria-label=\"" +
           escaped(title) + "\">";
    double y = 4;
    for (const bar& each : bars) {
        const double wide = most > 0 ? std::max(2.0, each.value / most * (bar_right - bar_left)) : 2;
        out += "<text class=\"tick end\" x=\"" + number(name_right) + "\" y=\"" + number(y + 17) + "\">" +
               escaped(each.name) + "</text><rect class=\"bar c" + std::to_string(each.colour) + "\" x=\"" +
               number(bar_left) + "\" y=\"" + number(y + 4) + "\" width=\"" + number(wide) + "\" height=\"" +
               number(bar_height - 8) + "\" rx=\"2\"/><text class=\"tick\" x=\"" +
               number(bar_left + wide + 6) + "\" y=\"" + number(y + 17) + "\">" + escaped(each.label) +
               "</text>";
        y += bar_height;
    }
    return out + "</svg></figure>";
}

}  // namespace qtable::loadtest
