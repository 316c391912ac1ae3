#include "loadtest/check/verification.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>

#include "loadtest/check/overlaps.hpp"
#include "loadtest/check/stored.hpp"
#include "loadtest/failure.hpp"
#include "loadtest/wire/http_client.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::size_t parallel_reads = 8;
constexpr std::size_t named_max = 2;  // of what is wrong, in the report

using stored_by_id = std::unordered_map<std::string, stored_reservation>;

// What is wrong with a kind of promise: how many, and the first few by name.
class complaint {
  public:
    void add(const std::string& what) {
        if (++count_ <= named_max) named_ += (named_.empty() ? "" : "; ") + what;
    }
    bool is_empty() const { return count_ == 0; }
    std::string text() const {
        if (count_ == 0) return {};
        return std::to_string(count_) + ": " + named_ + (count_ > named_max ? "; …" : "");
    }

  private:
    std::size_t count_ = 0;
    std::string named_;
};

// Takes out of `diners` those whose lists can't be read.
stored_by_id read_diners_lists(const target& to, const world& in, std::set<std::uint32_t>& diners,
                               complaint& unread) {
    const std::vector<std::uint32_t> order(diners.begin(), diners.end());
    std::mutex lock;
    stored_by_id found;
    in_parallel(to, order.size(), parallel_reads, [&](http_client& client, std::size_t i) {
        std::vector<stored_reservation> list;
        std::string why;
        try {
            list = read_all(client, "/customer/reservations", in.diners[order[i]]);
        } catch (const no_answer& failure) {
            why = failure.what();
        }
        const std::lock_guard held(lock);
        if (!why.empty()) {
            unread.add(why);
            diners.erase(order[i]);
        }
        for (stored_reservation& each : list) found.emplace(each.id, std::move(each));
    });
    return found;
}

// What the staff of the hot restaurant see of its day: bookings of others too.
std::vector<stored_reservation> read_house_list(const target& to, const world& in, complaint& unread) {
    const offer& hot = in.offers.front();
    http_client client(to);
    try {
        return read_all(
            client,
            "/restaurants/" + in.places[hot.place].id + "/customer-reservations?date=" + in.days[hot.day],
            in.staff_token);
    } catch (const no_answer& failure) {
        unread.add(failure.what());
        return {};
    }
}

std::string difference(const booking& promised, const stored_reservation& stored, const world& in) {
    const wanted_booking& wanted = promised.wanted;
    const auto differ = [](const char* what, const std::string& was, const std::string& is) {
        return was == is ? std::string() : std::string(what) + " was " + was + " and is " + is;
    };
    std::string found = differ("restaurant", in.places[wanted.place].id, stored.restaurant);
    if (found.empty()) found = differ("date", in.days[wanted.day], stored.date);
    if (found.empty()) found = differ("time", clock_text(wanted.minute), stored.time);
    if (found.empty()) found = differ("party", std::to_string(wanted.party), std::to_string(stored.party));
    if (found.empty()) found = differ("note", promised.note, stored.note);
    // And what the 201 itself said.
    const stored_reservation told = read_reservation(promised.body);
    if (found.empty())
        found = differ("time in the 201", told.date + ' ' + told.time, stored.date + ' ' + stored.time);
    if (found.empty() && told.starts_ms && stored.starts_ms && *told.starts_ms != *stored.starts_ms)
        found = "another instant than the 201 said";
    return found;
}

// `readable`: whose lists could be read; of the others nothing is known.
void check_promises(const std::vector<const booking_log*>& logs, const world& in, const stored_by_id& stored,
                    const std::set<std::uint32_t>& readable, const complaint& unread, verification& made) {
    complaint lost, altered, uncancelled;
    std::uint64_t looked_up = 0;
    for (const booking_log* log : logs) {
        for (const booking& each : log->all()) {
            if (!readable.contains(each.wanted.diner)) continue;
            ++looked_up;
            const auto found = stored.find(each.id);
            if (each.id.empty() || found == stored.end()) {
                lost.add(each.id.empty() ? "a 201 without an id" : each.id);
                continue;
            }
            const std::string unlike = difference(each, found->second, in);
            if (!unlike.empty()) altered.add(each.id + " " + unlike);
            const bool is_gone = found->second.status == "cancelled";
            if (each.cancel == cancelling::none && is_gone)
                lost.add(each.id + " is cancelled, by nobody here");
            if (each.cancel == cancelling::done && !is_gone)
                uncancelled.add(each.id + " is " + found->second.status);
        }
    }
    std::string detail = std::to_string(looked_up) + " looked up";
    if (!lost.is_empty()) detail = lost.text();
    if (!unread.is_empty()) detail += "; lists that could not be read, " + unread.text();
    made.checks.push_back({"every 201 is there", lost.is_empty() && unread.is_empty(), one_line(detail)});
    made.checks.push_back({"every 201 is unaltered", altered.is_empty(), one_line(altered.text())});
    made.checks.push_back(
        {"what was cancelled is cancelled", uncancelled.is_empty(), one_line(uncancelled.text())});
    made.facts.push_back({"confirmations looked up", static_cast<double>(looked_up), ""});
}

