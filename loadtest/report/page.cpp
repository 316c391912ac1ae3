#include "loadtest/report/page.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include "loadtest/report/chart.hpp"

namespace qtable::loadtest {

namespace {

// Colours that people who can't tell red from green still tell apart, in both schemes.
constexpr std::string_view style = R"(
:root{color-scheme:light dark;--paper:#fff;--ink:#1a1d21;--soft:#5c6570;--rule:#dfe3e8;--panel:#f6f7f9;--good:#1a7f4b;--bad:#c4272e;
--c0:#0b66c3;--c1:#c2410c;--c2:#15803d;--c3:#7e3fb3;--c4:#a16207;--c5:#0e7490;--c6:#be185d;--c7:#64748b}
@media (prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e8eaed;--soft:#9aa4b0;--rule:#2e343c;--panel:#1c2026;--good:#4cc38a;--bad:#ff7b7b;
--c0:#6cb6ff;--c1:#ff9b5e;--c2:#5fd08c;--c3:#c8a1f5;--c4:#e5c04b;--c5:#4fd1e0;--c6:#ff8fc0;--c7:#a8b3c1}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1360px;margin:0 auto;padding:20px 16px 40px}
h1{font-size:24px;line-height:1.2;margin:0 0 4px}
h2{font-size:15px;margin:0}
header p,figcaption p,footer{color:var(--soft);margin:2px 0;font-size:13px;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(136px,1fr));gap:10px;margin:18px 0}
.tile{background:var(--panel);border:1px solid var(--rule);border-radius:8px;padding:10px 12px}
.tile b{display:block;font-size:20px;line-height:1.25;font-variant-numeric:tabular-nums}
.tile span{color:var(--soft);font-size:13px}
.verdicts{list-style:none;margin:0 0 16px;padding:0}
.verdicts li{padding:3px 0 3px 24px;position:relative;overflow-wrap:anywhere}
.verdicts li::before{position:absolute;left:2px;font-weight:700}
.verdicts .good::before{content:"✓";color:var(--good)}
.verdicts .bad::before{content:"✗";color:var(--bad)}
.verdicts .said::before{content:"•";color:var(--soft)}
.verdicts small{color:var(--soft);font-size:13px}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:16px;margin:16px 0}
figure{margin:0;padding:12px;border:1px solid var(--rule);border-radius:8px;min-width:0}
figcaption{margin-bottom:6px}
svg{display:block;width:100%;height:auto}
.empty{color:var(--soft);font-size:14px}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 14px;margin:4px 0 0;padding:0;font-size:13px}
.legend li{display:flex;align-items:center;gap:6px}
.swatch{width:16px;height:0;border-top:3px solid}
.swatch.dashed{border-top-style:dashed}
.shade{fill:var(--panel)}
.grid{stroke:var(--rule);stroke-width:1}
.tick{fill:var(--soft);font-size:12px;font-variant-numeric:tabular-nums}
.end{text-anchor:end}.middle{text-anchor:middle}
.line{fill:none;stroke-width:2;stroke-linejoin:round;vector-effect:non-scaling-stroke}
.line.dashed{stroke-dasharray:5 4}
.line.c0,.swatch.c0{stroke:var(--c0);border-color:var(--c0)}.dot.c0,.bar.c0{fill:var(--c0)}
.line.c1,.swatch.c1{stroke:var(--c1);border-color:var(--c1)}.dot.c1,.bar.c1{fill:var(--c1)}
.line.c2,.swatch.c2{stroke:var(--c2);border-color:var(--c2)}.dot.c2,.bar.c2{fill:var(--c2)}
.line.c3,.swatch.c3{stroke:var(--c3);border-color:var(--c3)}.dot.c3,.bar.c3{fill:var(--c3)}
.line.c4,.swatch.c4{stroke:var(--c4);border-color:var(--c4)}.dot.c4,.bar.c4{fill:var(--c4)}
.line.c5,.swatch.c5{stroke:var(--c5);border-color:var(--c5)}.dot.c5,.bar.c5{fill:var(--c5)}
.line.c6,.swatch.c6{stroke:var(--c6);border-color:var(--c6)}.dot.c6,.bar.c6{fill:var(--c6)}
.line.c7,.swatch.c7{stroke:var(--c7);border-color:var(--c7)}.dot.c7,.bar.c7{fill:var(--c7)}
@media (max-width:500px){.tick{font-size:14px}}
.scroll{overflow-x:auto;margin:16px 0;border:1px solid var(--rule);border-radius:8px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}
caption{text-align:left;padding:10px 12px 2px;font-weight:600}
th,td{text-align:right;padding:6px 12px;white-space:nowrap;border-top:1px solid var(--rule)}
th{color:var(--soft);font-weight:500}
tr>:first-child{text-align:left;position:sticky;left:0;background:var(--paper)}
tbody tr:last-child td{font-weight:600}
table.plain tbody tr:last-child td{font-weight:400}
.worse{color:var(--bad)}.better{color:var(--good)}
)";

constexpr double curve_step = 0.02;  // of a nine

}  // namespace

std::string whole_page(const page_parts& parts) {
    std::string out = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">";
    out += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>" +
           escaped(parts.title) + "</title><link rel=\"icon\" href=\"data:,\"><style>";
    out += style;
    out +=
        "</style></head><body><main><header><h1>" + escaped(parts.title) + "</h1>" + parts.head + "</header>";
    return out + parts.body + "</main></body></html>\n";
}

std::vector<std::pair<double, double>> percentile_curve(const histogram& from) {
    std::vector<std::pair<double, double>> made;
    if (from.is_empty()) return made;
    const auto all = static_cast<double>(from.count());
    double seen = 0, last = -1;
    from.for_each([&](std::int64_t value, std::uint64_t count) {
        const double before = seen;
        seen += static_cast<double>(count);
        const double x = seen >= all ? std::log10(all) : percentile_position(100 * seen / all);
        if (made.empty())
            made.emplace_back(percentile_position(100 * before / all), static_cast<double>(value));
        if (x - last < curve_step && seen < all) return;
        last = x;
        made.emplace_back(std::max(0.0, x), static_cast<double>(value));
    });
    return made;
}

std::string count_text(double value) {
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.0f", std::round(value));
    std::string made(text.data(), static_cast<std::size_t>(size));
    for (std::size_t at = made.size(); at > 3 && made[at - 4] != '-'; at -= 3) made.insert(at - 3, ",");
    return made;
}

std::string percent_text(double value) {
    std::array<char, 32> text{};
    const int size =
        std::snprintf(text.data(), text.size(), value > 0 && value < 0.01 ? "%.4f" : "%.2f", value);
    return std::string(text.data(), static_cast<std::size_t>(size)) + " %";
}

}  // namespace qtable::loadtest
