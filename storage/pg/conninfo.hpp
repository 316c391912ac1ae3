// Where the server is: a libpq connection string (keywords or URI) with the names already resolved, so that
// no core's thread ever asks DNS. Made at start-up by a thread that may block, then a plain value for any
// core.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qtable::storage {

class connect_target {
  public:
    // Parses `conninfo` ("host=… dbname=…", "postgresql://…", empty = the PG* environment) and resolves every
    // host name to its addresses (`hostaddr`; `host` stays for TLS). Throws pg_error with one clear line.
    // Blocks on DNS.
    static connect_target resolve(const std::string& conninfo);

    struct endpoint {
        std::string host, address, port;
    };
    // For tests, and for sockets: nothing to resolve.
    connect_target(std::vector<endpoint> endpoints,
                   std::vector<std::pair<std::string, std::string>> keywords);

    // The keyword value, empty when it isn't given.
    std::string_view get(std::string_view keyword) const noexcept;
    void set(const std::string& keyword, std::string value);
    // Moves the first endpoint to the end: one that doesn't answer, or hangs up, mustn't use up every
    // attempt.
    void rotate();
    const std::vector<endpoint>& endpoints() const noexcept { return endpoints_; }
    // More than one host or port was given, not one name with several addresses.
    bool has_several_servers() const noexcept;
    // Of several servers one writes, and only with that one anything can be done here; unless told otherwise.
    void prefer_one_that_writes();

    // Everything in libpq's form, for PQconnectStartParams.
    std::vector<std::pair<std::string, std::string>> keywords() const;
    // "user@host:port/dbname" without secrets, for logs.
    std::string describe() const;

  private:
    std::vector<endpoint> endpoints_;
    std::vector<std::pair<std::string, std::string>> keywords_;  // without host, hostaddr, port
};

}  // namespace qtable::storage
