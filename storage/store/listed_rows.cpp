#include "storage/store/listed_rows.hpp"

namespace qtable::storage {

std::string full_name(const row& from, int first_name_column, int last_name_column) {
    std::string out = from.get<std::optional<std::string>>(first_name_column).value_or("");
    const auto last = from.get<std::optional<std::string_view>>(last_name_column).value_or("");
    if (!out.empty() && !last.empty()) out += ' ';
    return out += last;
}

listed_reservation read_listed(const row& from) {
    listed_reservation out;
    out.what = read_reservation(from);
    out.timezone = from.get<std::string>(reservation_columns);
    out.customer_name = full_name(from, reservation_columns + 1, reservation_columns + 2);
    out.customer_phone = from.get<std::optional<std::string>>(reservation_columns + 3).value_or("");
    return out;
}

}  // namespace qtable::storage
