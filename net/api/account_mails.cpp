#include "net/api/account_mails.hpp"

#include <utility>

namespace qtable::net {

namespace {

mail begin(std::string recipient, std::string subject, std::string_view purpose, const letter_facts& facts) {
    mail letter;
    letter.id = facts.id;
    letter.recipient = std::move(recipient);
    letter.subject = std::move(subject);
    letter.cause = std::string(purpose) + ' ' + to_string(facts.id);
    return letter;
}

std::string by_hand(const letter_facts& facts, std::string_view path, std::string_view more_members = {}) {
    std::string text = "\n\ntoken: ";
    text += facts.secret;
    text += "\n\nThe app does it for you; by hand:\n\ncurl -X POST ";
    text += facts.public_url;
    text += path;
    text += " -H 'Content-Type: application/json' -d '{\"token\":\"";
    text += facts.secret;
    text += '"';
    text += more_members;
    return text += "}'\n\n";
}

}  // namespace

mail verification_mail(const customer_account& account, const letter_facts& facts) {
    mail letter = begin(account.email, "Confirm your e-mail address", "verification", facts);
    letter.text = "Hello " + account.first_name +
                  ",\n\nplease confirm your e-mail address with this token, within 24 hours:" +
                  by_hand(facts, "/customer/verify-email") + "If you didn't register, ignore this letter.\n";
    return letter;
}

mail reset_mail(account_kind kind, std::string recipient, std::string_view name, const letter_facts& facts) {
    mail letter = begin(std::move(recipient), "Set a new password", "reset", facts);
    const bool is_staff = kind == account_kind::staff;
    letter.text =
        "Hello " + std::string(name) + ",\n\nset a new password with this token, within one hour:" +
        by_hand(facts, is_staff ? "/auth/reset-password" : "/customer/reset-password",
                ",\"password\":\"YOUR NEW PASSWORD\"") +
        "It logs you out everywhere. If you didn't ask for it, ignore this letter: nothing has changed.\n";
    return letter;
}

mail invitation_mail(const staff_invitation& invitation, std::string_view restaurant,
                     const letter_facts& facts) {
    mail letter = begin(invitation.email, "Work with us at " + std::string(restaurant), "invitation", facts);
    letter.text = "Hello,\n\nyou are invited to join " + std::string(restaurant) + " as " +
                  std::string(to_string(invitation.role)) +
                  ". Register as staff with this address and the token below as \"invitation_token\", or "
                  "accept it when you are logged in, within 7 days:" +
                  by_hand(facts, "/auth/accept-invitation") +
                  "If you don't know what this is about, ignore this letter.\n";
    return letter;
}

}  // namespace qtable::net
