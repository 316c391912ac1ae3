// The HTTP surface on one screen: a constant table of method, path, who may, and the function that answers.
// Pure data and look-ups; any core. Authorisation happens here, once, from the table, not in the handlers.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "net/api/call.hpp"
#include "net/http/method.hpp"

namespace qtable::net {

enum class access : std::uint8_t {
    anyone,
    customer,  // a customer's token
    staff,     // a staff account's token
    host,      // at least that role at the restaurant of the path; any other tenant's id is unknown
    manager,
    owner,
    public_restaurant,  // nobody in particular; the restaurant of the path is public
};

struct route {
    net::method verb;
    std::string_view
        pattern;  // "{}" stands for one segment; the first one of restaurant routes is the restaurant
    access who;
    void (*handle)(call&);
};

std::span<const route> routes() noexcept;

enum class match : std::uint8_t { found, wrong_method, unknown };

// `allow` gets the methods that the path takes, for `Allow`, when the method is wrong.
match find_route(method verb, std::string_view path, const route*& found,
                 std::array<std::string_view, 3>& params, std::string& allow);

}  // namespace qtable::net
