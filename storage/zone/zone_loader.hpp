// Makes core's `zone` from an IANA name, from the system's tzdata.
// Owner: one thread (start-up or a worker): it reads files. The zones it gives out are immutable and may go
// to any core. Bounds: the periods from `first_year` to `last_year`; each zone is loaded once and kept.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/zone.hpp"

namespace qtable::storage {

class zone_loader {
  public:
    static constexpr int first_year = 1970, last_year = 2099;

    // Throws std::runtime_error with one clear line when the system has no time-zone data.
    zone_loader();
    ~zone_loader();

    // `invalid_input` for a name that tzdata doesn't have; paths are never opened.
    result<std::shared_ptr<const zone>> load(std::string_view name);
    bool knows(std::string_view name) const;
    // Every name, sorted; links (such as "Asia/Calcutta") too.
    const std::vector<std::string>& names() const noexcept { return names_; }
    // "2025b", or "unknown".
    std::string version() const;

  private:
    std::vector<std::string> names_;
    std::unordered_map<std::string, std::shared_ptr<const zone>> loaded_;
};

}  // namespace qtable::storage
