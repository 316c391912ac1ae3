// The owner of restaurants on one core: decides their commands one after the other, lets the commit gate make
// them durable, and only then answers and tells others. After a commit that failed, or whose outcome is not
// known, it reads the restaurants that were touched from the database again and decides anew: there is no
// compensation by hand. Publishing shows all that memory holds, and capacity that is taken but not committed
// yet makes readers see too little. Whatever else a command changes (slots, tables, profile) must not be seen
// early: such a command is decided only when the next commit of its restaurant will be its own; until then it
// waits, and those behind it do. Questions are decided like commands, so that they tell only what is durable.
// Owner core only. Deterministic: ports are its only outside. Bounds: `limits::mailbox_commands` commands
// wait; more are refused as `overloaded`. May go before the journal and the sink do: what they answer later
// is dropped.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/commit_gate.hpp"
#include "core/engine/owned_restaurant.hpp"
#include "core/engine/ports.hpp"

namespace qtable {

class engine {
  public:
    struct counters {
        std::uint64_t commands = 0, refused = 0, batches = 0, batched_commands = 0, conflicts = 0,
                      unknown_outcomes = 0, unavailable = 0, reloads = 0, followed = 0, unsound = 0;
        // Batches that were sent again without the restaurant that was refused; commands that lost for good.
        std::uint64_t parted = 0, given_up = 0;
        std::array<std::uint64_t, conflict_kinds> conflicts_of{};
        // From the submission of a command to its commit, added up over those that changed something.
        std::uint64_t persisted = 0, persist_us = 0;
    };

    engine(std::uint16_t core, const wall_clock& clock, journal& log, const renderer& render,
           released_sink& sink);
    ~engine();
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;

    // At boot: takes the restaurant over. Text: why it can't be served (its data is not sound).
    std::optional<std::string> adopt(restaurant_image&& image);
    // At boot: publishes what was adopted. Readers see it from now on.
    void show(const restaurant_id& id);
    // At boot, once it has its place among the refusals: shows search what it refuses.
    void show_refusals(const restaurant_id& id);

    // Answered exactly once through the sink.
    void submit(command_envelope&& command);
    // Something changed them behind our back (an import, another node): read them again. Unknown ids are
    // looked up.
    void reload(std::span<const restaurant_id> which);
    // Another engine wrote to their logs: reads what, and of a restaurant where that doesn't say all, the
    // whole.
    void follow(std::span<const restaurant_id> which);
    // A restaurant that isn't served here: read for what is submitted next, and let go of when that is over.
    void visit(const restaurant_id& id);
    // The database is back: what memory got ahead of is read again.
    void on_journal_available();
    // Days that are over give their memory back, and guests who left long ago.
    void forget_past_days();
    // Once a second: where time alone changes something the engine commands it itself.
    void on_second();

    // nullptr: not here.
    const owned_restaurant* find(const restaurant_id& id) const noexcept;
    std::size_t restaurant_count() const noexcept { return owned_.size(); }
    std::size_t waiting_count() const noexcept {
        return gate_.size() + (in_flight_ ? in_flight_->commands.size() : 0);
    }
    // Nothing is decided that is not answered.
    bool is_idle() const noexcept {
        return !in_flight_ && gate_.is_empty() && loading_ == 0 && unconfirmed_ == 0;
    }
    const counters& counts() const noexcept { return counts_; }
    template <class Visit>
    void for_each(Visit&& visit) const {
        for (const auto& [id, owned] : owned_) visit(*owned);
    }

  private:
    owned_restaurant& get_or_make(const restaurant_id& id);
    void route(owned_restaurant& target, pending_command&& what);
    bool must_wait(const owned_restaurant& target, const pending_command& next) const noexcept;
    void decide_waiting(owned_restaurant& target);
    void decide_marked(owned_restaurant& target, pending_command& what);
    void decide_and_gate(owned_restaurant& target, pending_command&& what);
    void refuse(const pending_command& what, errc code, bool is_uncertain);
    void answer(const command_envelope& command, reply&& what);
    void note_due(owned_restaurant& target, const decision& decided);
    void look_again_at(owned_restaurant& target, std::optional<instant> at);
    void tick_now(owned_restaurant& target, instant now);
    bool let_go(const restaurant_id& id);

    void send_next();
    void send_in_flight();
    void on_written(const batch_result& result);
    void on_probed(batch_outcome outcome);
    void release();
    void release_events(owned_restaurant& target, publication&& told);
    void answer_released();
    void close_deleted();
    void fail(bool is_uncertain);
    void keep_uncertain(commit_gate::sealed& failed);
    void decide_again(const std::optional<restaurant_id>& refused);
    void decide_again(std::vector<commit_gate::entry>&& lost, const std::vector<owned_restaurant*>& touched);

    void fall_behind(std::span<const restaurant_id> which, owned_restaurant::outdated with);
    void read_missed(std::vector<owned_restaurant*> which);
    void load(std::vector<owned_restaurant*> which);
    void ask_for(std::vector<owned_restaurant*> which, std::vector<journal::load_request> requests);
    bool take_changes(owned_restaurant& target, restaurant_image& image);
    void on_loaded(const std::vector<owned_restaurant*>& which,
                   result<std::vector<restaurant_image>>&& images);
    std::optional<std::string> install(owned_restaurant& target, restaurant_image&& image);
    static std::optional<std::string> fill(owned_restaurant& target, restaurant_image& image,
                                           const inventory* before);
    static std::vector<hold> take_holds_again(owned_restaurant& target);
    void tell_people(owned_restaurant& target, const std::vector<logged_event>& rows);
    void tell_missed(owned_restaurant& target, restaurant_image&& image);
    publication publish(owned_restaurant& target);
    // A callback that does nothing once the engine is gone.
    template <class Function>
    auto while_alive(Function&& function) {
        return [alive = std::weak_ptr<const bool>(alive_),
                function = std::forward<Function>(function)](auto&&... given) {
            if (!alive.expired()) function(std::forward<decltype(given)>(given)...);
        };
    }

    std::uint16_t core_;
    const wall_clock& clock_;
    journal& journal_;
    const renderer& render_;
    released_sink& sink_;
    boost::unordered_flat_map<restaurant_id, std::unique_ptr<owned_restaurant>, id_hash> owned_;
    std::set<std::pair<instant, restaurant_id>> due_;  // each at most once: its `due`
    std::set<restaurant_id> visited_;                  // not served here
    commit_gate gate_;
    std::unique_ptr<commit_gate::sealed> in_flight_;
    std::size_t loading_ = 0;
    std::size_t waiting_ = 0;      // commands of all restaurants that are not decided
    std::size_t unconfirmed_ = 0;  // batches with answers that wait for `configured`
    counters counts_;
    std::int64_t marked_ns_ = 0;  // the clock's last reading for measuring
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace qtable
