#include "tools/qtable/boot.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "core/base/limits.hpp"
#include "net/rt/log.hpp"
#include "storage/store/boot_loader.hpp"

namespace qtable::tools {

namespace {

using clock = std::chrono::steady_clock;

double seconds(clock::duration what) {
    return std::chrono::duration<double>(what).count();
}

double seconds(std::int64_t us) {
    return static_cast<double>(us) / 1e6;
}

// One part's, on its thread.
struct alignas(64) part_times {
    clock::duration building{}, publishing{};
};

void say_progress(const storage::boot_counts& so_far) {
    net::write_log(net::log_level::info, "boot: " + std::to_string(so_far.rows) + " rows read, " +
                                             std::to_string(so_far.restaurants) + " of " +
                                             std::to_string(so_far.restaurants_total) +
                                             " restaurants in memory");
}

void refuse(const restaurant_id& id, std::string_view reason) {
    net::write_log(net::log_level::error,
                   "restaurant " + to_string(id) + " is not served: " + std::string(reason));
}

}  // namespace

void boot(const std::string& conninfo, const net::zone_lookup& zones, instant now, const partition& part,
          net::server& into) {
    const auto begun = clock::now();
    storage::boot_loader loader(conninfo, zones);
    loader.wanted = part;
    loader.parts = std::min<std::size_t>(into.cores().size(), limits::boot_parts);
    std::vector<part_times> parts(loader.parts);

    storage::boot_loader::sinks sinks;
    sinks.part_of = [&](const restaurant_id& id) { return into.owner_of(id) % loader.parts; };
    sinks.restaurant = [&](restaurant_image&& image) {
        const restaurant_id id = image.id;
        part_times& times = parts[sinks.part_of(id)];
        const auto building = clock::now();
        const auto problem = into.adopt(std::move(image));
        const auto publishing = clock::now();
        if (problem) {
            refuse(id, *problem);
        } else {
            into.show(id);
        }
        times.building += publishing - building;
        times.publishing += clock::now() - publishing;
    };
    sinks.refused = refuse;
    sinks.receipt = [&](const storage::stored_key& key) {
        into.remember_key(key.actor, key.route, key.key, key.body_hash, key.at);
    };
    sinks.progress = say_progress;
    const auto [counts, times] = loader.load(now, sinks);

    const auto loaded = clock::now();
    into.install_catalogue();
    const auto done = clock::now();
    part_times sum;
    for (const part_times& each : parts) {
        sum.building += each.building / static_cast<int>(parts.size());
        sum.publishing += each.publishing / static_cast<int>(parts.size());
    }
    std::array<char, net::log_text_bytes> line{};
    std::snprintf(
        line.data(), line.size(),
        "boot: %lld restaurants, %lld reservations in %.2f s on %zu threads: query %.2f, decode %.2f, "
        "build %.2f, publish %.2f, catalogue %.2f s",
        static_cast<long long>(counts.restaurants), static_cast<long long>(counts.reservations),
        seconds(done - begun), parts.size(), seconds(times.waiting_us), seconds(times.decoding_us),
        seconds(sum.building), seconds(sum.publishing), seconds(done - loaded));
    net::write_log(net::log_level::info, line.data());
    if (!part.is_all())
        net::write_log(net::log_level::info, "this node holds part " + std::to_string(part.part) + " of " +
                                                 std::to_string(part.of) + " of the restaurants");
}

}  // namespace qtable::tools
