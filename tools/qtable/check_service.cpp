#include "tools/qtable/check_service.hpp"

#include <algorithm>
#include <utility>

#include "core/base/limits.hpp"
#include "storage/store/log_positions.hpp"

namespace qtable::tools {

namespace {

bool is_reply_channel(std::string_view name) {
    return name.starts_with(check_service::reply_prefix) && name.size() <= check_service::reply_chars &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

check_service::check_service(storage::pg_connection& bell, storage::pg_connection& answers, std::string node)
    : bell_(bell), answers_(answers), node_(std::move(node)) {}

void check_service::listen(net::server& server) {
    bell_.listen(
        channel,
        [this, &server](std::string_view reply_to) {
            if (is_reply_channel(reply_to)) begin(server, reply_to);
        },
        [] {});
}

void check_service::begin(net::server& server, std::string_view reply_to) {
    const std::string to(reply_to);
    if (is_busy_) return tell(to, "busy " + node_);
    is_busy_ = true;
    tell(to, "begin " + node_);
    server.compare_memory([this, &server, to](net::memory_comparison&& found) {
        server.cores().post(0, [this, to, found = std::move(found)] {
            for (const std::string& each : found.differences)
                tell(to, "difference " + node_ + ' ' + each.substr(0, limits::notify_payload_bytes / 2));
            tell(to, "done " + node_ + ' ' + std::to_string(found.restaurants) + ' ' +
                         std::to_string(found.unsettled) + ' ' + std::to_string(found.difference_count));
            is_busy_ = false;
        });
    });
}

void check_service::tell(const std::string& reply_to, std::string text) {
    answers_.submit(storage::notification(reply_to, text), [](const storage::unit_result&) {});
}

}  // namespace qtable::tools
