// Builds the search catalogue on a thread of its own and hands every core its pointer to the new one. Changes
// that come while one is being built go into the next: a burst of them costs two builds. Owner: the server;
// any core may `put`. `confirmed` runs on the core that called, once every core searches what it put.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/inventory/live_restaurant.hpp"
#include "geo/catalogue.hpp"
#include "net/rt/runtime.hpp"

namespace qtable::net {

// What a core searches. By row of the listings: the restaurant, and its number among the refusals.
struct search_catalogue {
    std::shared_ptr<const geo::catalogue> listings;
    std::vector<const live_restaurant*> live;
    std::vector<std::uint32_t> refusal_numbers;
    std::vector<const refusal_block*> refusals;  // by number / places
};

class catalogue_builder {
  public:
    using installer = std::function<void(std::uint32_t core, std::shared_ptr<const search_catalogue>)>;

    // `install` runs on each core with the new catalogue.
    catalogue_builder(runtime& cores, installer install);
    ~catalogue_builder();
    catalogue_builder(const catalogue_builder&) = delete;
    catalogue_builder& operator=(const catalogue_builder&) = delete;

    // Start-up, before the cores run: many at once, built and installed by `start`.
    void put_at_start(live_restaurant& live);
    std::shared_ptr<const search_catalogue> build_now();
    void start();
    void stop();

    // Any core that has just published the restaurant.
    void put(std::uint32_t from_core, live_restaurant& live, std::function<void()> confirmed);

  private:
    struct change {
        restaurant_id id;
        live_restaurant* live = nullptr;
        bool is_public = false;
        geo::listing listing;
    };
    struct entry {
        live_restaurant* live = nullptr;
        geo::listing listing;
    };
    struct waiter {
        std::uint32_t core = 0;
        std::function<void()> confirmed;
    };

    static change describe(live_restaurant& live);
    void give_place(live_restaurant& live);
    void apply(change&& what);
    void work();
    void hand_out(std::shared_ptr<const search_catalogue> built, std::vector<waiter> waiters);

    runtime& cores_;
    installer install_;
    // The thread's, once started. A restaurant keeps its place among the refusals, public or not; the first
    // ones get theirs in the rows' order, so that neighbours share a block.
    boost::unordered_flat_map<restaurant_id, entry, id_hash> entries_;
    std::vector<std::unique_ptr<refusal_block>> refusals_;
    std::uint32_t refusal_places_given_ = 0;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<change> changes_;
    std::vector<waiter> waiters_;
    std::vector<std::shared_ptr<const search_catalogue>> replaced_;  // freed here: not on a core that serves
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace qtable::net
