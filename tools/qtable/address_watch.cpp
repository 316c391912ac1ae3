#include "tools/qtable/address_watch.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "storage/pg/blocking.hpp"

namespace qtable::tools {

namespace {

// Whichever order the names' addresses came in.
std::vector<std::string> places_of(const storage::connect_target& target) {
    std::vector<std::string> places;
    for (const auto& each : target.endpoints()) places.push_back(each.address + ' ' + each.port);
    std::sort(places.begin(), places.end());
    return places;
}

bool has_names(const storage::connect_target& target) {
    const auto is_name = [](const auto& each) { return !each.address.empty() && each.host != each.address; };
    return std::any_of(target.endpoints().begin(), target.endpoints().end(), is_name);
}

}  // namespace

struct address_watch::shared {
    std::string conninfo;
    std::function<void(const storage::connect_target&)> changed;
    std::mutex mutex;
    std::condition_variable wake;
    bool is_over = false;

    void watch(std::vector<std::string> known) {
        std::unique_lock lock(mutex);
        while (!wake.wait_for(lock, std::chrono::seconds(asked_every_s), [this] { return is_over; })) {
            lock.unlock();
            std::optional<storage::connect_target> found;
            try {
                found = storage::connect_target::resolve(conninfo);
            } catch (const storage::pg_error&) {
                // Nobody knows the name now: what was known stays.
            }
            lock.lock();
            if (is_over || !found || places_of(*found) == known) continue;
            known = places_of(*found);
            changed(*found);
        }
    }
};

address_watch::address_watch(std::string conninfo, const storage::connect_target& now,
                             std::function<void(const storage::connect_target&)> changed)
    : shared_(std::make_shared<shared>()) {
    if (!has_names(now)) return;
    shared_->conninfo = std::move(conninfo);
    shared_->changed = std::move(changed);
    std::thread([kept = shared_, known = places_of(now)] { kept->watch(known); }).detach();
}

address_watch::~address_watch() {
    const std::lock_guard lock(shared_->mutex);
    shared_->is_over = true;
    shared_->wake.notify_all();
}

}  // namespace qtable::tools
