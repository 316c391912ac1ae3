#include "proto/problem_page.hpp"

#include <algorithm>
#include <array>

#include "proto/html_text.hpp"
#include "proto/problem.hpp"

namespace qtable::proto {

namespace {

constexpr int code_count = static_cast<int>(errc::count_);

// What stands between two backquotes is a name of the API.
void append_text(std::string& out, std::string_view text) {
    for (bool is_code = false;; is_code = !is_code) {
        const std::size_t end = text.find('`');
        append_html(out, text.substr(0, end));
        if (end == std::string_view::npos) return;
        out += is_code ? "</code>" : "<code>";
        text.remove_prefix(end + 1);
    }
}

void begin_page(std::string& out, std::string_view title) {
    out +=
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/docs/page.css\">\n<title>";
    append_text(out, title);
    out += "</title>\n</head>\n<body>\n";
}

void append_code(std::string& out, std::string_view code) {
    (((out += "<code>") += code) += "</code>");
}

void append_part(std::string& out, std::string_view heading, std::string_view text) {
    ((out += "<h2>") += heading) += "</h2>\n<p>";
    append_text(out, text);
    out += "</p>\n";
}

// Repeating is its own answer to some problems, and no answer to the others.
std::string_view repetition_of(const problem_row& row) noexcept {
    return row.retryable ? "The same request may succeed later, unchanged."
                         : "The same request gets the same answer until something changes.";
}

}  // namespace

errc find_problem_code(std::string_view wire) noexcept {
    for (int i = 1; i < code_count; ++i) {
        if (wire_code(static_cast<errc>(i)) == wire) return static_cast<errc>(i);
    }
    return errc::ok;
}

void write_problem_page(std::string& out, errc code) {
    const problem_row& row = problem_of(code);
    const problem_advice advice = advice_of(code);
    begin_page(out, row.title);
    out += "<header>\n<p><a href=\"/problems\">All problems</a></p>\n<h1>";
    append_text(out, row.title);
    ((out += "</h1>\n<p class=\"facts\">") += "Status ") += std::to_string(row.status);
    out += ", code ";
    append_code(out, wire_code(code));
    out += "</p>\n</header>\n<main>\n";
    append_part(out, "What it means", row.detail);
    append_part(out, "Why it comes", advice.why);
    append_part(out, "What to do", advice.remedy);
    append_part(out, "Repeating it", repetition_of(row));
    out += "</main>\n<footer><p>The whole API: <a href=\"/docs\">/docs</a></p></footer>\n</body>\n</html>\n";
}

void write_problem_index(std::string& out) {
    std::array<errc, code_count - 1> codes{};
    for (int i = 1; i < code_count; ++i) codes[static_cast<std::size_t>(i) - 1] = static_cast<errc>(i);
    std::stable_sort(codes.begin(), codes.end(),
                     [](errc a, errc b) { return problem_of(a).status < problem_of(b).status; });
    begin_page(out, "Problems of the QTable API");
    out +=
        "<header>\n<h1>Problems</h1>\n<p>Every error of the API is an <code>application/problem+json</code> "
        "document "
        "(RFC 9457). Its <code>code</code> is one of these, and its <code>type</code> points "
        "here.</p>\n</header>\n"
        "<main>\n<table class=\"codes\">\n<thead><tr><th scope=\"col\">Status</th><th scope=\"col\">Code</th>"
        "<th scope=\"col\">Meaning</th></tr></thead>\n<tbody>\n";
    for (const errc code : codes) {
        const problem_row& row = problem_of(code);
        ((out += "<tr><td>") += std::to_string(row.status)) += "</td><td><a href=\"/problems/";
        (out += wire_code(code)) += "\">";
        append_code(out, wire_code(code));
        out += "</a></td><td>";
        append_text(out, row.detail);
        out += "</td></tr>\n";
    }
    out += "</tbody>\n</table>\n</main>\n</body>\n</html>\n";
}

}  // namespace qtable::proto
