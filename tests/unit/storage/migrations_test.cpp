#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "storage/migrations/migrator.hpp"

namespace qtable::storage {
namespace migrations_test {

TEST(embedded_migrations, are_the_files_in_order) {
    int last = 0;
    for (const migration& of : embedded_migrations()) {
        EXPECT_GT(of.version, last);
        last = of.version;
        EXPECT_EQ(of.checksum.size(), 64U);
        std::string number = std::to_string(of.version);
        number.insert(0, 4 - number.size(), '0');
        std::ifstream file(std::string(QTABLE_SOURCE_DIR "/storage/migrations/") + number + '_' +
                           std::string(of.name) + ".sql");
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        EXPECT_EQ(of.sql, text) << of.version;
    }
}

}  // namespace migrations_test
}  // namespace qtable::storage
