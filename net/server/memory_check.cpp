#include "net/server/memory_check.hpp"

#include <memory>
#include <mutex>
#include <utility>

#include "core/engine/compare.hpp"
#include "net/api/app_core.hpp"

namespace qtable::net {

namespace {

// What all cores put together.
struct gathered {
    std::mutex mutex;
    memory_comparison sum;
    std::size_t cores_left = 0;
    std::function<void(memory_comparison&&)> done;

    void add(memory_comparison&& of_core) {
        std::function<void(memory_comparison &&)> tell;
        {
            const std::lock_guard lock(mutex);
            sum.restaurants += of_core.restaurants;
            sum.unsettled += of_core.unsettled;
            sum.difference_count += of_core.difference_count;
            for (std::string& each : of_core.differences) {
                if (sum.differences.size() < memory_check::reported)
                    sum.differences.push_back(std::move(each));
            }
            if (--cores_left == 0) tell = std::move(done);
        }
        if (tell) tell(std::move(sum));
    }
};

// One core's part, kept alive by the callback that it waits for.
class core_check : public std::enable_shared_from_this<core_check> {
  public:
    core_check(app_core& app, std::shared_ptr<gathered> into) : app_(app), into_(std::move(into)) {
        app_.engine().for_each([this](const owned_restaurant& each) { due_.push_back(each.id); });
        found_.restaurants = due_.size();
    }

    void go_on() {
        if (due_.empty()) {
            if (later_.empty() || ++round_ == memory_check::rounds) return finish();
            due_.swap(later_);
        }
        std::vector<journal::load_request> requests;
        asked_.clear();
        while (!due_.empty() && requests.size() < memory_check::restaurants_at_a_time) {
            const owned_restaurant* const owned = app_.engine().find(due_.back());
            if (owned != nullptr) {
                requests.push_back({due_.back(), owned->log.released_seq()});
                asked_.push_back(due_.back());
            }
            due_.pop_back();
        }
        app_.log().load(std::move(requests),
                        [self = shared_from_this()](result<std::vector<restaurant_image>> images) {
                            self->compare(std::move(images));
                        });
    }

  private:
    void compare(result<std::vector<restaurant_image>>&& images) {
        if (!images && images.error() == make_error_code(errc::overloaded)) {
            later_.insert(later_.end(), asked_.begin(), asked_.end());
            return go_on();
        }
        if (!images) {
            tell("the database can't be read at the moment");
            return finish();
        }
        for (const restaurant_image& stored : *images) {
            const owned_restaurant* const owned = app_.engine().find(stored.id);
            if (owned == nullptr) continue;
            if (!is_comparable(*owned, stored)) {
                later_.push_back(stored.id);
                continue;
            }
            for (std::string& each : differences(*owned, stored, app_.wall_now())) tell(std::move(each));
        }
        go_on();
    }
    void tell(std::string&& what) {
        ++found_.difference_count;
        if (found_.differences.size() < memory_check::reported) found_.differences.push_back(std::move(what));
    }
    void finish() {
        found_.unsettled = later_.size();
        into_->add(std::move(found_));
    }

    app_core& app_;
    std::shared_ptr<gathered> into_;
    std::vector<restaurant_id> due_, asked_, later_;
    int round_ = 0;
    memory_comparison found_;
};

}  // namespace

void compare_memory(std::span<app_core* const> cores, std::function<void(memory_comparison&&)> done) {
    auto into = std::make_shared<gathered>();
    into->cores_left = cores.size();
    into->done = std::move(done);
    for (app_core* const app : cores) {
        app->cores().post(app->index(), [app, into] { std::make_shared<core_check>(*app, into)->go_on(); });
    }
}

}  // namespace qtable::net
