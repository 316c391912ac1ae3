#include "storage/zone/zone_loader.hpp"

#include <date/tz.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "storage/zone/posix_rule.hpp"

namespace qtable::storage {

namespace {

constexpr const char* zoneinfo = "/usr/share/zoneinfo/";
constexpr std::uintmax_t zone_file_bytes = 64 * 1024;

using sys_seconds = ::date::sys_seconds;

instant to_instant(sys_seconds at) {
    return {at.time_since_epoch().count() * ms_per_second};
}

sys_seconds start_of_year(int year) {
    return sys_seconds(std::chrono::hours(24) * qtable::from_civil(year, 1, 1).days);
}

// "Area/City" and the few plain names such as "UTC" or "Japan"; not the copies in posix/ and right/ nor the
// other files.
bool is_zone_name(std::string_view name) {
    return !name.empty() && name.front() >= 'A' && name.front() <= 'Z' && name != "Factory" &&
           name.find("..") == std::string_view::npos;
}

// The rule that follows the listed changes; the last line of the file.
std::optional<posix_rule> rule_after(const std::string& name) {
    std::error_code failed;
    const std::filesystem::path path = zoneinfo + name;
    const std::uintmax_t size = std::filesystem::file_size(path, failed);
    if (failed || size > zone_file_bytes) return std::nullopt;
    std::string text(size, '\0');
    std::ifstream(path, std::ios::binary).read(text.data(), static_cast<std::streamsize>(size));
    if (!text.ends_with('\n')) return std::nullopt;
    text.pop_back();
    return parse_posix_rule(std::string_view(text).substr(text.rfind('\n') + 1));
}

void append(std::vector<zone::period>& periods, instant at, std::int32_t offset_s) {
    if (!periods.empty() && periods.back().offset_s == offset_s)
        return;  // only the name or the DST flag changed
    periods.push_back({at, offset_s});
}

std::shared_ptr<const zone> make(const ::date::time_zone& from, const std::string& name) {
    std::vector<zone::period> periods;
    const sys_seconds end = start_of_year(zone_loader::last_year + 1);
    sys_seconds at = start_of_year(zone_loader::first_year);
    sys_seconds last_change = at;
    while (at < end) {
        const ::date::sys_info info = from.get_info(at);
        append(periods, to_instant(at), static_cast<std::int32_t>(info.offset.count()));
        last_change = at;
        at = info.end;
    }
    if (const auto rule = rule_after(name)) {
        const auto first =
            qtable::to_civil({static_cast<std::int32_t>(to_instant(last_change).ms / ms_per_day)}).year;
        for (int year = first; year <= zone_loader::last_year; ++year) {
            for (const auto& change : rule->changes_in(year)) {
                if (change.at > to_instant(last_change)) append(periods, change.at, change.offset_s);
            }
        }
    }
    return std::make_shared<const zone>(name, std::move(periods));
}

}  // namespace

zone_loader::zone_loader() {
    try {
        const ::date::tzdb& data = ::date::get_tzdb();
        for (const ::date::time_zone& of : data.zones) {
            if (is_zone_name(of.name())) names_.push_back(of.name());
        }
    } catch (const std::exception& failed) {
        throw std::runtime_error(std::string("no time-zone data: ") + failed.what() +
                                 "; install it: apt-get install tzdata");
    }
    std::sort(names_.begin(), names_.end());
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
    if (names_.empty()) throw std::runtime_error("no time-zone data; install it: apt-get install tzdata");
}

zone_loader::~zone_loader() = default;

bool zone_loader::knows(std::string_view name) const {
    return std::binary_search(names_.begin(), names_.end(), name);
}

result<std::shared_ptr<const zone>> zone_loader::load(std::string_view name) {
    if (!knows(name)) return errc::invalid_input;
    const std::string key(name);
    if (const auto found = loaded_.find(key); found != loaded_.end()) return found->second;
    try {
        auto made = make(*::date::locate_zone(key), key);
        loaded_.emplace(key, made);
        return made;
    } catch (const std::exception&) {
        return errc::invalid_input;  // a file of that name that isn't a zone
    }
}

// "# version 2025b" is the first line of tzdata.zi, which Debian ships with the compiled files.
std::string zone_loader::version() const {
    constexpr std::string_view sign = "# version ";
    std::string line;
    std::ifstream file(std::string(zoneinfo) + "tzdata.zi");
    if (!std::getline(file, line) || !line.starts_with(sign)) return "unknown";
    return line.substr(sign.size());
}

}  // namespace qtable::storage
