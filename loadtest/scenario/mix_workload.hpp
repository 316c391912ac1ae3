// The requests of a scenario on one thread: picks the kind by weight, makes the request, learns from the
// answer. Owner: its driver's thread; `bookings` also for whoever looks after the run.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "loadtest/engine/workload.hpp"
#include "loadtest/measure/dice.hpp"
#include "loadtest/scenario/blip_watch.hpp"
#include "loadtest/scenario/booking_log.hpp"
#include "loadtest/scenario/offers.hpp"
#include "loadtest/scenario/public_requests.hpp"
#include "loadtest/scenario/scenario.hpp"
#include "loadtest/scenario/world.hpp"

namespace qtable::loadtest {

struct mix_options {
    std::uint64_t seed = 1;
    unsigned share = 0, shares = 1;  // which thread of how many
    std::uint32_t slots = 1;         // connections
    bool keeps_bodies = false;
};

class mix_workload final : public workload {
  public:
    mix_workload(const world& in, const scenario& what, const mix_options& options);

    void next(std::uint32_t slot, std::int64_t now_ns, planned_request& made) override;
    void done(const outcome& what) override;

    const booking_log& bookings() const noexcept { return bookings_; }
    const blip_watch& outage() const noexcept { return outage_; }

  private:
    // What a connection is about.
    struct pending {
        wanted_booking wanted;
        std::string note;
        std::size_t booking = 0;            // the one being cancelled
        const day_question* day = nullptr;  // whose answer is of use
        enum class step : std::uint8_t { other, guest_added, guest_leaves } staff = step::other;
    };

    kind pick();
    void plan_search(planned_request& made);
    void plan_availability(pending& here, planned_request& made);
    void plan_book(pending& here, planned_request& made);
    void plan_cancel(pending& here, std::int64_t now_ns, planned_request& made);
    void plan_list(planned_request& made);
    void plan_staff(pending& here, planned_request& made);
    std::string next_key();

    const world& world_;
    const scenario& what_;
    dice dice_;
    std::array<unsigned, kinds> weights_;
    unsigned weight_sum_ = 0;
    public_requests questions_;
    offers offers_;
    booking_log bookings_;
    blip_watch outage_;
    std::vector<pending> pending_;
    std::string key_prefix_;
    std::uint64_t keys_ = 0;
    std::string bytes_, body_, path_;  // of the request being made
    struct waiting_guest {
        std::uint32_t place;
        std::string id;
    };
    std::vector<waiting_guest> guests_;  // whom staff has put on a waitlist
};

}  // namespace qtable::loadtest
