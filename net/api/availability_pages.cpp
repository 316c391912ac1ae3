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

std::uint64_t availability_pages::hash_of(std::string_view target) const noexcept {
    std::uint64_t hash = salt_ ^ target.size();
    std::size_t at = 0;
    for (std::uint64_t word = 0; at + 8 <= target.size(); at += 8) {
        std::memcpy(&word, target.data() + at, 8);
        hash = mixed(hash, word);
    }
    for (; at < target.size(); ++at) hash = mixed(hash, static_cast<unsigned char>(target[at]));
    return hash;
}

availability_pages::entry* availability_pages::set_of(std::uint64_t hash) const noexcept {
    return entries_.get() + (hash >> 32) % (limits::availability_pages / ways) * ways;
}

std::string_view availability_pages::target_of(const entry& what) const noexcept {
    return {ring_.get() + what.written_at % ring_bytes, what.target_size};
}

std::string_view availability_pages::body_of(const entry& what) const noexcept {
    return {ring_.get() + what.written_at % ring_bytes + what.target_size, what.body_size};
}

bool availability_pages::is_overwritten(const entry& what) const noexcept {
    return written_ - what.written_at > ring_bytes;
}

std::optional<availability_page> availability_pages::find(std::string_view target,
                                                          instant now) const noexcept {
    const std::uint64_t hash = hash_of(target);
    const entry* const set = set_of(hash);
    for (std::size_t way = 0; way < ways; ++way) {
        const entry& kept = set[way];
        if (kept.hash != hash || kept.of == nullptr || is_overwritten(kept) || target_of(kept) != target)
            continue;
        if (!kept.life.holds_at(now) || published_state_of(*kept.of, kept.day) != kept.life.state)
            return std::nullopt;
        return availability_page{body_of(kept), {kept.tag.data(), kept.tag.size()}, kept.of->id};
    }
    return std::nullopt;
}

availability_page availability_pages::keep(std::string_view target, const live_restaurant& of, date day,
                                           const availability_life& life, std::string_view body) noexcept {
    const page_tag mine = tag(mix(0, life));
    const std::size_t size = target.size() + body.size();
    if (size > limits::availability_page_bytes) {
        loose_tag_ = mine;
        return {body, {loose_tag_.data(), loose_tag_.size()}};
    }
    const std::uint64_t hash = hash_of(target);
    entry* const set = set_of(hash);
    // Its own place when it has one, else that of the older of the two.
    entry* place = set[0].written_at <= set[1].written_at ? &set[0] : &set[1];
    for (std::size_t way = 0; way < ways; ++way) {
        if (set[way].hash == hash) place = &set[way];
    }
    // A page lies in one piece: what is left of the ring's end is passed over.
    const std::size_t left = ring_bytes - written_ % ring_bytes;
    if (left < size) written_ += left;
    *place = {.of = &of,
              .hash = hash,
              .life = life,
              .day = day,
              .target_size = static_cast<std::uint32_t>(target.size()),
              .body_size = static_cast<std::uint32_t>(body.size()),
              .written_at = written_,
              .tag = mine};
    char* const at = ring_.get() + written_ % ring_bytes;
    std::memcpy(at, target.data(), target.size());
    std::memcpy(at + target.size(), body.data(), body.size());
    written_ += size;
    return {body_of(*place), {place->tag.data(), place->tag.size()}};
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
