#include "loadtest/scenario/farm_report.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

namespace qtable::loadtest {

namespace {

constexpr int too_slow = 4408;

double as_number(std::uint64_t value) {
    return static_cast<double>(value);
}

// From the arrival of the 201 to the arrival of the event at a socket; an event that is there first has no
// delay.
void add_delays_after_201(const farm_totals& saw, const std::vector<const booking_log*>& logs,
                          run_report& to) {
    std::unordered_map<std::uint64_t, std::int64_t> confirmed;
    for (const booking_log* log : logs) {
        for (const booking& each : log->all())
            confirmed.emplace(reservation_hash(each.id), each.confirmed_ns);
    }
    std::array<histogram, sides> delays;
    std::uint64_t early = 0;
    for (const sighting& each : saw.sightings) {
        const auto found = confirmed.find(each.reservation);
        if (found == confirmed.end()) continue;
        const std::int64_t delay_ns = each.at_ns - found->second;
        if (delay_ns < 0) ++early;
        delays[static_cast<std::size_t>(each.of)].record(std::max<std::int64_t>(0, delay_ns));
    }
    for (std::size_t i = 0; i < sides; ++i) {
        if (!delays[i].is_empty()) to.delays.push_back({std::string(after_201) + side_names[i], delays[i]});
    }
    to.facts.push_back({"events that came before their 201", as_number(early), ""});
}

void add_slow_readers(const farm_totals& saw, run_report& to) {
    const auto closes = saw.closes.find(too_slow);
    to.facts.push_back({"closes with 4408", as_number(closes == saw.closes.end() ? 0 : closes->second), ""});
    to.delays.push_back({"all are reading", saw.calm});
    to.delays.push_back({"some have stopped reading", saw.after});
    if (saw.calm.is_empty() || saw.after.is_empty()) return;
    const double ratio = as_number(static_cast<std::uint64_t>(saw.after.percentile(99))) /
                         std::max(1.0, as_number(static_cast<std::uint64_t>(saw.calm.percentile(99))));
    to.facts.push_back({"p99 of the others, against before", ratio, "×"});
}

}  // namespace

void add_farm(const farm_totals& saw, const scenario& what, const std::vector<const booking_log*>& logs,
              std::size_t sockets, run_report& to) {
    add_delays_after_201(saw, logs, to);
    for (std::size_t i = 0; i < sides; ++i) {
        if (!saw.delay[i].is_empty())
            to.delays.push_back({std::string(after_at) + side_names[i], saw.delay[i]});
    }
    if (!saw.resume.is_empty()) to.delays.push_back({"from a drop to all that was missed", saw.resume});
    if (what.what == drama::slow_readers) add_slow_readers(saw, to);

    const std::pair<const char*, std::uint64_t> counts[] = {
        {"sockets", sockets},
        {"events", saw.events},
        {"sockets dropped", saw.dropped},
        {"sockets resumed", saw.reconnects},
        {"events replayed", saw.replayed},
        {"holes", saw.holes},
        {"duplicates", saw.duplicates},
        {"resyncs", saw.resyncs},
        {"sockets behind in the end", saw.behind},
        {"sockets not back yet in the end", saw.late},
        {"upgrades refused", saw.refused},
        {"sockets cut off without a close", saw.cut_off},
    };
    for (const auto& [name, count] : counts) {
        const bool is_told = count > 0 || std::string_view(name) == "holes" ||
                             std::string_view(name) == "duplicates" || std::string_view(name) == "resyncs";
        if (is_told) to.facts.push_back({name, as_number(count), ""});
    }
    for (const auto& [code, count] : saw.closes)
        to.facts.push_back({"closed by the target with " + std::to_string(code), as_number(count), ""});

    const bool is_whole = saw.holes == 0 && saw.duplicates == 0 && saw.behind == 0;
    to.checks.push_back({"every stream is without hole and repeat", is_whole,
                         is_whole ? std::to_string(saw.events) + " events"
                                  : std::to_string(saw.holes) + " holes, " + std::to_string(saw.duplicates) +
                                        " duplicates, " + std::to_string(saw.behind) + " sockets behind"});
    if (saw.late > 0)
        to.notes.push_back(std::to_string(saw.late) +
                           " sockets had not caught up long after the load had ended");
    for (const event_second& each : saw.seconds) {
        const auto found =
            std::find_if(to.seconds.begin(), to.seconds.end(),
                         [&each](const second_report& one) { return one.second == each.second; });
        if (found == to.seconds.end()) continue;
        found->events = each.events;
        found->event_p99_ns = each.p99_ns;
    }
}

}  // namespace qtable::loadtest
