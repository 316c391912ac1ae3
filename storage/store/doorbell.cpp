// What is said by NOTIFY, written and read.
#include <algorithm>

#include "core/base/limits.hpp"
#include "storage/store/bulk_writer.hpp"
#include "storage/store/journal.hpp"

namespace qtable::storage {

std::string format_doorbell(std::string_view writer, const std::vector<restaurant_id>& restaurants) {
    std::string out(writer);
    out += ' ';
    if (out.size() + restaurants.size() * 37 > limits::notify_payload_bytes) return out += '*';
    for (const restaurant_id& id : restaurants) {
        if (out.back() != ' ') out += ',';
        out += to_string(id);
    }
    return out;
}

doorbell parse_doorbell(std::string_view payload) {
    doorbell out;
    const auto blank = payload.find(' ');
    out.writer = payload.substr(0, blank);
    std::string_view rest = blank == std::string_view::npos ? std::string_view{} : payload.substr(blank + 1);
    out.everything = rest.empty() || rest == "*";
    while (!out.everything && !rest.empty()) {
        const auto comma = std::min(rest.find(','), rest.size());
        const auto id = restaurant_id::parse(rest.substr(0, comma));
        out.everything = !id;
        if (id) out.restaurants.push_back(*id);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    if (out.everything) out.restaurants.clear();
    return out;
}

std::vector<restaurant_id> parse_changed_restaurants(std::string_view payload) {
    std::vector<restaurant_id> out;
    while (!payload.empty()) {
        const std::size_t comma = std::min(payload.find(','), payload.size());
        if (const auto id = restaurant_id::parse(payload.substr(0, comma))) out.push_back(*id);
        payload.remove_prefix(std::min(comma + 1, payload.size()));
    }
    return out;
}

}  // namespace qtable::storage
