#include "loadtest/check/overlaps.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace qtable::loadtest {

namespace {

bool do_overlap(const claim& a, const claim& b) {
    return a.start_ms < b.end_ms && b.start_ms < a.end_ms && a.reservation != b.reservation;
}

template <class Items, class Table>
std::map<std::string_view, std::vector<std::size_t>> by_table(const Items& items, const Table& table_of) {
    std::map<std::string_view, std::vector<std::size_t>> made;
    for (std::size_t i = 0; i < items.size(); ++i) made[table_of(items[i])].push_back(i);
    return made;
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> find_overlaps(const std::vector<claim>& claims) {
    std::vector<std::pair<std::size_t, std::size_t>> found;
    for (auto& [table, standing] :
         by_table(claims, [](const claim& each) -> std::string_view { return each.table; })) {
        std::sort(standing.begin(), standing.end(), [&claims](std::size_t a, std::size_t b) {
            return claims[a].start_ms < claims[b].start_ms;
        });
        // Of those that began before, the one that ends last is the one that others run into.
        std::size_t longest = standing.front();
        for (const std::size_t each : standing) {
            if (each == longest) continue;
            if (do_overlap(claims[longest], claims[each])) found.emplace_back(longest, each);
            if (claims[each].end_ms > claims[longest].end_ms) longest = each;
        }
    }
    return found;
}

std::vector<std::pair<std::size_t, std::size_t>> find_double_promises(const std::vector<promise>& promises) {
    std::vector<std::pair<std::size_t, std::size_t>> found;
    const auto table_of = [](const promise& each) -> std::string_view { return each.of.table; };
    for (auto& [table, order] : by_table(promises, table_of)) {
        std::sort(order.begin(), order.end(), [&promises](std::size_t a, std::size_t b) {
            return promises[a].confirmed_ns < promises[b].confirmed_ns;
        });
        std::vector<std::size_t> held;
        for (const std::size_t each : order) {
            const promise& later = promises[each];
            // Whose cancelling was asked for by now can't stand in the way of this one, nor of any after it.
            std::erase_if(held,
                          [&](std::size_t one) { return promises[one].released_ns < later.confirmed_ns; });
            for (const std::size_t one : held) {
                const promise& earlier = promises[one];
                if (earlier.confirmed_ns <= later.sent_ns && do_overlap(earlier.of, later.of))
                    found.emplace_back(one, each);
            }
            held.push_back(each);
        }
    }
    return found;
}

}  // namespace qtable::loadtest
