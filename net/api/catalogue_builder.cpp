#include "net/api/catalogue_builder.hpp"

#include <atomic>
#include <limits>

#include "proto/render_restaurant.hpp"

namespace qtable::net {

catalogue_builder::catalogue_builder(runtime& cores, installer install)
    : cores_(cores), install_(std::move(install)) {}

catalogue_builder::~catalogue_builder() {
    stop();
}

catalogue_builder::change catalogue_builder::describe(live_restaurant& live) {
    change made;
    made.id = live.id;
    made.live = &live;
    const restaurant_view* view = live.view.load(std::memory_order_acquire);
    if (view == nullptr || !view->config->profile.is_public) return made;
    const restaurant& config = *view->config;
    made.is_public = true;
    made.listing.id = config.id;
    constexpr double nowhere = std::numeric_limits<double>::quiet_NaN();
    made.listing.at = {config.profile.latitude.value_or(nowhere), config.profile.longitude.value_or(nowhere)};
    made.listing.name = config.profile.name;
    made.listing.cuisine_type = config.profile.cuisine_type;
    made.listing.price_range = static_cast<std::uint8_t>(config.profile.price_range);
    made.listing.rating = config.rating;
    proto::render_public_members(config, made.listing.json);
    return made;
}

void catalogue_builder::apply(change&& what) {
    if (what.is_public) {
        entries_.insert_or_assign(what.id, entry{what.live, std::move(what.listing)});
    } else {
        entries_.erase(what.id);
    }
}

void catalogue_builder::put_at_start(live_restaurant& live) {
    apply(describe(live));
}

std::shared_ptr<const search_catalogue> catalogue_builder::build_now() {
    auto made = std::make_shared<search_catalogue>();
    std::vector<const geo::listing*> listings;
    std::vector<live_restaurant*> live;
    listings.reserve(entries_.size());
    live.reserve(entries_.size());
    for (auto& [id, each] : entries_) {
        each.listing.handle = static_cast<std::uint32_t>(live.size());
        listings.push_back(&each.listing);
        live.push_back(each.live);
    }
    made->listings = geo::catalogue::build(listings);
    const std::size_t rows = made->listings->size();
    made->live.reserve(rows);
    made->refusal_numbers.reserve(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        live_restaurant& here = *live[made->listings->entry_of(row).handle];
        if (here.refusals.load(std::memory_order_relaxed) == nullptr) give_place(here);
        made->live.push_back(&here);
        made->refusal_numbers.push_back(here.refusal_number);
    }
    for (const auto& block : refusals_) made->refusals.push_back(block.get());
    return made;
}

// Until its owner publishes there, search has to ask it.
void catalogue_builder::give_place(live_restaurant& live) {
    live.refusal_number = refusal_places_given_++;
    const std::size_t block = live.refusal_number / refusal_block::places;
    if (block == refusals_.size()) refusals_.push_back(std::make_unique<refusal_block>());
    live.refusals.store(refusals_[block].get(), std::memory_order_release);
}

void catalogue_builder::start() {
    thread_ = std::thread([this] { work(); });
}

void catalogue_builder::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void catalogue_builder::put(std::uint32_t from_core, live_restaurant& live, std::function<void()> confirmed) {
    change made = describe(live);
    {
        const std::lock_guard lock(mutex_);
        changes_.push_back(std::move(made));
        waiters_.push_back({from_core, std::move(confirmed)});
    }
    wake_.notify_one();
}

void catalogue_builder::work() {
    std::vector<change> changes;
    std::vector<waiter> waiters;
    std::vector<std::shared_ptr<const search_catalogue>> replaced;
    while (true) {
        changes.clear();
        waiters.clear();
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return is_stopping_ || !changes_.empty() || !replaced_.empty(); });
            if (is_stopping_) return;
            changes.swap(changes_);
            waiters.swap(waiters_);
            replaced.swap(replaced_);
        }
        replaced.clear();
        if (changes.empty()) continue;
        for (change& each : changes) apply(std::move(each));
        hand_out(build_now(), std::move(waiters));
        waiters = {};
    }
}

// To every core; the last one to take it over tells the waiters, and gives the catalogue before back to this
// thread.
void catalogue_builder::hand_out(std::shared_ptr<const search_catalogue> built, std::vector<waiter> waiters) {
    struct round {
        std::atomic<std::uint32_t> left;
        std::vector<waiter> waiters;
    };
    auto shared = std::make_shared<round>();
    shared->left = cores_.size();
    shared->waiters = std::move(waiters);
    for (std::uint32_t core = 0; core < cores_.size(); ++core) {
        cores_.post(core, [this, core, built, shared] {
            install_(core, built);
            if (shared->left.fetch_sub(1) != 1) return;
            for (waiter& each : shared->waiters) cores_.post(each.core, std::move(each.confirmed));
            {
                const std::lock_guard lock(mutex_);
                replaced_.push_back(built);
            }
            wake_.notify_one();
        });
    }
}

}  // namespace qtable::net
