// The thread that sends letters: slow mail servers keep no core waiting. Jobs run one after the other; there
// are at most as many as one claim of the outbox holds. Any thread may call `run`; `finish` is main's.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "storage/store/smtp_sink.hpp"

namespace qtable::tools {

class mail_worker {
  public:
    mail_worker() : stop_(std::make_shared<storage::smtp_stop>()) {}
    ~mail_worker() { finish(std::chrono::milliseconds(0)); }
    mail_worker(const mail_worker&) = delete;
    mail_worker& operator=(const mail_worker&) = delete;

    // The thread begins with the first job.
    void run(std::function<void()> job);
    // No letter is begun any more; waits for the one in hand, not longer than `patience`, and ends the
    // thread. Every job has run then.
    void finish(std::chrono::milliseconds patience);
    // For the sink.
    std::shared_ptr<const storage::smtp_stop> stop() const { return stop_; }

  private:
    void work();

    std::shared_ptr<storage::smtp_stop> stop_;
    std::mutex mutex_;
    std::condition_variable wake_, idle_;
    std::deque<std::function<void()>> jobs_;
    bool is_busy_ = false;
    bool is_finishing_ = false;
    std::thread thread_;
};

}  // namespace qtable::tools
