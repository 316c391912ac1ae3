#include "proto/problem_page.hpp"

namespace qtable::proto {

namespace {

// What is wrong with the request itself, or with who sends it.
constexpr problem_advice advice_about_request(errc code) noexcept {
    switch (code) {
        case errc::malformed_request:
            return {"The request line, a header, the query or the framing of the body breaks HTTP/1.1.",
                    "Send it with an ordinary HTTP client. A proxy in between may have changed it."};
        case errc::malformed_json:
            return {
                "The body stops early, nests deeper than 32, has a comment or a trailing comma, or isn't "
                "UTF-8.",
                "Let a JSON library write the body."};
        case errc::duplicate_key:
            return {"Parsers disagree on which of two equal members counts, so none is taken.",
                    "Send each member of an object once."};
        case errc::empty_body:
            return {"The request came without a body, or with Content-Length: 0.",
                    "Send a JSON object; an empty one is `{}`."};
        case errc::unauthorized:
            return {
                "There is no Authorization header, or its token is malformed, expired, revoked or of another "
                "server.",
                "Refresh the token, or log in again. Sockets take it as a subprotocol: `bearer.TOKEN`."};
        case errc::invalid_credentials:
            return {
                "No account has this address together with this password, which of the two is wrong isn't "
                "told; or the refresh token was used before or has expired.",
                "Check both, or ask for a reset of the password. Keep the newest refresh token: each works "
                "once."};
        case errc::forbidden:
            return {
                "The token is good, but of a customer where staff may ask, or the other way round, or the "
                "role is lower.",
                "Ask an owner of the restaurant for the role, or use the account of the right side."};
        case errc::email_not_verified:
            return {
                "This server lets customers book only with a verified address.",
                "Open the letter and send its token to `POST /customer/verify-email`; resend-verification "
                "sends another."};
        case errc::not_found:
            return {
                "The id is unknown, what it named is gone, or it belongs to somebody else: the answer is the "
                "same.",
                "Check the path and the id, and that the token belongs to who owns it."};
        case errc::method_not_allowed:
            return {"The path exists, but not with this method.",
                    "See the `Allow` header of the answer for those it takes."};
        case errc::request_timeout:
            return {"The head or the body came too slowly or stopped.", "Send it again on a new connection."};
        case errc::precondition_failed:
            return {"Somebody changed the resource after you read it: its version isn't that of `If-Match`.",
                    "Read it again, look at what changed, and repeat with the new ETag."};
        case errc::payload_too_large:
            return {"Bodies are limited to 64 KiB, and to 1 MiB where many slots or tables are sent at once.",
                    "Send less, or in several requests."};
        case errc::uri_too_long:
            return {"The request line is longer than this server reads.",
                    "Shorten the query; send long texts in a body."};
        case errc::unsupported_media_type:
            return {"The Content-Type isn't application/json, or the body is compressed.",
                    "Say `Content-Type: application/json` and send the body as it is."};
        case errc::not_acceptable:
            return {"Accept names only forms that this resource doesn't have.",
                    "Accept `application/json`; searches also know `application/geo+json`."};
        case errc::upgrade_required:
            return {"This path is a WebSocket, and the request was a plain one or of another version.",
                    "Connect with a WebSocket client that speaks version 13."};
        case errc::invalid_input:
            return {
                "A member or parameter is missing, unknown, of the wrong type or out of its bounds.",
                "`errors` names each place by a JSON pointer, and what it must be. Correct all and send it "
                "again."};
        case errc::idempotency_key_reused:
            return {
                "The key was used by you on this route, with other content. A key stands for one request.",
                "Make a new key for each new intent; keep the old one only for repeating the same bytes."};
        case errc::invalid_token:
            return {"The token of a letter, a reset or an invitation was used, has expired or never was.",
                    "Ask for a new letter. Each token works once."};
        case errc::misdirected:
            return {
                "Several nodes divide the restaurants among themselves, and this one isn't of this node's "
                "part.",
                "Send it where the restaurant is: what stands in front of the nodes knows by its id. Nothing "
                "was "
                "done; the same `Idempotency-Key` is good there."};
        case errc::too_many_requests:
            return {"More came from this address or for this account than is allowed in the time.",
                    "Wait for the seconds of `Retry-After`, then go on more slowly."};
        case errc::headers_too_large:
            return {"The header lines together are larger than this server reads.",
                    "Send fewer or shorter headers and cookies."};
        case errc::http_version:
            return {"The request line names a version other than 1.0 and 1.1.",
                    "Use HTTP/1.1; in front, a proxy may speak others."};
        default:
            return {};
    }
}

// What the restaurant's state or rules don't allow.
constexpr problem_advice advice_about_state(errc code) noexcept {
    switch (code) {
        case errc::slot_unavailable:
            return {
                "Every table or table combination that fits is taken then, or the pacing of that time is "
                "used up.",
                "`alternatives` holds the nearest times of that day. Hold one while the guest decides."};
        case errc::already_booked:
            return {"The same customer can't sit at two tables of a restaurant at once.",
                    "Change the reservation that is there, or cancel it first."};
        case errc::illegal_transition:
            return {
                "The status has moved on, perhaps by the other side, and this step doesn't follow from it.",
                "`current` is where it is, `allowed` where it may go. Read it again and offer only those."};
        case errc::cutoff_passed:
            return {"The restaurant takes no changes or cancellations this near to the time.",
                    "Call the restaurant."};
        case errc::hold_expired:
            return {"A hold lasts five minutes, once, and doesn't outlive a crash of the server.",
                    "Hold the time again, or book it without a hold."};
        case errc::email_taken:
            return {"An account exists with this address, in whatever upper or lower case.",
                    "Log in with it, or ask for a reset of its password."};
        case errc::label_taken:
            return {"Labels of tables and combinations are unique within a restaurant.",
                    "Choose another label."};
        case errc::table_in_use:
            return {"Guests sit there, or reservations count on it.",
                    "Move or complete them first; `reservations` says which."};
        case errc::table_not_free:
            return {
                "Somebody sits there, it isn't cleared, it is out of service, or a booking takes it during "
                "the stay.",
                "Choose another table, clear it, or leave the choice to the house by naming none."};
        case errc::party_does_not_fit:
            return {"The party is larger than the seats, or smaller than the table's least party.",
                    "Choose tables that fit, or a combination of them."};
        case errc::has_reservations:
            return {"What you are about to remove or change is needed by coming reservations.",
                    "Move or cancel those in `reservations`, then repeat."};
        case errc::already_waiting:
            return {"One place in a restaurant's line a customer.",
                    "Use the entry that is there, or leave the line first."};
        case errc::already_reviewed:
            return {"A visit is reviewed once.", "Nothing is left to do."};
        case errc::not_completed:
            return {"Only who has been there writes about it, and this visit isn't over.",
                    "Wait until the restaurant has completed the visit."};
        case errc::already_staff:
            return {"The person has a role or an open invitation here.", "Change the role instead."};
        case errc::last_owner:
            return {"Without an owner nobody could ever change the restaurant's staff.",
                    "Make somebody else an owner first."};
        case errc::undo_expired:
            return {"The tables of a no-show were given back, and the time for taking it back has passed.",
                    "Book the party again, or seat it as a walk-in."};
        case errc::already_exists:
            return {"Another one of this date or name is there.", "Change that one with PUT."};
        case errc::limit_reached:
            return {"Each list has a bound, which keeps a restaurant's state small.",
                    "Remove what isn't needed any more."};
        case errc::idempotency_in_progress:
            return {"A request with this key is being worked on: perhaps your own first try.",
                    "Repeat the same request with the same key after `Retry-After`; you get its answer."};
        case errc::past:
            return {"The time lies before now, on the restaurant's clock.", "Choose a coming time."};
        case errc::min_notice:
            return {"The restaurant wants to know some time ahead.", "Choose a later time, or call."};
        case errc::max_notice:
            return {"Dates open for booking a limited number of days ahead.",
                    "Choose a nearer date, or wait."};
        case errc::party_too_small:
            return {"The restaurant's rules name a least party for online bookings.",
                    "Book elsewhere, or call."};
        case errc::party_too_large:
            return {"The restaurant's rules name a largest party for online bookings.",
                    "Call: large parties are arranged by people."};
        case errc::invalid_local_time:
            return {"On the day when summer time begins, an hour of the wall clock doesn't exist.",
                    "Choose a time an hour later."};
        default:
            return {};
    }
}

constexpr problem_advice advice_about_server(errc code) noexcept {
    switch (code) {
        case errc::internal:
            return {"A fault of this server, which was logged with the request's id.",
                    "Repeat it with the same `Idempotency-Key`. If it stays, tell the operator the "
                    "`request_id`."};
        case errc::not_implemented:
            return {"The method or the transfer coding isn't one that this server knows.",
                    "Use those of the OpenAPI document."};
        case errc::database_unavailable:
            return {
                "The database is away. Nothing is confirmed that isn't stored; searches go on from memory.",
                "Repeat after `Retry-After` with the same `Idempotency-Key`: it is done once at most."};
        case errc::overloaded:
            return {"More work waits than can be done in good time, so new work is refused early.",
                    "Repeat after `Retry-After`, and less often each time."};
        case errc::draining:
            return {"The server finishes what it has and stops, as for a new version.",
                    "Connect again: another instance, or this one restarted, answers."};
        default:
            return {};
    }
}

constexpr problem_advice advice_for(errc code) noexcept {
    for (const problem_advice found :
         {advice_about_request(code), advice_about_state(code), advice_about_server(code)}) {
        if (!found.why.empty()) return found;
    }
    return {};
}

constexpr bool is_total() noexcept {
    for (int i = 1; i < static_cast<int>(errc::count_); ++i) {
        const problem_advice found = advice_for(static_cast<errc>(i));
        if (found.why.empty() || found.remedy.empty()) return false;
    }
    return true;
}
static_assert(is_total(), "every code says why it comes and what to do");

}  // namespace

problem_advice advice_of(errc code) noexcept {
    return advice_for(code);
}

}  // namespace qtable::proto
