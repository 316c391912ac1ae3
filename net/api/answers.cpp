#include <algorithm>
#include <charconv>
#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/call.hpp"
#include "net/api/query_reader.hpp"
#include "proto/problem.hpp"

namespace qtable::net {

namespace {

std::string etag_of(std::int64_t version) {
    return "\"v" + std::to_string(version) + '"';
}

std::optional<std::int64_t> version_of_etag(std::string_view tag) noexcept {
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag.size() < 4 || !tag.starts_with("\"v") || tag.back() != '"') return std::nullopt;
    tag = tag.substr(2, tag.size() - 3);
    std::int64_t version = 0;
    const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), version);
    if (error != std::errc{} || end != tag.data() + tag.size() || version < 1) return std::nullopt;
    return version;
}

// A tag of If-None-Match: weak comparison.
bool is_match(std::string_view tag, std::string_view wanted) noexcept {
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    return tag == "*" || tag == wanted;
}

response not_modified(std::string_view etag) {
    response answer;
    answer.status = 304;
    answer.header("ETag", etag);
    return answer;
}

void add_origin(response& answer, std::string_view origin) {
    answer.header("Access-Control-Allow-Origin", origin).header("Vary", "Origin");
    answer.header("Access-Control-Expose-Headers",
                  "ETag, Location, Retry-After, X-Request-Id, Idempotent-Replayed, RateLimit, "
                  "RateLimit-Policy, QTable-Degraded");
}

}  // namespace

response make_problem(errc code, std::string_view request_id, const problem_text& text) {
    const proto::problem_row& row = proto::problem_of(code);
    response made;
    made.status = row.status;
    made.code = code;
    std::string body;
    proto::write_problem(body, code,
                         {.detail = text.detail,
                          .request_id = request_id,
                          .errors = text.errors,
                          .extra_members = text.extra_members});
    made.content(content_type::problem, std::move(body));
    const std::int64_t retry_after_s = text.retry_after_s > 0 ? text.retry_after_s : row.retry_after_s;
    if (retry_after_s > 0) made.header("Retry-After", std::to_string(retry_after_s));
    if (row.status == 401) made.header("WWW-Authenticate", "Bearer");
    return made;
}

response make_json(int status, std::string body, std::int64_t version) {
    response made;
    made.status = status;
    if (version > 0) made.header("ETag", etag_of(version));
    if (status != 204) made.content(content_type::json, std::move(body));
    return made;
}

response make_answer(const reply& from, std::string_view request_id, bool is_replay) {
    if (from.ok()) {
        response made = make_json(from.status, from.body, from.version);
        made.marks = from.marks;
        if (!from.location.empty()) made.header("Location", from.location);
        if (is_replay) made.header("Idempotent-Replayed", "true");
        return made;
    }
    const std::string members = proto::refusal_members(from);
    response made = make_problem(from.code, request_id, {.extra_members = members});
    made.marks = from.marks;
    return made;
}

later::later(call& from, const ticket& to)
    : app_(&from.app),
      to_(to),
      request_id_(from.in.request_id),
      origin_(from.app.allowed_origin(from.in)),
      rate_(from.rate),
      noted_(from.noted) {
    noted_.who = from.who;
    if (from.live != nullptr) noted_.restaurant = from.live->id;
}

later call::defer() {
    app.metrics().in_flight.add();
    return later(*this, out.defer());
}

void later::send(response&& answer) const {
    if (origin_ != nullptr) add_origin(answer, *origin_);
    if (rate_.applies()) rate_.append_to(answer.headers);
    app_->metrics().in_flight.subtract();
    if (noted_.route != request_note::no_route)
        app_->note(noted_, request_id_, {answer.status, answer.code, answer.marks});
    app_->http().complete(to_, std::move(answer));
}

void call::send(const response& answer) {
    status = answer.status;
    problem = answer.code;
    const std::string* origin = app.allowed_origin(in);
    const bool is_from_memory_only = answer.status < 400 && app.is_degraded();
    if (origin == nullptr && !is_from_memory_only && !rate.applies()) return out.send(answer);
    response told = answer;
    if (rate.applies()) rate.append_to(told.headers);
    if (origin != nullptr) add_origin(told, *origin);
    if (is_from_memory_only) told.header("QTable-Degraded", "db");
    out.send(told);
}

void call::begin(int with, std::string_view type) {
    status = with;
    if (status == 200 && type == content_type::json) {
        out.begin_json();
    } else {
        out.begin(with);
        if (!type.empty()) out.header("Content-Type", type);
    }
    if (app.is_degraded()) out.header("QTable-Degraded", "db");
    if (rate.applies()) out.header_lines([this](std::string& lines) { rate.append_to(lines); });
    if (const std::string* origin = app.allowed_origin(in)) {
        out.header("Access-Control-Allow-Origin", *origin).header("Vary", "Origin");
    }
}

bool call::takes_json() {
    // No route with a body has query parameters.
    if (!query_reader(*this).finish()) return false;
    if (!in[field::content_encoding].empty()) {
        fail(errc::unsupported_media_type, {.detail = "Content-Encoding is not accepted."});
        return false;
    }
    if (in.body.empty()) {
        fail(errc::empty_body);
        return false;
    }
    std::string_view type = in[field::content_type];
    type = type.substr(0, type.find(';'));
    while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
    if (!equals_ignoring_case(type, content_type::json)) {
        fail(errc::unsupported_media_type);
        return false;
    }
    return true;
}

proto::json_scratch& call::scratch() {
    return app.scratch();
}

std::optional<std::int64_t> call::if_match() const {
    const std::string_view tag = in[field::if_match];
    if (tag.empty() || tag == "*") return std::nullopt;
    return version_of_etag(tag).value_or(0);
}

bool call::is_not_modified(std::int64_t version) {
    return is_not_modified(etag_of(version));
}

bool call::is_not_modified(std::string_view etag) {
    if (!in.fields->has(field::if_none_match)) return false;
    bool matches = false;
    in.fields->for_each_token(field::if_none_match,
                              [&](std::string_view tag) { matches = matches || is_match(tag, etag); });
    if (!matches) return false;
    begin(304, {});
    out.header("ETag", etag).finish();
    return true;
}

known_versions::known_versions(const request& in) {
    in.fields->for_each_token(field::if_none_match,
                              [this](std::string_view tag) { tags_.emplace_back(tag); });
}

bool known_versions::has(std::int64_t version) const {
    const std::string wanted = etag_of(version);
    return std::any_of(tags_.begin(), tags_.end(),
                       [&wanted](const std::string& tag) { return is_match(tag, wanted); });
}

response make_versioned(const known_versions& known, std::string body, std::int64_t version) {
    if (known.has(version)) return not_modified(etag_of(version));
    return make_json(200, std::move(body), version);
}

}  // namespace qtable::net
