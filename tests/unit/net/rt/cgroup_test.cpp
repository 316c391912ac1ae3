#include "net/rt/cgroup.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace qtable::net {
namespace cgroup_test {

namespace fs = std::filesystem;

class cgroup : public ::testing::Test {
  protected:
    cgroup()
        : root_(fs::path(::testing::TempDir()) /
                (std::string("cgroup_") + ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
        fs::remove_all(root_);
    }
    ~cgroup() override { fs::remove_all(root_); }
    void put(const std::string& path, const std::string& text) {
        fs::create_directories((root_ / path).parent_path());
        std::ofstream(root_ / path) << text;
    }
    std::uint32_t cores() const { return cgroup_cores(root_.string()); }
    std::uint64_t memory() const { return cgroup_memory_bytes(root_.string()); }

  private:
    fs::path root_;
};

TEST_F(cgroup, is_none_without_cgroups) {
    EXPECT_EQ(cores(), 0u);
}

TEST_F(cgroup, reads_version_2_rounded_up) {
    put("proc/self/cgroup", "0::/some/service\n");
    put("sys/fs/cgroup/some/service/cpu.max", "150000 100000\n");
    EXPECT_EQ(cores(), 2u);
}

TEST_F(cgroup, max_means_none) {
    put("proc/self/cgroup", "0::/\n");
    put("sys/fs/cgroup/cpu.max", "max 100000\n");
    EXPECT_EQ(cores(), 0u);
}

TEST_F(cgroup, reads_the_root_inside_a_container) {
    put("proc/self/cgroup", "0::/not/visible/here\n");
    put("sys/fs/cgroup/cpu.max", "400000 100000\n");
    EXPECT_EQ(cores(), 4u);
}

TEST_F(cgroup, reads_version_1) {
    put("proc/self/cgroup", "4:cpu,cpuacct:/group\n0::/\n");
    put("sys/fs/cgroup/cpu/group/cpu.cfs_quota_us", "300000\n");
    put("sys/fs/cgroup/cpu/group/cpu.cfs_period_us", "100000\n");
    EXPECT_EQ(cores(), 3u);
    put("sys/fs/cgroup/cpu/group/cpu.cfs_quota_us", "-1\n");
    EXPECT_EQ(cores(), 0u);
}

TEST_F(cgroup, has_no_memory_limit_by_itself) {
    EXPECT_EQ(memory(), 0u);
    put("proc/self/cgroup", "0::/\n");
    put("sys/fs/cgroup/memory.max", "max\n");
    EXPECT_EQ(memory(), 0u);
}

TEST_F(cgroup, reads_the_memory_limit_of_version_2) {
    put("proc/self/cgroup", "0::/some/service\n");
    put("sys/fs/cgroup/some/service/memory.max", "536870912\n");
    EXPECT_EQ(memory(), 536'870'912u);
}

TEST_F(cgroup, reads_the_memory_limit_of_version_1) {
    put("proc/self/cgroup", "9:memory:/group\n");
    put("sys/fs/cgroup/memory/group/memory.limit_in_bytes", "9223372036854771712\n");
    EXPECT_EQ(memory(), 0u) << "that is none";
    put("sys/fs/cgroup/memory/memory.limit_in_bytes", "268435456\n");
    EXPECT_EQ(memory(), 268'435'456u);
}

TEST(usable_cores, is_at_least_one) {
    EXPECT_GE(usable_cores(), 1u);
}

}  // namespace cgroup_test
}  // namespace qtable::net
