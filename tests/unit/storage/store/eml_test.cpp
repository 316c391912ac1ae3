#include <gtest/gtest.h>

#include "storage/store/mail_format.hpp"

namespace qtable::storage {

namespace eml_test {

constexpr instant at{1'795'372'205'000};  // 2026-11-22T18:30:05Z

std::string made(std::string subject, std::string text, std::string recipient = "ada@example.org") {
    mail letter;
    letter.id.bytes[15] = 9;
    letter.recipient = std::move(recipient);
    letter.subject = std::move(subject);
    letter.text = std::move(text);
    return format_mail(letter, {"QTable <q@example.org>"}, at);
}

std::string body_of(const std::string& message) {
    return message.substr(message.find("\r\n\r\n") + 4);
}

std::string header_of(const std::string& message, const std::string& name) {
    const auto begin = message.find("\r\n" + name + ": ") + name.size() + 4;
    auto end = message.find("\r\n", begin);
    while (message[end + 2] == ' ') end = message.find("\r\n", end + 2);
    return message.substr(begin, end - begin);
}

TEST(eml, is_a_whole_message) {
    EXPECT_EQ(made("Hello", "One.\nTwo."),
              "From: QTable <q@example.org>\r\n"
              "To: ada@example.org\r\n"
              "Subject: Hello\r\n"
              "Date: Sun, 22 Nov 2026 18:30:05 +0000\r\n"
              "Message-ID: <00000000-0000-0000-0000-000000000009@example.org>\r\n"
              "MIME-Version: 1.0\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n"
              "Auto-Submitted: auto-generated\r\n"
              "\r\n"
              "One.\r\nTwo.\r\n");
}

TEST(eml, a_subject_that_is_not_ascii_is_encoded_words) {
    EXPECT_EQ(header_of(made("Grüße", ""), "Subject"), "=?UTF-8?B?R3LDvMOfZQ==?=");
    EXPECT_EQ(header_of(made("=?x", ""), "Subject"), "=?UTF-8?B?PT94?=");
    std::string long_subject;
    for (int i = 0; i < 40; ++i) long_subject += "ü";
    // 44 bytes a word: 45 would cut a letter in two.
    EXPECT_EQ(header_of(made(long_subject, ""), "Subject").find("?=\r\n =?UTF-8?B?"),
              std::string("=?UTF-8?B?").size() + 60);
}

TEST(eml, a_sender_that_is_not_ascii_is_encoded_words) {
    const std::string message = format_mail({}, {"Café Søløven <q@example.org>"}, at);
    EXPECT_TRUE(message.starts_with("From: =?UTF-8?B?Q2Fmw6kgU8O4bMO4dmVu?= <q@example.org>\r\n")) << message;
    EXPECT_EQ(address_of("Café <q@example.org>"), "q@example.org");
    EXPECT_EQ(address_of("q@example.org"), "q@example.org");
}

TEST(eml, nothing_of_a_letter_makes_a_header) {
    const std::string message =
        made("Hi\r\nBcc: eve@example.org", "", "ada@example.org\r\nBcc: eve@example.org");
    EXPECT_EQ(message.find("\nBcc:"), std::string::npos);
}

TEST(eml, the_text_is_quoted_printable) {
    EXPECT_EQ(body_of(made("", "a = b\ttab \nü\r\n.")), "a =3D b=09tab=20\r\n=C3=BC\r\n.\r\n");
    const std::string body = body_of(made("", std::string(200, 'x')));
    EXPECT_EQ(body, std::string(75, 'x') + "=\r\n" + std::string(75, 'x') + "=\r\n" + std::string(50, 'x') +
                        "\r\n");
    EXPECT_EQ(body_of(made("", "")), "");
}

}  // namespace eml_test

}  // namespace qtable::storage
