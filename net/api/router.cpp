#include "net/api/router.hpp"

#include "core/base/assert.hpp"
#include "net/api/handlers.hpp"

namespace qtable::net {

namespace {

constexpr route table[] = {
    // What is asked most stands first.
    {method::get, "/public/restaurants/{}/availability", access::public_restaurant, get_availability},
    {method::get, "/public/restaurants", access::anyone, search_restaurants},
    {method::get, "/public/restaurants/{}", access::public_restaurant, get_public_restaurant},

    {method::post, "/customer/reservations", access::customer, create_customer_reservation},
    {method::get, "/customer/reservations", access::customer, list_customer_reservations},
    {method::put, "/customer/reservations/{}", access::customer, change_customer_reservation},
    {method::delete_, "/customer/reservations/{}", access::customer, cancel_customer_reservation},
    {method::post, "/customer/register", access::anyone, register_customer},
    {method::post, "/customer/login", access::anyone, login_customer},
    {method::post, "/customer/verify-email", access::anyone, verify_customer_email},

    {method::post, "/auth/register", access::anyone, register_staff},
    {method::post, "/auth/login", access::anyone, login_staff},
    {method::post, "/restaurants", access::staff, create_own_restaurant},

    {method::get, "/ws/restaurants/{}", access::host, open_staff_socket},
    {method::get, "/ws/customer", access::customer, open_customer_socket},
    {method::get, "/ws/public/restaurants/{}", access::public_restaurant, open_public_socket},

    {method::get, "/livez", access::anyone, get_livez},
    {method::get, "/readyz", access::anyone, get_readyz},
    {method::get, "/healthz", access::anyone, get_readyz},
    {method::get, "/metrics", access::anyone, get_metrics},
    {method::get, "/version", access::anyone, get_version},
    {method::get, "/openapi.json", access::anyone, get_openapi},
    {method::get, "/asyncapi.json", access::anyone, get_asyncapi},
    {method::get, "/docs", access::anyone, get_docs},
    {method::get, "/docs/events", access::anyone, get_events_page},
    {method::get, "/docs/{}", access::anyone, get_docs_file},
    {method::get, "/console", access::anyone, get_console},
    {method::get, "/console/{}", access::anyone, get_console_file},
    {method::get, "/problems", access::anyone, list_problems},
    {method::get, "/problems/{}", access::anyone, get_problem_page},
};

static_assert(table[availability_route].pattern == "/public/restaurants/{}/availability");
static_assert(table[booking_route].pattern == "/customer/reservations" &&
              table[booking_route].verb == method::post);

bool matches(std::string_view pattern, std::string_view path,
             std::array<std::string_view, 3>& params) noexcept {
    std::size_t param = 0;
    for (;;) {
        const std::string_view literal = pattern.substr(0, pattern.find('{'));
        if (!path.starts_with(literal)) return false;
        path.remove_prefix(literal.size());
        if (literal.size() == pattern.size()) return path.empty();
        pattern.remove_prefix(literal.size() + 2);

        std::string_view segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        if (!pattern.empty() && pattern.front() != '/') {
            const std::string_view suffix = pattern.substr(0, pattern.find('/'));
            if (!segment.ends_with(suffix)) return false;
            segment.remove_suffix(suffix.size());
            pattern.remove_prefix(suffix.size());
        }
        if (segment.empty() || param == params.size()) return false;
        params[param++] = segment;
    }
}

}  // namespace

std::array<std::span<const route>, 4> routes() noexcept {
    return {std::span<const route>(table), diner_routes(), service_routes(), account_routes()};
}

std::size_t route_index(const route& of) noexcept {
    std::size_t before = 0;
    for (const std::span<const route> part : routes()) {
        if (&of >= part.data() && &of < part.data() + part.size())
            return before + static_cast<std::size_t>(&of - part.data());
        before += part.size();
    }
    QTABLE_ASSERT(false);
    return 0;
}

const route& route_at(std::size_t index) noexcept {
    for (const std::span<const route> part : routes()) {
        if (index < part.size()) return part[index];
        index -= part.size();
    }
    QTABLE_ASSERT(false);
    return table[0];
}

match find_route(method verb, std::string_view path, const route*& found,
                 std::array<std::string_view, 3>& params, std::string& allow) {
    const method wanted = verb == method::head ? method::get : verb;
    bool is_known = false;
    for (const std::span<const route> part : routes()) {
        for (const route& each : part) {
            if (!matches(each.pattern, path, params)) continue;
            if (each.verb == wanted) {
                found = &each;
                return match::found;
            }
            if (allow.find(name_of(each.verb)) != std::string::npos) continue;
            if (is_known) allow += ", ";
            allow += name_of(each.verb);
            if (each.verb == method::get) allow += ", HEAD";
            is_known = true;
        }
    }
    if (is_known) allow += ", OPTIONS";
    return is_known ? match::wrong_method : match::unknown;
}

}  // namespace qtable::net
