#include "tools/qtable/stored_check.hpp"

#include <cstdio>

#include "core/engine/engine.hpp"
#include "proto/json_renderer.hpp"
#include "storage/store/boot_loader.hpp"
#include "storage/zone/zone_loader.hpp"

namespace qtable::tools {

namespace {

// An engine that only takes restaurants over.
class idle_ports final : public wall_clock, public journal, public released_sink {
  public:
    explicit idle_ports(instant now) : now_(now) {}
    instant now() const noexcept override { return now_; }
    bool available() const noexcept override { return false; }
    void write(std::shared_ptr<const batch>, std::function<void(batch_result)>) override {}
    void probe(const logged_event&, std::function<void(batch_outcome)>) override {}
    void load(std::vector<load_request>,
              std::function<void(result<std::vector<restaurant_image>>)>) override {}
    void load_events(restaurant_id, std::int64_t, bool,
                     std::function<void(result<std::vector<logged_event>>)>) override {}
    void answer(const reply_address&, reply&&) override {}
    void event(const released_event&, live_restaurant&) override {}
    void notice(customer_notice&&) override {}
    void configured(live_restaurant&, std::function<void()>) override {}
    void retire(std::vector<std::shared_ptr<const void>>&&) override {}

  private:
    instant now_;
};

}  // namespace

stored_check check_stored(const std::string& conninfo, instant now) {
    storage::zone_loader zones;
    idle_ports ports(now);
    const proto::json_renderer render;
    stored_check found;
    const auto refuse = [&found](const restaurant_id& id, std::string_view why) {
        ++found.unsound;
        std::printf("restaurant %s: %.*s\n", to_string(id).c_str(), static_cast<int>(why.size()), why.data());
    };
    storage::boot_loader loader(conninfo, [&zones](std::string_view name) -> std::shared_ptr<const zone> {
        auto loaded = zones.load(std::string(name));
        return loaded ? std::move(*loaded) : nullptr;
    });
    storage::boot_loader::sinks sinks;
    sinks.part_of = [](const restaurant_id&) { return std::size_t{0}; };
    sinks.restaurant = [&](restaurant_image&& image) {
        ++found.restaurants;
        const restaurant_id id = image.id;
        engine owner(0, ports, ports, render, ports);  // of this one alone: memory stays flat
        if (const auto problem = owner.adopt(std::move(image))) refuse(id, *problem);
    };
    sinks.refused = [&](const restaurant_id& id, std::string_view why) {
        ++found.restaurants;
        refuse(id, why);
    };
    sinks.receipt = [](const storage::stored_key&) {};
    loader.load(now, sinks);
    return found;
}

}  // namespace qtable::tools
