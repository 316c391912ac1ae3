// What the HTTP connections of a core share because only one of them is at work at a time: the output of the
// present turn, the scanned head, the rendered Date line, spare answer slots. Owner: one core's
// `http_service`.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "net/http/fields.hpp"
#include "net/http/head_memory.hpp"
#include "net/http/head_scan.hpp"
#include "net/http/pending_answer.hpp"

namespace qtable::net {

struct http_scratch {
    static constexpr std::size_t spare_answers = 1024;

    explicit http_scratch(std::uint64_t random) noexcept;

    std::string out;
    request_head head;
    field_list fields;
    head_memory heads;
    std::string_view path;  // decoded: in the head itself, or in `decoded_path`
    std::string decoded_path;
    std::string problem;
    std::array<char, 32> request_id{};
    std::array<char, 8> id_prefix;
    std::uint64_t id_sequence = 0;
    std::int64_t date_second = -1;
    std::string date_line, ok_head, json_head;
    std::vector<std::unique_ptr<pending_answer>> spare;

    // `Date: …` with its line end, rendered once a second.
    std::string_view date(instant now);
    // The same after the status line 200, and before what follows `X-Request-Id: `; for a JSON body or any
    // other.
    std::string_view ok(instant now, bool is_json) {
        date(now);
        return is_json ? json_head : ok_head;
    }
    // The client's X-Request-Id if it is sane, else one of ours, valid until the next call.
    std::string_view choose_request_id(std::string_view clients);

    std::unique_ptr<pending_answer> take_spare();
    void give_back(std::unique_ptr<pending_answer> answer);
};

}  // namespace qtable::net
