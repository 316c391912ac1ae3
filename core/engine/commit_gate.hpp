// Where decided commands wait for their commit: gathers them while one batch is in flight, seals the next
// one, numbers its log rows. Nothing leaves it before the database said so. Mechanical: what a commit or a
// failure means is the engine's. Owner: one core's engine. Bounds: `limits::batch_commands` commands a batch;
// commands that failed before go alone, so that one that the database refuses can't take others with it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "core/engine/batch.hpp"
#include "core/engine/owned_restaurant.hpp"

namespace qtable {

class commit_gate {
  public:
    struct entry {
        owned_restaurant* target = nullptr;
        pending_command what;
    };
    // An availability_updated row, made when the batch is sealed: one for each (restaurant, business day).
    struct availability_row {
        owned_restaurant* target = nullptr;
        std::optional<date> day;  // none: everything may have changed
        logged_event row;
    };
    struct sealed {
        std::shared_ptr<const batch> what;  // without events: nothing to make durable
        std::vector<entry> commands;
        std::vector<availability_row> availability;
        std::vector<owned_restaurant*> touched;  // each once, in order of first appearance
    };

    void push(owned_restaurant& target, pending_command&& what);
    bool is_empty() const noexcept { return open_.empty(); }
    std::size_t size() const noexcept { return open_.size(); }
    // Whether one more command would be committed together with all that was gathered.
    bool is_one_batch() const noexcept;

    // Takes the next batch out of what was gathered.
    sealed seal(instant now, const renderer& render);
    // What a refused batch has of other restaurants than `refused`: the same rows, as they were numbered, in
    // a new batch. The commands of `refused` come out.
    struct parted {
        sealed rest;
        std::vector<entry> refused;
    };
    parted part(sealed&& failed, const owned_restaurant& refused);
    // Takes out what was gathered for these restaurants (all of them with `nullptr`), in order.
    std::vector<entry> remove(const std::vector<owned_restaurant*>* of);

  private:
    std::deque<entry> open_;
    std::uint64_t next_batch_ = 1;
};

}  // namespace qtable
