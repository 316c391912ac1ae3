#include "net/rt/cgroup.hpp"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <string_view>

namespace qtable::net {
namespace {

std::uint32_t rounded_up(long long quota, long long period) {
    if (quota <= 0 || period <= 0) return 0;
    return static_cast<std::uint32_t>((quota + period - 1) / period);
}

// The process's path inside the hierarchy: "0::/path" in v2, "4:cpu,cpuacct:/path" in v1.
std::string own_path(const std::string& root, std::string_view controller) {
    std::ifstream file(root + "/proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        const std::size_t first = line.find(':');
        const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos) continue;
        const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";
        const std::string wanted = "," + std::string(controller) + ",";
        if (controller.empty() ? names == ",," : names.find(wanted) != std::string::npos)
            return line.substr(second + 1);
    }
    return "/";
}

std::uint32_t read_v2(const std::string& folder) {
    std::ifstream file(folder + "/cpu.max");
    long long quota = 0, period = 0;
    return file >> quota >> period ? rounded_up(quota, period) : 0;  // "max" is no number: no quota
}

std::uint32_t read_v1(const std::string& folder) {
    std::ifstream quota_file(folder + "/cpu.cfs_quota_us"), period_file(folder + "/cpu.cfs_period_us");
    long long quota = 0, period = 0;
    return (quota_file >> quota) && (period_file >> period) ? rounded_up(quota, period) : 0;
}

std::uint64_t read_memory(const std::string& file) {
    // Version 1 says "none" with the largest number of whole pages, version 2 with "max".
    constexpr std::uint64_t more_than_any = std::uint64_t{1} << 60;
    std::ifstream from(file);
    std::uint64_t bytes = 0;
    return from >> bytes && bytes < more_than_any ? bytes : 0;
}

}  // namespace

std::uint32_t cgroup_cores(const std::string& root) {
    const std::string base = root + "/sys/fs/cgroup";
    // In a container the hierarchy usually begins at the process's own group, so both places are tried.
    for (const std::string& folder : {base + own_path(root, ""), base})
        if (const std::uint32_t cores = read_v2(folder)) return cores;
    for (const std::string& folder : {base + "/cpu" + own_path(root, "cpu"), base + "/cpu"})
        if (const std::uint32_t cores = read_v1(folder)) return cores;
    return 0;
}

std::uint64_t cgroup_memory_bytes(const std::string& root) {
    const std::string base = root + "/sys/fs/cgroup";
    for (const std::string& folder : {base + own_path(root, ""), base})
        if (const std::uint64_t bytes = read_memory(folder + "/memory.max")) return bytes;
    for (const std::string& folder : {base + "/memory" + own_path(root, "memory"), base + "/memory"})
        if (const std::uint64_t bytes = read_memory(folder + "/memory.limit_in_bytes")) return bytes;
    return 0;
}

std::uint32_t usable_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    std::uint32_t allowed = 1;
    if (::sched_getaffinity(0, sizeof set, &set) == 0)
        allowed = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(CPU_COUNT(&set)));
    const std::uint32_t quota = cgroup_cores("");
    return quota == 0 ? allowed : std::min(quota, allowed);
}

}  // namespace qtable::net
