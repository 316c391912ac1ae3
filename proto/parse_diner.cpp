#include "proto/parse_diner.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/limits.hpp"
#include "proto/body.hpp"
#include "proto/field_rules.hpp"

namespace qtable::proto {

namespace {

constexpr integer_range late_range = {0, limits::running_late_max_min};
constexpr integer_range rating_range = {1, 5};
constexpr text_rule review_rule = {0, limits::review_chars};

}  // namespace

parsed<hold_request> parse_hold_request(std::string_view body, json_scratch& scratch) {
    return parse_body<hold_request>(body, scratch, [](object_reader& in, hold_request& to) {
        to.restaurant = in.identifier<restaurant_id>("restaurant_id").value_or({});
        to.command.date = in.calendar_date("date").value_or({});
        to.command.minute = in.time_of_day("time").value_or(0);
        set(to.command.party_size, in.integer("party_size", party_range));
    });
}

parsed<waitlist_request> parse_waitlist_request(std::string_view body, json_scratch& scratch) {
    return parse_body<waitlist_request>(body, scratch, [](object_reader& in, waitlist_request& to) {
        to.restaurant = in.identifier<restaurant_id>("restaurant_id").value_or({});
        to.command.source = guest_source::waitlist;
        set(to.command.party_size, in.integer("party_size", party_range));
        set(to.command.notes, in.text("notes", notes_rule, presence::nullable));
    });
}

parsed<running_late> parse_running_late(std::string_view body, json_scratch& scratch) {
    return parse_body<running_late>(body, scratch, [](object_reader& in, running_late& to) {
        set(to.minutes, in.integer("minutes", late_range));
    });
}

parsed<review> parse_review(std::string_view body, json_scratch& scratch) {
    return parse_body<review>(body, scratch, [](object_reader& in, review& to) {
        set(to.rating, in.integer("rating", rating_range));
        set(to.text, in.text("text", review_rule, presence::nullable));
    });
}

parsed<nothing> parse_nothing(std::string_view body, json_scratch& scratch) {
    return parse_body<nothing>(body, scratch, [](object_reader&, nothing&) {});
}

std::vector<int> parse_party_sizes(std::string_view text) {
    std::vector<int> sizes;
    while (sizes.size() < limits::wait_quote_sizes) {
        const std::string_view one = text.substr(0, text.find(','));
        int size = 0;
        const auto [end, failed] = std::from_chars(one.data(), one.data() + one.size(), size);
        const bool is_whole = failed == std::errc{} && end == one.data() + one.size();
        if (!is_whole || size < 1 || size > limits::party_size_max) return {};
        sizes.push_back(size);
        if (one.size() == text.size()) {
            std::sort(sizes.begin(), sizes.end());
            sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
            return sizes;
        }
        text.remove_prefix(one.size() + 1);
    }
    return {};
}

}  // namespace qtable::proto
