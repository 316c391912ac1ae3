// Reservations as a target tells them, read at leisure after the run. Main thread and helpers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadtest/check/overlaps.hpp"
#include "loadtest/wire/http_client.hpp"

namespace qtable::loadtest {

struct stored_reservation {
    std::string id, restaurant, date, time, status, note;
    std::int64_t party = 0;
    std::optional<std::int64_t> starts_ms, ends_ms;
    std::vector<std::string> tables;

    bool takes_a_table() const { return status == "confirmed" || status == "seated"; }
    // One a table; none when the target doesn't say which tables, or when.
    std::vector<claim> claims() const;
};

stored_reservation read_reservation(std::string_view json);

// Every page of a list. Throws no_answer, also when the target refuses.
std::vector<stored_reservation> read_all(http_client& client, const std::string& path,
                                         std::string_view token);

}  // namespace qtable::loadtest
