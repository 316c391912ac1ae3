// Customers and staff, made as an app would make them.
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <string>

#include "loadtest/failure.hpp"
#include "loadtest/measure/clock.hpp"
#include "loadtest/scenario/set_up.hpp"
#include "loadtest/wire/http_client.hpp"
#include "loadtest/wire/members.hpp"
#include "proto/json_writer.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::string_view password = "a load test's password";
constexpr std::size_t parallel_accounts = 8;
constexpr std::int64_t account_patience_ns = 90 * ns_per_s;
constexpr std::size_t tokens_max = 100'000;

std::string credentials(const std::string& address) {
    std::string body;
    proto::json_writer(body)
        .begin_object()
        .key("email")
        .text(address)
        .key("password")
        .text(password)
        .end_object();
    return body;
}

answer post(http_client& client, const char* path, const std::string& body, std::string_view key = {}) {
    return client.ask_patiently({.method = "POST", .path = path, .idempotency_key = key, .body = body},
                                account_patience_ns);
}

std::string log_in(http_client& client, const char* path, const std::string& address) {
    const answer got = post(client, path, credentials(address));
    const std::string_view token = find_member(got.body, "access_token");
    if (!got.is_success() || token.empty())
        throw usage_error(std::string("POST ") + path + " at " + client.url() + ": " + got.summary());
    return std::string(token);
}

// How long the tokens of the target live, for a run that is longer.
std::int64_t token_life_s(http_client& client, const std::string& address) {
    const answer got = post(client, "/customer/login", credentials(address));
    return to_integer(find_member(got.body, "expires_in")).value_or(0);
}

std::string address_of(const world& in, std::size_t number) {
    return "load-" + in.run + '-' + std::to_string(number) + "@load.example.com";
}

std::string register_diner(http_client& client, const world& in, std::size_t number) {
    const std::string address = address_of(in, number);
    std::string body;
    proto::json_writer json(body);
    json.begin_object().key("email").text(address).key("password").text(password);
    json.key("first_name").text("Load").key("last_name").text("Test " + std::to_string(number)).end_object();
    const answer made = post(client, "/customer/register", body, address);
    // 409: an answer that was lost on the way, asked again.
    if (!made.is_success() && made.status != 409)
        throw usage_error("POST /customer/register at " + client.url() + ": " + made.summary());
    return log_in(client, "/customer/login", address);
}

std::vector<std::string> read_tokens(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw usage_error("--tokens " + path + ": can't be read");
    std::vector<std::string> found;
    for (std::string line; std::getline(file, line) && found.size() < tokens_max;) {
        const std::string token = one_line(line, line.size() + 1);
        if (token.empty()) continue;
        if (token.find(' ') != std::string::npos || std::count(token.begin(), token.end(), '.') != 2)
            throw usage_error("--tokens " + path + ": wants one JWT a line");
        found.push_back(token);
    }
    if (found.empty()) throw usage_error("--tokens " + path + ": holds no token");
    return found;
}

}  // namespace

void make_diners(const target& to, const run_options& options, world& made, const teller& tell) {
    if (!options.tokens_file.empty()) {
        made.diners = read_tokens(options.tokens_file);
        return;
    }
    tell("making " + std::to_string(options.customers) + " customers");
    made.diners.resize(options.customers);
    in_parallel(to, made.diners.size(), parallel_accounts, [&made](http_client& client, std::size_t i) {
        made.diners[i] = register_diner(client, made, i);
    });
    http_client client(to);
    const std::int64_t life_s = token_life_s(client, address_of(made, 0));
    const double needed_s = options.warmup_s + options.duration_s + options.timeout_s;
    if (life_s > 0 && static_cast<double>(life_s) < needed_s)
        made.notes.push_back("tokens of the target live for " + std::to_string(life_s) +
                             " s, less than the run lasts: what comes later is 401");
}

bool make_staff(const target& to, const run_options& options, world& made) {
    if (!options.staff_token.empty()) {
        made.staff_token = options.staff_token;
        return true;
    }
    http_client client(to);
    const std::string address = "staff-" + made.run + "@load.example.com";
    std::string body;
    proto::json_writer json(body);
    json.begin_object().key("email").text(address).key("password").text(password);
    json.key("full_name").text("Load test " + made.run).end_object();
    const answer got = post(client, "/auth/register", body, address);
    if (is_missing(got.status)) return false;
    if (!got.is_success()) throw usage_error("POST /auth/register at " + to.url + ": " + got.summary());
    made.staff_token = log_in(client, "/auth/login", address);
    return true;
}

}  // namespace qtable::loadtest
