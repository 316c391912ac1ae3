#include "core/event/event_log.hpp"

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"

namespace qtable {

void event_log::number(logged_event& row, bool is_public) noexcept {
    row.seq = ++decided_.seq;
    row.public_seq = is_public ? ++decided_.public_seq : 0;
}

void event_log::release(const logged_event& row) {
    QTABLE_ASSERT(row.seq == released_.seq + 1);
    released_.seq = row.seq;
    if (row.public_seq != 0) {
        QTABLE_ASSERT(row.public_seq == released_.public_seq + 1);
        released_.public_seq = row.public_seq;
    }
    if (decided_.seq < released_.seq) decided_ = released_;
    newest_.push_back(row);
    if (newest_.size() > limits::events_in_memory_per_restaurant) newest_.pop_front();
}

std::optional<std::vector<logged_event>> event_log::since(std::int64_t since, bool is_public) const {
    const auto number_of = [is_public](const logged_event& row) {
        return is_public ? row.public_seq : row.seq;
    };
    std::vector<logged_event> rows;
    if (since >= (is_public ? released_.public_seq : released_.seq)) return rows;
    // From the newest back to the first that the reader has not seen; that one must be kept here.
    std::int64_t first = 0;
    for (auto row = newest_.rbegin(); row != newest_.rend(); ++row) {
        if (number_of(*row) == 0) continue;
        first = number_of(*row);
        if (first <= since + 1) break;
    }
    if (first == 0 || first > since + 1) return std::nullopt;
    for (const logged_event& row : newest_) {
        if (number_of(row) > since) rows.push_back(row);
    }
    return rows;
}

}  // namespace qtable
