// The server for all tests of this program, in a temporary directory that goes with it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "tests/integration/store/store_test.hpp"
#include "tools/qtable/private_postgres.hpp"

namespace qtable::storage {

static std::string base_conninfo;

std::string conninfo_of(const std::string& database) {
    std::string out = base_conninfo;
    const auto at = out.find("dbname=");
    const auto end = out.find(' ', at);
    return out.replace(at, end == std::string::npos ? end : end - at, "dbname=" + database);
}

}  // namespace qtable::storage

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    char directory[] = "/tmp/qtable-store-XXXXXX";
    if (mkdtemp(directory) == nullptr) return 1;
    int status = 1;
    try {
        qtable::tools::private_postgres server({directory, false, {{"max_connections", "60"}}});
        server.start();
        qtable::storage::base_conninfo = server.conninfo();
        status = RUN_ALL_TESTS();
    } catch (const std::exception& failed) {
        std::cerr << failed.what() << '\n';
    }
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
    return status;
}
