#include "core/inventory/pacing.hpp"

#include <algorithm>

#include "core/base/assert.hpp"

namespace qtable {

namespace {

std::int32_t utc_day(instant at) noexcept {
    return static_cast<std::int32_t>(at.ms / ms_per_day - (at.ms % ms_per_day < 0 ? 1 : 0));
}

}  // namespace

void pacing_counts::add(instant starts_at, int party_size) {
    std::vector<entry>& entries = days_[utc_day(starts_at)];
    auto at = std::lower_bound(entries.begin(), entries.end(), starts_at,
                               [](const entry& e, instant key) { return e.starts_at < key; });
    if (at == entries.end() || at->starts_at != starts_at) at = entries.insert(at, entry{starts_at, 0, 0});
    at->parties += 1;
    at->covers += party_size;
}

void pacing_counts::remove(instant starts_at, int party_size) {
    const auto day = days_.find(utc_day(starts_at));
    QTABLE_ASSERT(day != days_.end());
    std::vector<entry>& entries = day->second;
    const auto at = std::lower_bound(entries.begin(), entries.end(), starts_at,
                                     [](const entry& e, instant key) { return e.starts_at < key; });
    QTABLE_ASSERT(at != entries.end() && at->starts_at == starts_at && at->covers >= party_size);
    at->parties -= 1;
    at->covers -= party_size;
    if (at->parties == 0) entries.erase(at);
    if (entries.empty()) days_.erase(day);
}

template <class Visit>
void pacing_counts::for_each(instant after, instant before, Visit&& visit) const noexcept {
    for (std::int32_t day = utc_day(after); day <= utc_day(before); ++day) {
        const auto found = days_.find(day);
        if (found == days_.end()) continue;
        for (const entry& e : found->second) {
            if (e.starts_at > after && e.starts_at < before) visit(e);
        }
    }
}

pacing_load pacing_counts::within(instant around, int interval_min) const noexcept {
    pacing_load load;
    for_each(around.plus_minutes(-interval_min), around.plus_minutes(interval_min), [&load](const entry& e) {
        load.parties += e.parties;
        load.covers += e.covers;
    });
    return load;
}

bool pacing_counts::any(instant after, instant before) const noexcept {
    bool found = false;
    for_each(after, before, [&found](const entry&) { found = true; });
    return found;
}

std::size_t pacing_counts::bytes() const noexcept {
    std::size_t total = days_.bucket_count() * (sizeof(std::int32_t) + sizeof(std::vector<entry>) + 1);
    for (const auto& [day, entries] : days_) total += entries.capacity() * sizeof(entry);
    return total;
}

}  // namespace qtable
