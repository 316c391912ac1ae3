// Capacity held for a customer who is still deciding. In the inventory a hold is a claim under its customer's
// id, so that another hold takes its place in one move.
#include <utility>
#include <vector>

#include "core/base/limits.hpp"
#include "core/engine/decide_placement.hpp"

namespace qtable::deciding {

namespace {

hold make_hold(const context& in, const create_hold& wanted, const verdict& seats) {
    hold h;
    h.id = wanted.id;
    h.restaurant = in.target.id;
    h.customer = wanted.customer;
    h.date = wanted.date;
    const local_time local = in.where().local_at(seats.starts_at);
    h.minute = local.minute + (local.date.days - h.date.days) * minutes_per_day;
    h.party_size = wanted.party_size;
    h.tables = in.stock().tables_of(seats);
    h.slot = seats.slot;
    h.starts_at = seats.starts_at;
    h.ends_at = seats.ends_at;
    h.blocks_from = seats.blocks_from;
    h.blocks_until = seats.blocks_until;
    h.created_at = in.now;
    h.expires_at = in.now.plus_ms(wanted.lasts_ms);
    return h;
}

}  // namespace

decision on(const context& in, const create_hold& wanted) {
    auto& holds = in.target.holds;
    const auto own = holds.find(wanted.customer);
    if (own == holds.end() && !in.config().profile.is_public) return refuse(errc::not_found);
    if (own == holds.end() && holds.size() >= limits::holds_per_restaurant)
        return refuse(errc::limit_reached);
    const wanted_place where{
        wanted.customer, wanted.date, wanted.minute, wanted.party_size, wanted.customer, {}, {}};
    const placement found = place(in, where);
    if (found.refusal != errc::ok) return refuse_placement(in, found, where);

    const hold made_hold = make_hold(in, wanted, found.seats);
    decision made;
    made.action = "hold.create";
    if (own != holds.end()) {
        add_windows(in, own->second, made.windows);
        made.holds.push_back({own->second, true});
        made.releases.push_back(in.stock().begin_move_claim(wanted.customer, claim_of(made_hold)));
    } else {
        in.stock().take_claim(wanted.customer, claim_of(made_hold));
    }
    holds.insert_or_assign(wanted.customer, made_hold);
    made.holds.push_back({made_hold, false});
    add_windows(in, made_hold, made.windows);
    made.answer.status = 201;
    made.answer.location = "/customer/holds/" + to_string(made_hold.id);
    made.answer.body = in.render.hold_json(made_hold, in.where());
    return made;
}

decision on(const context& in, const release_hold& wanted) {
    decision made;
    made.answer.status = 204;
    const auto own = in.target.holds.find(wanted.customer);
    if (own == in.target.holds.end() || own->second.id != wanted.id) return made;
    give_up_hold(in, made, wanted.customer);
    made.action = "hold.release";
    return made;
}

void give_up_hold(const context& in, decision& made, const customer_id& customer) {
    const auto own = in.target.holds.find(customer);
    if (own == in.target.holds.end()) return;
    made.releases.push_back(in.stock().begin_release_claim(customer));
    add_windows(in, own->second, made.windows);
    made.holds.push_back({own->second, true});
    in.target.holds.erase(own);
}

decision on(const context& in, const read_holds& wanted) {
    std::vector<hold> all;
    const auto own = in.target.holds.find(wanted.customer);
    if (own != in.target.holds.end() && own->second.expires_at > in.now) all.push_back(own->second);
    decision told;
    if (wanted.id) {
        if (all.empty() || all.front().id != *wanted.id) return refuse(errc::not_found);
        told.answer.body = in.render.hold_json(all.front(), in.where());
        return told;
    }
    told.answer.body = in.render.holds_json(all, in.where());
    return told;
}

}  // namespace qtable::deciding
