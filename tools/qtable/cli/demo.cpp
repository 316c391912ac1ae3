#include "tools/qtable/cli/demo.hpp"

#include <cstdio>
#include <fstream>

#include "net/auth/password_pool.hpp"
#include "tools/qtable/cli/progress_line.hpp"
#include "tools/qtable/cli/restaurant_upload.hpp"

namespace qtable::tools {

namespace fs = std::filesystem;

void ensure_demo_city(storage::blocking_connection& database, const fs::path& data_dir) {
    const fs::path unfinished = data_dir / "demo.unfinished";
    const bool is_empty = !database.query("select exists(select 1 from restaurants)")[0].get<bool>(0);
    if (!is_empty && !fs::exists(unfinished)) return;
    std::ofstream(unfinished) << "the demo city is being made\n";
    const auto city = make_demo_city({});
    progress_line progress("demo city, restaurants", city.size());
    upload_restaurants(database, demo_owner, city, [&](std::size_t done) { progress.show(done); });
    fs::remove(unfinished);
}

void ensure_demo_login(storage::blocking_connection& database) {
    database.query(
        "update staff set password_hash = $1 where lower(email collate \"C\") = $2 and password_hash = ''",
        storage::params().add(net::password_pool::hash_now(demo_password)).add(demo_owner));
}

std::string demo_restaurant_id(storage::blocking_connection& database) {
    const auto found = database.query(
        "select id::text from restaurants where source_ref like 'demo:%' and deleted_at is null and "
        "is_public "
        "order by source_ref limit 1");
    return found.empty() ? std::string() : found[0].get<std::string>(0);
}

std::string demo_banner(const banner_facts& facts) {
    char place[64];
    std::snprintf(place, sizeof place, "lat=%.2f&lon=%.2f", demo_city_latitude, demo_city_longitude);
    const std::string curl = "  curl -s '" + facts.url;
    const std::string post = "  curl -s -H 'Content-Type: application/json' '" + facts.url;
    const std::string mint = "  " + facts.program + " token mint --data-dir " + facts.data_dir;
    const std::string staff = mint.substr(2) + " --role staff --email " + demo_owner;
    return "\nHavnestad, the demo city, is open. Look at it:\n  " + facts.url +
           "/console  (staff: " + demo_owner + ", password: " + demo_password + ")\nTry:\n" + curl +
           "/public/restaurants?" + place + "&radius=2'\n" + curl + "/public/restaurants/" +
           facts.restaurant_id + "/availability?date=" + facts.date + "&party_size=2'\n" + post +
           "/customer/register' \\\n    -d '{\"email\":\"ada@example.com\",\"password\":\"a long enough "
           "one\","
           "\"first_name\":\"Ada\",\"last_name\":\"Berg\"}'\n" +
           post +
           "/customer/login' \\\n    -d '{\"email\":\"ada@example.com\",\"password\":\"a long enough "
           "one\"}'\n" +
           "  curl -s -H \"Authorization: Bearer $(" + staff + ")\" '" + facts.url + "/restaurants/" +
           facts.restaurant_id + "/floor'\n" + "Docs: " + facts.url + "/docs, " + facts.url +
           "/openapi.json, " + facts.url + "/asyncapi.json. Metrics: " + facts.url + "/metrics\n" +
           "Database: psql \"" + facts.conninfo + "\"\n" + "Tokens for trying:\n  " + staff + "\n" + mint +
           " --role customer --email ada@example.com\n" + "Mails are files in " + facts.data_dir +
           "/mail. Stop with Ctrl-C.\n\n";
}

}  // namespace qtable::tools
