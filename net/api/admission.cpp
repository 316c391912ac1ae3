#include "net/api/admission.hpp"

#include <algorithm>
#include <string_view>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"
#include "net/api/app_core.hpp"

namespace qtable::net {

namespace {

// Whoever watches the server is never in its way, and never kept out.
bool is_probe(std::string_view path) noexcept {
    return path == "/livez" || path == "/readyz" || path == "/healthz" || path == "/metrics" ||
           path == "/version";
}

load_class class_of(const route& of) noexcept {
    const std::string_view path = of.pattern;
    const bool reads = of.verb == method::get;
    if (is_probe(path)) return load_class::always;
    if (of.who == access::host || of.who == access::manager || of.who == access::owner)
        return load_class::always;
    if (path == "/public/restaurants") return load_class::search;
    if (path.ends_with("/availability") || path.starts_with("/ws/")) return load_class::availability;
    for (const std::string_view books :
         {"/customer/reservations", "/customer/holds", "/customer/waitlist", "/customer/register"}) {
        if (!reads && path == books) return load_class::booking;
    }
    return reads ? load_class::list : load_class::always;
}

// Who asks, as the nearest proxy that isn't trusted any more says: each proxy adds the address that it saw at
// the right end.
peer_address client_of(const request& in, const std::vector<address_range>& proxies) {
    peer_address client = in.remote;
    const auto is_trusted = [&proxies](const peer_address& which) {
        return std::any_of(proxies.begin(), proxies.end(),
                           [&which](const address_range& each) { return each.contains(which); });
    };
    if (!is_trusted(client)) return client;
    std::vector<std::string_view> passed;
    in.fields->for_each_token(field::x_forwarded_for,
                              [&passed](std::string_view each) { passed.push_back(each); });
    for (auto each = passed.rbegin(); each != passed.rend(); ++each) {
        const auto before = peer_address::parse(*each);
        if (!before) return client;
        client = *before;
        if (!is_trusted(client)) return client;
    }
    return client;
}

std::string_view bytes_of(const uuid& id) noexcept {
    return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

}  // namespace

admission::admission(app_core& app, rate_limits& rates) : app_(app), rates_(rates), probe_(app.core()) {
    for_each_route([this](std::size_t i, const route& each) {
        QTABLE_ASSERT(i < classes_.size());
        classes_[i] = class_of(each);
    });
}

bool admission::is_exempt(const call& in) const noexcept {
    return app_.options().is_loopback_exempt && in.client.is_loopback();
}

bool admission::refuse(call& in) {
    in.app.metrics().rate_limited.add();
    in.fail(errc::too_many_requests, {.retry_after_s = std::max<std::int64_t>(in.rate.retry_after_s(), 1)});
    return false;
}

bool admission::by_address(call& in) {
    if (!app_.options().trusted_proxies.empty()) in.client = client_of(in.in, app_.options().trusted_proxies);
    if (is_exempt(in) || is_probe(in.in.path)) return true;
    // A household has 2⁶⁴ addresses of version 6 for itself.
    const auto* const bytes = reinterpret_cast<const char*>(in.client.bytes.data());
    const std::string_view key(bytes, in.client.is_v4() ? 16 : 8);
    return rates_.by_address(key, app_.core().now_ms(), in.rate) || refuse(in);
}

bool admission::by_account(call& in) {
    if (in.who.id.is_nil() || is_exempt(in)) return true;
    if (!rates_.by_account(bytes_of(in.who.id), app_.core().now_ms(), in.rate)) return refuse(in);
    askers_.asked(in.who.id);
    return true;
}

void admission::take_counts(shared_counts& to) {
    // Untold is a sixty-fourth of a quota at most.
    const auto least = static_cast<std::uint32_t>(app_.options().requests_per_account_per_min) / 64;
    askers_.take(std::max(least, 1U), [&to](const uuid& account, std::uint32_t count) {
        to.accounts.push_back({account, count});
    });
}

bool admission::by_restaurant(call& in, const restaurant_id& which) {
    if (is_exempt(in)) return true;
    return rates_.by_restaurant(bytes_of(which), app_.core().now_ms(), in.rate) || refuse(in);
}

std::size_t admission::bookings_cap(const call& in) const noexcept {
    return is_exempt(in) ? 0 : static_cast<std::size_t>(app_.options().bookings_per_customer);
}

bool admission::affords(call& in, std::size_t route) {
    if (probe_.is_quiet()) valve_.open();
    probe_.touch();
    if (probe_.has_news()) valve_.measured(probe_.standing_us());
    const load_class kind = classes_[route];
    const bool is_too_much = kind == load_class::list && app_.shared().memory.is_short();
    if (!is_too_much && !valve_.refuses(kind)) return true;
    app_.metrics().shed[static_cast<std::size_t>(kind)].add();
    in.fail(errc::overloaded);
    return false;
}

}  // namespace qtable::net
