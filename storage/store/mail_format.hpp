// A letter as the bytes of a message (RFC 5322): headers From, To, Subject (encoded words where it isn't
// ASCII), Date, Message-ID, MIME, and the text as quoted-printable UTF-8. The Message-ID is made of the
// letter's id: a letter that is sent again is the same message. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "core/engine/accounts.hpp"

namespace qtable::storage {

struct mail_sender {
    std::string from = "QTable <no-reply@localhost>";  // its domain is the Message-ID's
};

std::string format_mail(const mail& letter, const mail_sender& from, instant at);

// "no-reply@example.org" of "QTable <no-reply@example.org>".
std::string address_of(std::string_view from);

}  // namespace qtable::storage
