// Query parameters by name and type, strictly: unknown names, repeated ones and bad values are collected as
// input errors. Texts are views, valid as long as this object and the query are. On the stack, any core. At
// most `max_parameters`.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.hpp"
#include "net/http/query.hpp"
#include "proto/input_errors.hpp"

namespace qtable::net {

class query_values {
  public:
    // The engine has already refused what isn't a valid query.
    explicit query_values(std::string_view raw_query);

    // nullopt: absent, or an error that is noted.
    std::optional<std::string_view> text(std::string_view name, std::size_t max_chars);
    // Finite decimal notation only.
    std::optional<double> number(std::string_view name, double min, double max);
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
    std::optional<date> calendar_date(std::string_view name);
    std::optional<int> time_of_day(std::string_view name);
    std::optional<instant> moment(std::string_view name);

    bool has(std::string_view name) noexcept { return find(name) != nullptr; }
    void require(std::string_view name);
    void error(std::string_view name, std::string_view detail) { errors_.add(std::string(name), detail); }
    // All that is wrong, with the parameters that nobody asked for. Call it last, once.
    const proto::input_errors& complete();

  private:
    static constexpr std::size_t max_parameters = 24;
    struct parameter {
        std::string_view name, value;
        bool is_used = false;
    };
    parameter* find(std::string_view name) noexcept;
    std::optional<std::string_view> take(std::string_view name);

    query_parameters texts_;  // what is decoded lies in it
    boost::container::static_vector<parameter, max_parameters> parameters_;
    proto::input_errors errors_;
};

// A finite number in plain decimal notation; nothing else.
std::optional<double> parse_number(std::string_view text) noexcept;

}  // namespace qtable::net
