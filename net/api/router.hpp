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
    std::string_view pattern;  // "{}" stands for one segment, "{}.ics" for one with that end; the first one
                               // of restaurant routes is the restaurant
    access who;
    void (*handle)(call&);
};

// Those of router.cpp first: what is asked most.
std::array<std::span<const route>, 4> routes() noexcept;

constexpr std::size_t availability_route = 0;  // its place in them
constexpr std::size_t booking_route = 3;

// A route's place in all of them; `of` is one of theirs.
std::size_t route_index(const route& of) noexcept;
const route& route_at(std::size_t index) noexcept;
template <class Visit>
void for_each_route(Visit&& visit) {
    std::size_t i = 0;
    for (const std::span<const route> part : routes()) {
        for (const route& each : part) visit(i++, each);
    }
}

// One table each for accounts, for customers and the public, for staff: in files of these names.
std::span<const route> account_routes() noexcept;
std::span<const route> diner_routes() noexcept;
std::span<const route> service_routes() noexcept;

enum class match : std::uint8_t { found, wrong_method, unknown };

// `allow` gets the methods that the path takes, for `Allow`, when the method is wrong.
match find_route(method verb, std::string_view path, const route*& found,
                 std::array<std::string_view, 3>& params, std::string& allow);

}  // namespace qtable::net
