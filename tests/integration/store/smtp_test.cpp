// Letters over SMTP, against a mail server of a few lines: what it takes, refuses, and what it dies of.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "storage/store/smtp_sink.hpp"
#include "tests/integration/store/store_test.hpp"

namespace qtable::storage {

namespace {

// Answers one connection after the other, on a thread of its own. Owner: the test.
class mail_server {
  public:
    mail_server() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof here;
        auto* const address = static_cast<sockaddr*>(static_cast<void*>(&here));
        EXPECT_EQ(::bind(listener_, address, size), 0);
        EXPECT_EQ(::listen(listener_, 8), 0);
        EXPECT_EQ(::getsockname(listener_, address, &size), 0);
        port_ = ntohs(here.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~mail_server() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }

    // Set before a letter is sent; read after it.
    std::string to_recipient = "250 OK\r\n", to_data = "354 go on\r\n",
                to_message = "250 taken\r\n";  // empty: hangs up
    std::string message, sender;

  private:
    void serve() {
        for (int peer = ::accept(listener_, nullptr, nullptr); peer >= 0;
             peer = ::accept(listener_, nullptr, nullptr)) {
            talk(peer);
            ::close(peer);
        }
    }
    static void say(int peer, const std::string& text) {
        EXPECT_EQ(::send(peer, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
    }
    static bool read_until(int peer, std::string& buffer, const std::string& end, std::string& out) {
        std::size_t at = buffer.find(end);
        while (at == std::string::npos) {
            char bytes[4096];
            const ssize_t got = ::recv(peer, bytes, sizeof bytes, 0);
            if (got <= 0) return false;
            buffer.append(bytes, static_cast<std::size_t>(got));
            at = buffer.find(end);
        }
        out = buffer.substr(0, at);
        buffer.erase(0, at + end.size());
        return true;
    }
    void talk(int peer) {
        std::string buffer, line;
        say(peer, "220 here\r\n");
        while (read_until(peer, buffer, "\r\n", line)) {
            if (line.starts_with("MAIL FROM")) sender = line;
            if (line.starts_with("RCPT")) {
                say(peer, to_recipient);
            } else if (line == "DATA") {
                say(peer, to_data);
                if (!to_data.starts_with("354")) continue;
                if (!read_until(peer, buffer, "\r\n.\r\n", message) || to_message.empty()) return;
                say(peer, to_message);
            } else {
                say(peer, line == "QUIT" ? "221 bye\r\n" : "250 fine\r\n");
            }
        }
    }

    int listener_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

class smtp_test : public testing::Test {
  protected:
    mail_outcome send(bool is_plain_allowed = true) {
        smtp_options options;
        options.url = server_.url();
        options.is_plain_allowed = is_plain_allowed;
        options.sender.from = "Søløven <q@example.org>";
        options.timeout_ms = 5'000;
        options.stop = stop_;
        return smtp_sink(options, [] { return noon; })(letter_);
    }

    mail_server server_;
    std::shared_ptr<smtp_stop> stop_ = std::make_shared<smtp_stop>();
    mail letter_{next_uuid(), "ada@example.org", "Grüße", "One.\n.two\n", {}};
};

TEST_F(smtp_test, a_letter_arrives_whole) {
    const mail_outcome sent = send();
    ASSERT_EQ(sent.what, mail_outcome::kind::sent) << sent.error;
    EXPECT_TRUE(server_.sender.starts_with("MAIL FROM:<q@example.org>")) << server_.sender;
    EXPECT_NE(server_.message.find("Message-ID: <" + to_string(letter_.id) + "@example.org>\r\n"),
              std::string::npos);
    EXPECT_NE(server_.message.find("Subject: =?UTF-8?B?"), std::string::npos);
    EXPECT_TRUE(server_.message.ends_with("\r\n\r\nOne.\r\n..two")) << server_.message;  // dots are doubled
}

TEST_F(smtp_test, without_tls_nothing_is_sent_unless_told) {
    const mail_outcome sent = send(false);
    EXPECT_EQ(sent.what, mail_outcome::kind::failed);
    EXPECT_NE(sent.error, "");
    EXPECT_EQ(server_.message, "");
}

TEST_F(smtp_test, a_refusal_for_now_is_tried_again_and_one_for_good_is_not) {
    server_.to_recipient = "450 greylisted ada@example.org\r\n";
    EXPECT_EQ(send().what, mail_outcome::kind::failed);
    server_.to_recipient = "550 no such user ada@example.org\r\n";
    const mail_outcome refused = send();
    EXPECT_EQ(refused.what, mail_outcome::kind::refused);
    EXPECT_EQ(refused.error.find("ada"), std::string::npos) << refused.error;
    EXPECT_TRUE(refused.error.starts_with("SMTP 550")) << refused.error;
    server_.to_recipient = "250 OK\r\n";
    server_.to_message = "554 looks like spam\r\n";
    EXPECT_EQ(send().what, mail_outcome::kind::refused);
    server_.to_message = "451 later\r\n";
    EXPECT_EQ(send().what, mail_outcome::kind::failed);
    server_.to_message = "250 taken\r\n";
    EXPECT_EQ(send().what, mail_outcome::kind::sent);
}

TEST_F(smtp_test, a_server_that_dies_after_the_data_did_not_take_it) {
    server_.to_message = "";
    EXPECT_EQ(send().what, mail_outcome::kind::failed);
    server_.to_message = "250 taken\r\n";
    EXPECT_EQ(send().what, mail_outcome::kind::sent);
}

TEST_F(smtp_test, who_stops_puts_letters_back) {
    stop_->no_more = true;
    EXPECT_EQ(send().what, mail_outcome::kind::put_back);
    stop_->no_more = false;
    stop_->at_once = true;
    EXPECT_EQ(send().what, mail_outcome::kind::put_back);
}

TEST_F(smtp_test, nobody_there_is_tried_again) {
    smtp_options options;
    options.url = "smtp://127.0.0.1:1";
    options.is_plain_allowed = true;
    EXPECT_EQ(smtp_sink(options, [] { return noon; })(letter_).what, mail_outcome::kind::failed);
}

}  // namespace

}  // namespace qtable::storage
