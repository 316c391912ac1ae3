#include "loadtest/scenario/booking_log.hpp"

#include <utility>

#include "loadtest/wire/members.hpp"

namespace qtable::loadtest {

void booking_log::confirmed(const wanted_booking& what, std::string_view note, std::string_view body,
                            std::int64_t sent_ns, std::int64_t now_ns) {
    if (all_.size() >= most) {
        ++not_kept_;
        return;
    }
    booking made;
    made.wanted = what;
    made.id = find_member(body, "id");
    if (keeps_bodies_) {
        made.body = body;
        made.note = note;
    }
    made.sent_ns = sent_ns;
    made.confirmed_ns = now_ns;
    if (!made.id.empty()) standing_.push_back(all_.size());
    all_.push_back(std::move(made));
}

std::optional<std::size_t> booking_log::begin_cancel(std::int64_t now_ns) {
    if (standing_.empty()) return std::nullopt;
    const std::size_t which = standing_.front();
    standing_.pop_front();
    all_[which].cancel = cancelling::asked;
    all_[which].cancel_sent_ns = now_ns;
    return which;
}

}  // namespace qtable::loadtest
