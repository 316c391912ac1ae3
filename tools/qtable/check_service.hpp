// `qtable check`, the server's side: who notifies `channel` with the name of another channel gets told there
// whether memory and database agree, so that the question needs no port and no token: who reaches the
// database may ask. Core 0. One comparison at a time; who asks meanwhile is told "busy".
#pragma once

#include <string>
#include <string_view>

#include "net/server/server.hpp"
#include "storage/pg/pg_connection.hpp"

namespace qtable::tools {

class check_service {
  public:
    static constexpr const char* channel = "qtable_check";
    // Answers, each a notification: "begin NODE", "difference NODE TEXT", "busy NODE", and in the end
    // "done NODE RESTAURANTS UNSETTLED DIFFERENCES".
    static constexpr std::string_view reply_prefix = "qtable_check_";
    static constexpr std::size_t reply_chars = 40;

    // `answers` sends, `bell` listens; both outlive it.
    check_service(storage::pg_connection& bell, storage::pg_connection& answers, std::string node);
    void listen(net::server& server);

  private:
    void begin(net::server& server, std::string_view reply_to);
    void tell(const std::string& reply_to, std::string text);

    storage::pg_connection& bell_;
    storage::pg_connection& answers_;
    std::string node_;
    bool is_busy_ = false;
};

}  // namespace qtable::tools
