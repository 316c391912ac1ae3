#include "proto/problem.hpp"

#include <array>

#include "core/base/assert.hpp"
#include "proto/json_writer.hpp"
#include "proto/render_reservation.hpp"

namespace qtable::proto {

namespace {

constexpr problem_row internal_row = {500, "Internal error", "Something went wrong on our side.", true, 0};

// One return per code; a code without one fails to compile (-Wswitch).
constexpr problem_row row_of(errc code) noexcept {
    switch (code) {
        case errc::ok:
            return {200, "OK", "", false, 0};
        case errc::malformed_request:
            return {400, "Malformed request", "The request is not valid HTTP as this API takes it.", false,
                    0};
        case errc::malformed_json:
            return {400, "Malformed JSON", "The body is not valid JSON in UTF-8.", false, 0};
        case errc::duplicate_key:
            return {400, "Duplicate key", "An object of the body has two members of the same name.", false,
                    0};
        case errc::empty_body:
            return {400, "Empty body", "This request needs a JSON body.", false, 0};
        case errc::unauthorized:
            return {401, "Unauthorized", "A valid bearer token is needed for this.", false, 0};
        case errc::invalid_credentials:
            return {401, "Invalid credentials", "The e-mail address or the password is not right.", false, 0};
        case errc::forbidden:
            return {403, "Forbidden", "Your role does not allow this.", false, 0};
        case errc::email_not_verified:
            return {403, "E-mail not verified", "Verify your e-mail address first.", false, 0};
        case errc::not_found:
            return {404, "Not found", "There is nothing here.", false, 0};
        case errc::method_not_allowed:
            return {405, "Method not allowed", "This resource does not take that method.", false, 0};
        case errc::request_timeout:
            return {408, "Request timeout", "The request did not arrive in time.", true, 0};
        case errc::slot_unavailable:
            return {409, "Slot unavailable", "There is no free capacity for this party at this time.", false,
                    0};
        case errc::already_booked:
            return {409, "Already booked", "You have a reservation here at an overlapping time.", false, 0};
        case errc::illegal_transition:
            return {409, "Illegal transition", "The present status does not allow this change.", false, 0};
        case errc::cutoff_passed:
            return {409, "Cutoff passed", "It is too late to change or cancel this reservation online.",
                    false, 0};
        case errc::hold_expired:
            return {409, "Hold expired", "The hold is no longer in force.", false, 0};
        case errc::email_taken:
            return {409, "E-mail taken", "There is an account with this e-mail address.", false, 0};
        case errc::label_taken:
            return {409, "Label taken", "Another one here has this label.", false, 0};
        case errc::table_in_use:
            return {409, "Table in use", "The table has guests or reservations.", false, 0};
        case errc::table_not_free:
            return {409, "Table not free", "The table is occupied, dirty, out of service or taken then.",
                    false, 0};
        case errc::party_does_not_fit:
            return {409, "Party does not fit", "These tables do not fit a party of this size.", false, 0};
        case errc::has_reservations:
            return {409, "Has reservations", "Parties are booked here: move or cancel them first.", false, 0};
        case errc::already_waiting:
            return {409, "Already waiting", "You are on the waitlist of this restaurant.", false, 0};
        case errc::already_reviewed:
            return {409, "Already reviewed", "There is a review of this visit.", false, 0};
        case errc::not_completed:
            return {409, "Not completed", "A visit can be reviewed once it is completed.", false, 0};
        case errc::already_staff:
            return {409, "Already staff", "This person works here already, or is invited.", false, 0};
        case errc::last_owner:
            return {409, "Last owner", "A restaurant keeps at least one owner.", false, 0};
        case errc::undo_expired:
            return {409, "Undo expired", "It is too late to undo this.", false, 0};
        case errc::already_exists:
            return {409, "Already exists", "There is one with this key.", false, 0};
        case errc::limit_reached:
            return {409, "Limit reached", "No more of these can be added.", false, 0};
        case errc::idempotency_in_progress:
            return {409, "In progress", "The first request with this Idempotency-Key is still running.", true,
                    1};
        case errc::misdirected:
            return {421, "Misdirected request", "Another node holds this restaurant.", false, 0};
        case errc::precondition_failed:
            return {412, "Precondition failed", "The resource has changed: If-Match does not fit.", false, 0};
        case errc::payload_too_large:
            return {413, "Payload too large", "The body is too large.", false, 0};
        case errc::uri_too_long:
            return {414, "URI too long", "The request line is too long.", false, 0};
        case errc::unsupported_media_type:
            return {415, "Unsupported media type", "The body must be application/json, not encoded.", false,
                    0};
        case errc::not_acceptable:
            return {406, "Not acceptable", "This cannot be answered in a form that you accept.", false, 0};
        case errc::upgrade_required:
            return {426, "Upgrade required", "This resource speaks WebSocket, version 13.", false, 0};
        case errc::invalid_input:
            return {422, "Invalid input", "The request is well-formed but not valid: see errors.", false, 0};
        case errc::idempotency_key_reused:
            return {422, "Idempotency-Key reused", "This Idempotency-Key came with another body before.",
                    false, 0};
        case errc::invalid_token:
            return {422, "Invalid token", "The token is unknown, used or expired.", false, 0};
        case errc::past:
            return {422, "In the past", "This time has passed.", false, 0};
        case errc::min_notice:
            return {422, "Too soon", "This restaurant takes bookings with more notice only.", false, 0};
        case errc::max_notice:
            return {422, "Too far ahead", "This date is beyond the booking window.", false, 0};
        case errc::party_too_small:
            return {422, "Party too small", "This restaurant takes larger parties only.", false, 0};
        case errc::party_too_large:
            return {422, "Party too large", "This restaurant takes smaller parties only.", false, 0};
        case errc::invalid_local_time:
            return {422, "Invalid local time", "Clocks skip this time on that day.", false, 0};
        case errc::too_many_requests:
            return {429, "Too many requests", "Slow down and try again later.", true, 1};
        case errc::headers_too_large:
            return {431, "Header fields too large", "The header of the request is too large.", false, 0};
        case errc::internal:
            return internal_row;
        case errc::not_implemented:
            return {501, "Not implemented", "This server does not know how to do that.", false, 0};
        case errc::http_version:
            return {505, "HTTP version not supported", "This server speaks HTTP/1.1 and HTTP/1.0.", false, 0};
        case errc::database_unavailable:
            return {503, "Database unavailable", "This cannot be stored or read now. Try again.", true, 1};
        case errc::overloaded:
            return {503, "Overloaded", "There is too much to do right now. Try again.", true, 1};
        case errc::draining:
            return {503, "Draining", "This server is shutting down. Try again on another.", true, 1};
        case errc::count_:
            break;
    }
    return internal_row;
}

constexpr auto row_count = static_cast<std::size_t>(errc::count_);

constexpr std::array<problem_row, row_count> make_rows() {
    std::array<problem_row, row_count> rows{};
    for (std::size_t i = 0; i < row_count; ++i) rows[i] = row_of(static_cast<errc>(i));
    return rows;
}

constexpr std::array<problem_row, row_count> rows = make_rows();

void write_reasons(json_writer& json, reasons why) {
    json.key("reasons").begin_array();
    for (std::size_t i = 0; i < reason_words.size(); ++i) {
        if (why.has(static_cast<reason>(i))) json.text(reason_words[i]);
    }
    json.end_array();
}

// Of any status with words and moves: where it is now, and where it may go.
template <class Status, class May>
void write_transition(json_writer& json, Status current, std::span<const Status> all, May&& may) {
    json.key("current").text(to_string(current)).key("allowed").begin_array();
    for (const Status to : all) {
        if (may(current, to)) json.text(to_string(to));
    }
    json.end_array();
}

void write_transition(json_writer& json, reservation_status current) {
    constexpr reservation_status all[] = {reservation_status::confirmed, reservation_status::cancelled,
                                          reservation_status::seated, reservation_status::completed,
                                          reservation_status::no_show};
    write_transition<reservation_status>(
        json, current, all,
        [](reservation_status from, reservation_status to) { return may_move(from, to); });
}

void write_transition(json_writer& json, guest_status current) {
    constexpr guest_status all[] = {guest_status::waiting,   guest_status::notified, guest_status::seated,
                                    guest_status::completed, guest_status::left,     guest_status::no_show};
    write_transition<guest_status>(json, current, all,
                                   [](guest_status from, guest_status to) { return may_move(from, to); });
}

// By hand a table goes anywhere but to occupied, which seating does; who sits there is cleared away first.
void write_transition(json_writer& json, table_status current) {
    constexpr table_status all[] = {table_status::available, table_status::reserved, table_status::occupied,
                                    table_status::dirty, table_status::out_of_service};
    write_transition<table_status>(json, current, all, [](table_status from, table_status to) {
        if (from == table_status::occupied) return to == table_status::available;
        return to != from && to != table_status::occupied;
    });
}

void write_reservations(json_writer& json, std::span<const reservation_id> which) {
    json.key("reservations").begin_array();
    for (const reservation_id& each : which) json.id(each);
    json.end_array();
}

}  // namespace

const problem_row& problem_of(errc code) noexcept {
    const auto index = static_cast<std::size_t>(code);
    return index < rows.size() ? rows[index] : internal_row;
}

void write_problem(std::string& out, errc code, const problem_details& details) {
    const problem_row& row = problem_of(code);
    json_writer json(out);
    json.begin_object();
    json.key("type").raw("\"/problems/");
    out += wire_code(code);
    out += '"';
    json.key("title").text(row.title);
    json.key("status").integer(row.status);
    json.key("detail").text(details.detail.empty() ? row.detail : details.detail);
    json.key("code").text(wire_code(code));
    json.key("request_id").text(details.request_id);
    if (!details.errors.empty()) {
        json.key("errors").begin_array();
        for (const field_error& error : details.errors) {
            json.begin_object()
                .key("pointer")
                .text(error.pointer)
                .key("detail")
                .text(error.detail)
                .end_object();
        }
        json.end_array();
    }
    if (!details.extra_members.empty()) json.members(details.extra_members);
    json.end_object();
}

std::string refusal_members(const reply& refused) {
    std::string members;
    json_writer json(members);
    const bool is_full = refused.code == errc::slot_unavailable;
    if (is_full) write_alternatives(json.key("alternatives").begin_value(), refused.alternatives);
    if (is_full || !refused.why.none()) write_reasons(json, refused.why);
    if (refused.current) {
        write_transition(json, *refused.current);
    } else if (refused.current_guest) {
        write_transition(json, *refused.current_guest);
    } else if (refused.current_table) {
        write_transition(json, *refused.current_table);
    }
    if (!refused.reservations.empty()) write_reservations(json, refused.reservations);
    return members;
}

std::string transition_members(reservation_status current) {
    std::string members;
    json_writer json(members);
    write_transition(json, current);
    return members;
}

}  // namespace qtable::proto
