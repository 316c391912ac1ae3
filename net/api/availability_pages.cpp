#include "net/api/availability_pages.hpp"

#include <bit>
#include <cstring>

#include "core/base/limits.hpp"

namespace qtable::net {

namespace {

constexpr std::size_t ring_bytes = limits::availability_pages_bytes;
static_assert(std::has_single_bit(limits::availability_pages) &&
              limits::availability_page_bytes <= ring_bytes);

std::uint64_t mixed(std::uint64_t value, std::uint64_t with) noexcept {
    value = (value ^ with) * 0x9e3779b97f4a7c15ULL;
    return value ^ (value >> 29);
}

}  // namespace

availability_pages::availability_pages(std::uint64_t salt)
    : salt_(salt),
      entries_(std::make_unique<entry[]>(limits::availability_pages)),
      ring_(std::make_unique_for_overwrite<char[]>(ring_bytes)) {}

availability_pages::entry* availability_pages::set_of(const live_restaurant& of, date day,
                                                      int party_size) const noexcept {
    const auto place = static_cast<std::uint64_t>(party_size) << 32 | static_cast<std::uint32_t>(day.days);
    const std::uint64_t hash = mixed(mixed(of.id.hash(), place), salt_);
    return entries_.get() + (hash >> 32) % (limits::availability_pages / ways) * ways;
}

bool availability_pages::is_overwritten(const entry& what) const noexcept {
    return written_ - what.written_at > ring_bytes;
}

std::optional<availability_page> availability_pages::find(const live_restaurant& of, date day, int party_size,
                                                          instant now) const noexcept {
    const entry* const set = set_of(of, day, party_size);
    for (std::size_t way = 0; way < ways; ++way) {
        const entry& kept = set[way];
        if (kept.of != &of || kept.day != day || kept.party_size != party_size) continue;
        if (is_overwritten(kept) || !kept.life.holds_at(now)) return std::nullopt;
        if (published_state_of(of, day) != kept.life.state) return std::nullopt;
        return availability_page{{ring_.get() + kept.written_at % ring_bytes, kept.size},
                                 {kept.tag.data(), kept.tag.size()}};
    }
    return std::nullopt;
}

availability_page availability_pages::keep(const live_restaurant& of, date day, int party_size,
                                           const availability_life& life, std::string_view body) noexcept {
    const page_tag mine = tag(mix(0, life));
    if (body.size() > limits::availability_page_bytes) {
        loose_tag_ = mine;
        return {body, {loose_tag_.data(), loose_tag_.size()}};
    }
    entry* const set = set_of(of, day, party_size);
    // Its own place when it has one, else that of the older of the two.
    entry* place = set[0].written_at <= set[1].written_at ? &set[0] : &set[1];
    for (std::size_t way = 0; way < ways; ++way) {
        if (set[way].of == &of && set[way].day == day && set[way].party_size == party_size) place = &set[way];
    }
    // A page lies in one piece: what is left of the ring's end is passed over.
    const std::size_t left = ring_bytes - written_ % ring_bytes;
    if (left < body.size()) written_ += left;
    *place = {&of, day, party_size, life, written_, static_cast<std::uint32_t>(body.size()), mine};
    char* const at = ring_.get() + written_ % ring_bytes;
    std::memcpy(at, body.data(), body.size());
    written_ += body.size();
    return {{at, body.size()}, {place->tag.data(), place->tag.size()}};
}

std::uint64_t availability_pages::mix(std::uint64_t before, const availability_life& life) const noexcept {
    const std::uint64_t state = mixed(mixed(before ^ salt_, life.state.generation), life.state.sequence);
    return mixed(state, static_cast<std::uint64_t>(life.after.ms));
}

page_tag availability_pages::tag(std::uint64_t mixed) noexcept {
    constexpr char digits[] = "0123456789abcdef";
    page_tag made;
    made.front() = made.back() = '"';
    for (std::size_t i = 0; i < 16; ++i) made[1 + i] = digits[(mixed >> (60 - 4 * i)) & 15];
    return made;
}

}  // namespace qtable::net
