// A renderer for tests: short strings that say which thing in which version.
#pragma once

#include <string>

#include "core/engine/ports.hpp"

namespace qtable::test {

class text_renderer final : public renderer {
  public:
    std::string reservation_json(const reservation& what, const zone&) const override {
        return "reservation " + to_string(what.id) + " " + std::string(to_string(what.status)) + " v" +
               std::to_string(what.version);
    }
    std::string slot_json(const restaurant_id&, const slot& what) const override {
        return "slot " + to_string(what.id) + " v" + std::to_string(what.version);
    }
    std::string slots_json(const restaurant_id& where, std::span<const slot> what) const override {
        std::string text;
        for (const slot& each : what) text += slot_json(where, each) + ";";
        return text;
    }
    std::string table_json(const restaurant_id&, const table& what) const override {
        return "table " + what.label + " v" + std::to_string(what.version);
    }
    std::string restaurant_json(const restaurant& what) const override {
        return "restaurant " + what.profile.name + " v" + std::to_string(what.version);
    }
    std::string window_json(const std::optional<availability_window>& window) const override {
        if (!window) return "all";
        return to_string(window->date) + " " + std::to_string(window->from_min) + "-" +
               std::to_string(window->until_min);
    }
};

}  // namespace qtable::test
