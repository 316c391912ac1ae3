#include "tools/qtable/import/source_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace qtable::tools {
namespace source_file_test {

const import_options options{"Europe/Copenhagen"};

class source_file : public testing::Test {
  protected:
    std::string write(const std::string& name, const std::string& text) {
        const std::string path = testing::TempDir() + "qtable_source_file_" + name;
        std::ofstream(path, std::ios::binary) << text;
        paths_.push_back(path);
        return path;
    }
    ~source_file() override {
        for (const std::string& path : paths_) std::filesystem::remove(path);
    }

  private:
    std::vector<std::string> paths_;
};

TEST_F(source_file, the_ending_chooses_the_reader) {
    const std::string json =
        R"({"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},)"
        R"("properties":{"name":"A"}}]})";
    EXPECT_EQ(read_source_file(write("a.geojson", json), options).restaurants.size(), 1U);
    EXPECT_EQ(read_source_file(write("a.json", json), options).restaurants.size(), 1U);
    EXPECT_EQ(
        read_source_file(write("a.csv", "name,latitude,longitude\nA,1,2\n"), options).restaurants.size(), 1U);
    EXPECT_TRUE(read_source_file(write("b.csv", json), options).failure);
    EXPECT_TRUE(read_source_file(write("a.xml", json), options).failure);
}

TEST_F(source_file, a_file_that_is_not_there_or_is_a_folder_is_a_failure) {
    EXPECT_TRUE(read_source_file(testing::TempDir() + "no-such-file.csv", options).failure);
    const std::string folder = testing::TempDir() + "qtable_source_file_folder.csv";
    std::filesystem::create_directory(folder);
    EXPECT_TRUE(read_source_file(folder, options).failure);
    std::filesystem::remove(folder);
}

}  // namespace source_file_test
}  // namespace qtable::tools
