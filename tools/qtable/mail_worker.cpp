#include "tools/qtable/mail_worker.hpp"

#include <utility>

namespace qtable::tools {

void mail_worker::run(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    if (is_finishing_) return;  // the letter's lease brings it back
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    jobs_.push_back(std::move(job));
    wake_.notify_one();
}

void mail_worker::finish(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    is_finishing_ = true;
    stop_->no_more.store(true);
    wake_.notify_one();
    idle_.wait_for(lock, patience, [this] { return jobs_.empty() && !is_busy_; });
    stop_->at_once.store(true);
    lock.unlock();
    if (thread_.joinable()) thread_.join();
}

void mail_worker::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return is_finishing_ || !jobs_.empty(); });
        if (jobs_.empty()) return;
        const std::function<void()> job = std::move(jobs_.front());
        jobs_.pop_front();
        is_busy_ = true;
        lock.unlock();
        job();
        lock.lock();
        is_busy_ = false;
        if (jobs_.empty()) idle_.notify_all();
    }
}

}  // namespace qtable::tools
