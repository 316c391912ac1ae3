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
    std::string combination_json(const restaurant_id&, const table_combination& what) const override {
        return "combination " + what.label + " v" + std::to_string(what.version);
    }
    std::string tables_json(const restaurant_id& where, std::span<const table> what) const override {
        std::string text;
        for (const table& each : what) text += table_json(where, each) + ";";
        return text;
    }
    std::string special_day_json(const special_day& what) const override {
        return "special day " + to_string(what.date) + " " + format_day_hours(what.hours);
    }
    std::string rules_json(const restaurant& what) const override {
        return "rules of " + what.profile.name + " v" + std::to_string(what.version);
    }
    std::string staff_member_json(const restaurant_id&, const staff_member& what) const override {
        return "staff " + to_string(what.id) + " " + std::string(to_string(what.role));
    }
    std::string review_json(const review& what) const override {
        return "review " + to_string(what.reservation) + " " + std::to_string(what.rating);
    }
    std::string guest_json(const restaurant_id&, const guest& what,
                           const wait_estimate* wait) const override {
        return "guest " + to_string(what.id) + " " + std::string(to_string(what.status)) + " v" +
               std::to_string(what.version) +
               (wait != nullptr ? " position " + std::to_string(wait->position) : "");
    }
    std::string guests_json(const restaurant_id& where, std::span<const guest_line> what,
                            const std::optional<guest_id>& next) const override {
        std::string text;
        for (const guest_line& each : what)
            text += guest_json(where, *each.who, each.wait ? &*each.wait : nullptr) + ";";
        return text + (next ? "next " + to_string(*next) : "");
    }
    std::string hold_json(const hold& what, const zone&) const override {
        return "hold " + to_string(what.id) + " at " + time_of_day_to_string(what.minute);
    }
    std::string holds_json(std::span<const hold> what, const zone& where) const override {
        std::string text;
        for (const hold& each : what) text += hold_json(each, where) + ";";
        return text;
    }
    std::string floor_json(const floor_picture& what) const override {
        std::string text = "floor " + to_string(what.date) + " seq " + std::to_string(what.seq) + ":";
        for (const table_line& each : what.tables)
            text += " " + each.what->label + " " + std::string(to_string(each.what->status)) +
                    (each.next != nullptr ? " next" : "") + (each.seated != nullptr ? " seated" : "") + ";";
        return text + " " + std::to_string(what.guests.size()) + " guests, " +
               std::to_string(what.reservations.size()) + " reservations";
    }
    std::string dashboard_json(const dashboard_picture& what) const override {
        const auto& r = what.reservations;
        return "dashboard " + to_string(what.date) + " confirmed " + std::to_string(r.confirmed) +
               " seated " + std::to_string(r.seated) + " completed " + std::to_string(r.completed) +
               " booked " + std::to_string(what.covers_booked) + " sit " +
               std::to_string(what.covers_seated) + " served " + std::to_string(what.covers_served) +
               " walk-ins " + std::to_string(what.walk_ins) + " waiting " +
               std::to_string(what.waiting_parties) + " late " + std::to_string(what.late.size()) + " next " +
               std::to_string(what.next.size());
    }
    std::string wait_quotes_json(const restaurant_id&, instant,
                                 std::span<const wait_quote> what) const override {
        std::string text;
        for (const wait_quote& each : what)
            text += "party " + std::to_string(each.party_size) + " position " +
                    std::to_string(each.wait.position) + ";";
        return text;
    }
    std::string deleted_json(const uuid& what) const override { return "deleted " + to_string(what); }
    std::string window_json(const std::optional<availability_window>& window) const override {
        if (!window) return "all";
        return to_string(window->date) + " " + std::to_string(window->from_min) + "-" +
               std::to_string(window->until_min);
    }
};

}  // namespace qtable::test
