// One request on its way through a handler: what was asked, by whom, and where the answer goes, now or later.
// Lives during the handler; `later` is what survives it. The connection's core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/ids.hpp"
#include "core/engine/reply.hpp"
#include "core/event/event.hpp"
#include "core/inventory/live_restaurant.hpp"
#include "net/http/request.hpp"
#include "net/http/responder.hpp"
#include "net/http/response.hpp"
#include "net/limit/rate_limits.hpp"
#include "proto/input_errors.hpp"
#include "proto/json_document.hpp"

namespace qtable::net {

class app_core;

// A problem in the words of RFC 9457, with the headers that its status asks for.
struct problem_text {
    std::string_view detail = {};
    std::span<const proto::field_error> errors = {};
    std::string_view extra_members = {};
    std::int64_t retry_after_s = 0;  // 0 = the table's
};
response make_problem(errc code, std::string_view request_id, const problem_text& text = {});
response make_json(int status, std::string body, std::int64_t version = 0);
// An owner's answer as it goes to the client.
response make_answer(const reply& from, std::string_view request_id, bool is_replay = false);

// The versions that the client of a GET has already (If-None-Match), kept for an answer that comes later.
class known_versions {
  public:
    explicit known_versions(const request& in);
    bool has(std::int64_t version) const;

  private:
    std::vector<std::string> tags_;
};
// 304 when the client has that version, else 200 with the body.
response make_versioned(const known_versions& known, std::string body, std::int64_t version);

struct call;

// What is counted and logged of a request once it is answered.
struct request_note {
    static constexpr std::size_t no_route = SIZE_MAX;
    std::size_t route = no_route;
    std::int64_t since_ns = 0;  // monotonic: when its turn began
    net::method verb = net::method::unknown;
    actor who{};
    restaurant_id restaurant{};
    std::string trace;  // W3C trace id, of requests that bring one
};

// A deferred answer: a value that may be kept; `send` once, on the connection's core.
class later {
  public:
    later(call& from, const ticket& to);

    void send(response&& answer) const;
    void fail(errc code, const problem_text& text = {}) const { send(make_problem(code, request_id_, text)); }
    const std::string& request_id() const noexcept { return request_id_; }
    app_core& app() const noexcept { return *app_; }
    const ticket& to() const noexcept { return to_; }

  private:
    app_core* app_;
    ticket to_;
    std::string request_id_;
    const std::string* origin_;  // to echo for a browser page; of the options
    rate_note rate_;
    request_note noted_;
};

struct call {
    app_core& app;
    const request& in;
    responder& out;
    instant now;
    std::array<std::string_view, 3> params{};  // of the path, in order
    actor who{};
    instant token_expires_at{};
    uuid session{};                   // of the login that the token is from; nil: of none
    live_restaurant* live = nullptr;  // of routes under a restaurant
    const restaurant_view* view = nullptr;
    peer_address client{};  // who asks; not the proxy in between, when it is trusted
    rate_note rate{};       // the limit that is nearest
    request_note noted{};
    int status = 0;           // of the answer, once it is begun
    errc problem = errc::ok;  // that it is

    void send(const response& answer);
    // All of an answer that needs no more than its type.
    void answer(int with, std::string_view type, std::string_view bytes) {
        status = with;
        out.respond(with, type, bytes);
    }
    // The head of an answer that is written in place.
    void begin(int status, std::string_view type = content_type::json);
    void fail(errc code, const problem_text& text = {}) { send(make_problem(code, in.request_id, text)); }
    void fail(const proto::input_errors& why) { fail(why.code, {.errors = why.errors}); }
    later defer();

    // The parsed body, or the problem is answered already. `parse(body, scratch)` → proto::parsed<T>.
    template <class Parse>
    auto body(Parse&& parse)
        -> std::optional<typename decltype(parse(std::string_view{},
                                                 std::declval<proto::json_scratch&>()))::value_type> {
        if (!takes_json()) return std::nullopt;
        auto made = parse(in.body, scratch());
        if (!made) {
            fail(made.error());
            return std::nullopt;
        }
        return std::move(*made);
    }

    // `If-Match`: a version, none, or one that can't match (0). Answers nothing.
    std::optional<std::int64_t> if_match() const;
    // True when the client has this version already: 304 is answered then.
    bool is_not_modified(std::int64_t version);
    bool is_not_modified(std::string_view etag);

  private:
    bool takes_json();
    proto::json_scratch& scratch();
};

// An id in the path; nil when it is no UUID: it names nothing, as an unknown one.
template <class Id>
Id path_id(std::string_view text) {
    return Id::parse(text).value_or(Id{});
}

}  // namespace qtable::net
