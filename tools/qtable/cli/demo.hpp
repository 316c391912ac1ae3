// The demo city of `qtable dev`: made once in an empty database, and what to try with it. Main thread;
// blocks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "storage/pg/blocking.hpp"
#include "tools/qtable/import/demo_city.hpp"

namespace qtable::tools {

constexpr const char* demo_owner = "owner@demo.test";
constexpr const char* demo_password = "a quay in havnestad";

// When the database has no restaurant, and when a former run was interrupted in the middle of it, which
// DIR/demo.unfinished tells.
void ensure_demo_city(storage::blocking_connection& database, const std::filesystem::path& data_dir);

// The owner of the demo city may log in with the demo's password, unless the account has one of its own.
void ensure_demo_login(storage::blocking_connection& database);

// A restaurant of the demo to show things with; empty when there is none.
std::string demo_restaurant_id(storage::blocking_connection& database);

struct banner_facts {
    std::string program;  // as it was called
    std::string url;      // "http://127.0.0.1:8080"
    std::string data_dir;
    std::string restaurant_id;
    std::string date;      // of the availability to ask for
    std::string conninfo;  // of the private PostgreSQL
};
std::string demo_banner(const banner_facts& facts);

}  // namespace qtable::tools
