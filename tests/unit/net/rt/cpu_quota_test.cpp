#include "net/rt/cpu_quota.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace qtable::net {
namespace cpu_quota_test {

namespace fs = std::filesystem;

class cpu_quota : public ::testing::Test {
  protected:
    cpu_quota()
        : root_(
              fs::path(::testing::TempDir()) /
              (std::string("cpu_quota_") + ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
        fs::remove_all(root_);
    }
    ~cpu_quota() override { fs::remove_all(root_); }
    void put(const std::string& path, const std::string& text) {
        fs::create_directories((root_ / path).parent_path());
        std::ofstream(root_ / path) << text;
    }
    std::uint32_t cores() const { return cgroup_cores(root_.string()); }

  private:
    fs::path root_;
};

TEST_F(cpu_quota, is_none_without_cgroups) {
    EXPECT_EQ(cores(), 0u);
}

TEST_F(cpu_quota, reads_version_2_rounded_up) {
    put("proc/self/cgroup", "0::/some/service\n");
    put("sys/fs/cgroup/some/service/cpu.max", "150000 100000\n");
    EXPECT_EQ(cores(), 2u);
}

TEST_F(cpu_quota, max_means_none) {
    put("proc/self/cgroup", "0::/\n");
    put("sys/fs/cgroup/cpu.max", "max 100000\n");
    EXPECT_EQ(cores(), 0u);
}

TEST_F(cpu_quota, reads_the_root_inside_a_container) {
    put("proc/self/cgroup", "0::/not/visible/here\n");
    put("sys/fs/cgroup/cpu.max", "400000 100000\n");
    EXPECT_EQ(cores(), 4u);
}

TEST_F(cpu_quota, reads_version_1) {
    put("proc/self/cgroup", "4:cpu,cpuacct:/group\n0::/\n");
    put("sys/fs/cgroup/cpu/group/cpu.cfs_quota_us", "300000\n");
    put("sys/fs/cgroup/cpu/group/cpu.cfs_period_us", "100000\n");
    EXPECT_EQ(cores(), 3u);
    put("sys/fs/cgroup/cpu/group/cpu.cfs_quota_us", "-1\n");
    EXPECT_EQ(cores(), 0u);
}

TEST(usable_cores, is_at_least_one) {
    EXPECT_GE(usable_cores(), 1u);
}

}  // namespace cpu_quota_test
}  // namespace qtable::net
