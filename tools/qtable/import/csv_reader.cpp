#include "tools/qtable/import/csv_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "core/base/limits.hpp"
#include "proto/text_rules.hpp"
#include "tools/qtable/import/csv_rows.hpp"
#include "tools/qtable/import/field_cleaning.hpp"

namespace qtable::tools {

namespace {

constexpr std::size_t csv_ref_chars = 100;
constexpr std::string_view hours_prefix = "hours_";
constexpr std::array<std::string_view, 11> plain_columns = {
    "name",  "latitude", "longitude", "description", "cuisine_type", "price_range",
    "phone", "website",  "address",   "timezone",    "source_ref"};

bool is_column(std::string_view name) {
    if (std::find(plain_columns.begin(), plain_columns.end(), name) != plain_columns.end()) return true;
    return name.starts_with(hours_prefix) &&
           std::find(weekday_names.begin(), weekday_names.end(), name.substr(hours_prefix.size())) !=
               weekday_names.end();
}

std::optional<double> to_number(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// A row seen through the header.
class named_fields {
  public:
    named_fields(const std::vector<std::string>& header, const std::vector<std::string>& fields)
        : header_(header), fields_(fields) {}
    std::string get(std::string_view column) const {
        const auto found = std::find(header_.begin(), header_.end(), column);
        if (found == header_.end()) return {};
        return fields_[static_cast<std::size_t>(found - header_.begin())];
    }

  private:
    const std::vector<std::string>& header_;
    const std::vector<std::string>& fields_;
};

// What is wrong with the header; empty when nothing is.
std::string header_problem(const std::vector<std::string>& header) {
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (!is_column(header[i])) return "unknown column \"" + header[i] + '"';
        if (std::find(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(i), header[i]) !=
            header.begin() + static_cast<std::ptrdiff_t>(i)) {
            return "column \"" + header[i] + "\" twice";
        }
    }
    for (const std::string_view needed : {"name", "latitude", "longitude"}) {
        if (std::find(header.begin(), header.end(), needed) == header.end()) {
            return "no column \"" + std::string(needed) + '"';
        }
    }
    return {};
}

// One day that can't be read leaves the whole week out: half a week would be wrong hours.
void read_hours(const named_fields& row, field_cleaner& cleaner, import_restaurant& restaurant) {
    weekly_hours week;
    bool readable = true;
    for (std::size_t day = 0; day < week.days.size(); ++day) {
        const std::string column = std::string(hours_prefix) + std::string(weekday_names[day]);
        const std::string text = row.get(column);
        auto ranges = parse_day_hours(without_controls(text));
        if (ranges) {
            week.days[day] = std::move(*ranges);
        } else {
            readable = false;
            cleaner.report(import_problem_kind::unreadable_hours, column, text, "not like 09:00-22:00");
        }
    }
    if (!readable || week.empty()) return;
    restaurant.hours = std::move(week);
    restaurant.has_hours = true;
}

void read_row(const named_fields& row, std::size_t line, const import_options& options,
              import_result& result) {
    field_cleaner cleaner(result.problems, line);
    const auto skip = [&](const char* what) { cleaner.report(import_problem_kind::skipped, "", "", what); };
    import_restaurant restaurant;
    restaurant.line = line;
    restaurant.name = cleaner.text("name", row.get("name"), limits::name_chars);
    if (restaurant.name.empty()) return skip("no name");
    cleaner.set_name(restaurant.name);
    const auto latitude = to_number(without_controls(row.get("latitude")));
    const auto longitude = to_number(without_controls(row.get("longitude")));
    if (!latitude || !longitude || !is_position(*latitude, *longitude))
        return skip("no position inside the world");
    restaurant.latitude = *latitude;
    restaurant.longitude = *longitude;
    restaurant.source_ref = cleaner.text("source_ref", row.get("source_ref"), csv_ref_chars);
    if (restaurant.source_ref.empty()) {
        restaurant.source_ref = ref_from_name_and_position(restaurant.name, *latitude, *longitude);
    }
    restaurant.description = cleaner.text("description", row.get("description"), limits::description_chars);
    restaurant.cuisine_type = cleaner.cuisine("cuisine_type", row.get("cuisine_type"));
    restaurant.price_range = cleaner.price_range("price_range", row.get("price_range"));
    restaurant.phone = cleaner.phone("phone", row.get("phone"));
    restaurant.website = cleaner.website("website", row.get("website"));
    restaurant.address = cleaner.text("address", row.get("address"), limits::address_chars);
    restaurant.timezone = cleaner.text("timezone", row.get("timezone"), limits::timezone_chars);
    if (restaurant.timezone.empty()) restaurant.timezone = options.timezone;
    read_hours(row, cleaner, restaurant);
    result.restaurants.push_back(std::move(restaurant));
}

import_result failed(std::size_t line, std::size_t offset, std::string what) {
    import_result result;
    result.failure = import_failure{line, offset, std::move(what)};
    return result;
}

}  // namespace

import_result read_csv(std::string_view text, const import_options& options) {
    if (text.starts_with("\ufeff")) text.remove_prefix(3);
    if (!proto::is_valid_utf8(text)) return failed(0, 0, "not UTF-8");
    csv_rows rows(text);
    auto header = rows.next();
    if (!header)
        return failed(rows.line(), rows.offset(), rows.error().empty() ? "no header row" : rows.error());
    for (std::string& column : header->fields) column = without_controls(column);
    if (std::string problem = header_problem(header->fields); !problem.empty()) {
        return failed(header->line, 0, std::move(problem));
    }
    import_result result;
    while (const auto row = rows.next()) {
        ++result.read;
        if (row->fields.size() == header->fields.size()) {
            read_row(named_fields(header->fields, row->fields), row->line, options, result);
        } else {
            field_cleaner(result.problems, row->line)
                .report(import_problem_kind::skipped, "", row->fields.front(),
                        std::to_string(row->fields.size()) + " fields under a header of " +
                            std::to_string(header->fields.size()));
        }
    }
    if (!rows.error().empty()) return failed(rows.line(), rows.offset(), rows.error());
    make_refs_unique(result);
    return result;
}

}  // namespace qtable::tools