void check_tables(const std::vector<claim>& claims, verification& made) {
    complaint twice;
    for (const auto& [a, b] : find_overlaps(claims))
        twice.add(claims[a].reservation + " and " + claims[b].reservation + " at table " + claims[a].table);
    const std::string looked = std::to_string(claims.size()) + " tables taken";
    made.checks.push_back(
        {"no table is booked twice", twice.is_empty(), one_line(twice.is_empty() ? looked : twice.text())});
}

void check_history(const std::vector<const booking_log*>& logs, verification& made) {
    std::vector<promise> promises;
    for (const booking_log* log : logs) {
        for (const booking& each : log->all()) {
            promise one;
            one.sent_ns = each.sent_ns;
            one.confirmed_ns = each.confirmed_ns;
            if (each.cancel != cancelling::none) one.released_ns = each.cancel_sent_ns;
            for (claim& table : read_reservation(each.body).claims()) {
                one.of = std::move(table);
                promises.push_back(one);
            }
        }
    }
    complaint twice;
    for (const auto& [a, b] : find_double_promises(promises))
        twice.add(promises[b].of.reservation + " while " + promises[a].of.reservation + " had the table");
    made.checks.push_back(
        {"no table was promised twice at any time", twice.is_empty(),
         one_line(twice.is_empty() ? std::to_string(promises.size()) + " promises" : twice.text())});
}

// For targets that don't say which table: no start may have more parties than it had tables to offer.
void check_counts(const world& in, const stored_by_id& stored, verification& made) {
    const offer& hot = in.offers.front();
    std::map<std::string, unsigned> standing;
    for (const auto& [id, each] : stored) {
        const bool is_here = each.restaurant == in.places[hot.place].id && each.date == in.days[hot.day];
        if (is_here && each.takes_a_table()) ++standing[each.time];
    }
    complaint over;
    for (const free_start& start : hot.starts) {
        const unsigned count = standing[clock_text(start.minute)];
        if (count > start.tables)
            over.add(std::to_string(count) + " parties at " + clock_text(start.minute) + " for " +
                     std::to_string(start.tables) + " tables");
    }
    made.checks.push_back(
        {"no start has more parties than tables were free", over.is_empty(), one_line(over.text())});
}

}  // namespace

verification verify(const target& to, const world& in, const std::vector<const booking_log*>& logs,
                    bool is_hot) {
    verification made;
    std::set<std::uint32_t> diners;
    std::uint64_t not_kept = 0;
    for (const booking_log* log : logs) {
        for (const booking& each : log->all()) diners.insert(each.wanted.diner);
        not_kept += log->not_kept();
    }
    if (not_kept > 0)
        made.notes.push_back(std::to_string(not_kept) +
                             " confirmations were more than is kept, and weren't looked up");
    complaint unread;
    const stored_by_id stored = read_diners_lists(to, in, diners, unread);
    std::vector<claim> claims;
    const auto add = [&claims](const stored_reservation& each) {
        if (!each.takes_a_table()) return;
        for (claim& table : each.claims()) claims.push_back(std::move(table));
    };
    if (is_hot && in.has_staff()) {
        for (const stored_reservation& each : read_house_list(to, in, unread)) add(each);
    } else {
        for (const auto& [id, each] : stored) add(each);
    }
    check_promises(logs, in, stored, diners, unread, made);
    const bool tells_tables = std::any_of(stored.begin(), stored.end(), [](const auto& each) {
        return !each.second.takes_a_table() || !each.second.claims().empty();
    });
    if (!tells_tables && !stored.empty())
        made.notes.push_back(
            "the target doesn't say which tables a reservation has: only starts were counted");
    check_tables(claims, made);
    check_history(logs, made);
    if (is_hot) check_counts(in, stored, made);
    return made;
}

}  // namespace qtable::loadtest
