// The outcomes that are expected: one list of codes, one category, `result<T>`.
// The names are the wire codes of the contract (`code` in problem+json); proto/problem.hpp maps each to its
// HTTP status, title and retryability in one total table. Any core.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <string_view>

namespace qtable {

#define QTABLE_ERRORS(X)                                                                              \
    X(malformed_request) /* not HTTP as the contract takes it */                                      \
    X(malformed_json)                                                                                 \
    X(duplicate_key)                                                                                  \
    X(empty_body)                                                                                     \
    X(unauthorized) /* no token, or one that is not accepted */                                       \
    X(invalid_credentials)                                                                            \
    X(forbidden) /* the role does not allow it */                                                     \
    X(email_not_verified)                                                                             \
    X(not_found) /* unknown, or another tenant's */                                                   \
    X(method_not_allowed)                                                                             \
    X(request_timeout)                                                                                \
    X(misdirected)      /* another node holds the restaurant */                                       \
    X(slot_unavailable) /* no free capacity at that time */                                           \
    X(already_booked)   /* the same customer at an overlapping time in the restaurant */              \
    X(illegal_transition)                                                                             \
    X(cutoff_passed)                                                                                  \
    X(hold_expired)                                                                                   \
    X(email_taken)                                                                                    \
    X(label_taken)                                                                                    \
    X(table_in_use)                                                                                   \
    X(table_not_free)     /* occupied, dirty, out of service, or taken for that time by others */     \
    X(party_does_not_fit) /* the tables named are too small or too large for the party */             \
    X(has_reservations)   /* it can't go while parties are booked */                                  \
    X(already_waiting)    /* the customer is on this restaurant's waitlist */                         \
    X(already_reviewed)                                                                               \
    X(not_completed) /* a review needs a completed reservation */                                     \
    X(already_staff)                                                                                  \
    X(last_owner)     /* a restaurant keeps at least one owner */                                     \
    X(undo_expired)   /* a no-show was marked too long ago to be undone */                            \
    X(already_exists) /* another one of the same key: a special day of that date, … */              \
    X(limit_reached)  /* a bound on how many of a thing may exist */                                  \
    X(idempotency_in_progress)                                                                        \
    X(precondition_failed)                                                                            \
    X(payload_too_large)                                                                              \
    X(uri_too_long)                                                                                   \
    X(unsupported_media_type)                                                                         \
    X(not_acceptable)                                                                                 \
    X(upgrade_required)                                                                               \
    X(invalid_input) /* well-formed but not valid; `errors` says where */                             \
    X(idempotency_key_reused)                                                                         \
    X(invalid_token) /* a token in a body: of mail, of a reset */                                     \
    X(past)                                                                                           \
    X(min_notice)                                                                                     \
    X(max_notice)                                                                                     \
    X(party_too_small)                                                                                \
    X(party_too_large)                                                                                \
    X(invalid_local_time) /* a wall time inside a DST gap */                                          \
    X(too_many_requests)                                                                              \
    X(headers_too_large)                                                                              \
    X(internal)                                                                                       \
    X(not_implemented)                                                                                \
    X(http_version)                                                                                   \
    X(database_unavailable) /* a write that can't be made durable, a read that memory can't answer */ \
    X(overloaded)                                                                                     \
    X(draining)

enum class errc {
    ok = 0,
#define QTABLE_ERROR(name) name,
    QTABLE_ERRORS(QTABLE_ERROR)
#undef QTABLE_ERROR
        count_
};

// The code as it stands on the wire, for example "slot_unavailable".
std::string_view wire_code(errc code) noexcept;

const boost::system::error_category& error_category() noexcept;

inline boost::system::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), error_category()};
}

// Our code of an error_code of our category; anything else is `internal`.
errc to_errc(const boost::system::error_code& code) noexcept;

template <class T>
using result = boost::system::result<T>;

}  // namespace qtable

template <>
struct boost::system::is_error_code_enum<qtable::errc> : std::true_type {};
