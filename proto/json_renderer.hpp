// The engine's renderer port, by the writers of this folder. Stateless: one instance serves every core.
#pragma once

#include "core/engine/ports.hpp"

namespace qtable::proto {

class json_renderer final : public renderer {
  public:
    std::string reservation_json(const reservation& what, const zone& local_zone) const override;
    std::string slot_json(const restaurant_id& restaurant, const slot& what) const override;
    std::string slots_json(const restaurant_id& restaurant, std::span<const slot> what) const override;
    std::string table_json(const restaurant_id& restaurant, const table& what) const override;
    std::string restaurant_json(const restaurant& what) const override;
    std::string window_json(const std::optional<availability_window>& window) const override;
};

}  // namespace qtable::proto
