// A line or bar chart as inline SVG: axes with round ticks, linear or logarithmic, colours by the page's
// style sheet so that light and dark both work. Pure functions, any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace qtable::loadtest {

enum class axis_kind { linear, log, percentile };
enum class value_kind { number, duration_ns, second, percent };

struct axis {
    axis_kind kind = axis_kind::linear;
    value_kind values = value_kind::number;
    std::string title;
    double low = 0, high = 0;  // both 0 = from the points
};

struct series {
    std::string name;
    int colour = 0;  // 0 … 7, a variable of the style sheet
    bool is_dashed = false;
    std::vector<std::pair<double, double>> points;
};

struct chart {
    std::string title;
    std::string note;  // below the title
    axis x, y;
    std::vector<series> lines;
    double shaded_to = 0;  // from the left end of the x axis; 0 = nothing is shaded
};

// A <figure> with title, legend and drawing; with a sentence instead when there is nothing to draw.
std::string render(const chart& what);

struct bar {
    std::string name;
    double value = 0;
    std::string label;
    int colour = 0;
};
std::string render_bars(const std::string& title, const std::string& note, const std::vector<bar>& bars,
                        const std::string& when_empty);

std::string escaped(std::string_view text);
std::string tick_text(double value, value_kind kind);

// Where a share of `percent` lies on a percentile axis: each nine takes the same room.
double percentile_position(double percent);

}  // namespace qtable::loadtest
