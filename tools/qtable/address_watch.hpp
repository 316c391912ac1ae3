// Asks for the addresses of the database's host names again and again, on a thread of its own since that may
// block: after a failover a name may lead elsewhere. Owner: main, which calls all of it; `changed` runs on
// the thread. Nothing is started where the database is named by addresses or sockets alone. A question that
// hangs doesn't keep the process from ending.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "storage/pg/conninfo.hpp"

namespace qtable::tools {

class address_watch {
  public:
    static constexpr int asked_every_s = 5;

    address_watch(std::string conninfo, const storage::connect_target& now,
                  std::function<void(const storage::connect_target&)> changed);
    // `changed` isn't called any more.
    ~address_watch();
    address_watch(const address_watch&) = delete;
    address_watch& operator=(const address_watch&) = delete;

  private:
    struct shared;
    std::shared_ptr<shared> shared_;
};

}  // namespace qtable::tools
