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
    std::string combination_json(const restaurant_id& restaurant,
                                 const table_combination& what) const override;
    std::string tables_json(const restaurant_id& restaurant, std::span<const table> what) const override;
    std::string special_day_json(const special_day& what) const override;
    std::string rules_json(const restaurant& what) const override;
    std::string staff_member_json(const restaurant_id& restaurant, const staff_member& what) const override;
    std::string review_json(const review& what) const override;
    std::string guest_json(const restaurant_id& restaurant, const guest& what,
                           const wait_estimate* wait) const override;
    std::string guests_json(const restaurant_id& restaurant, std::span<const guest_line> what,
                            const std::optional<guest_id>& next) const override;
    std::string hold_json(const hold& what, const zone& local_zone) const override;
    std::string holds_json(std::span<const hold> what, const zone& local_zone) const override;
    std::string floor_json(const floor_picture& what) const override;
    std::string dashboard_json(const dashboard_picture& what) const override;
    std::string wait_quotes_json(const restaurant_id& restaurant, instant at,
                                 std::span<const wait_quote> what) const override;
    std::string deleted_json(const uuid& what) const override;
    std::string window_json(const std::optional<availability_window>& window) const override;
};

}  // namespace qtable::proto
