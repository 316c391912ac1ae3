#include "storage/store/smtp_sink.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace qtable::storage {

namespace {

using curl_handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using curl_list = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// What libcurl reads the message from.
std::size_t give_bytes(char* to, std::size_t size, std::size_t count, void* from) {
    auto& rest = *static_cast<std::string_view*>(from);
    const std::size_t given = std::min(size * count, rest.size());
    std::memcpy(to, rest.data(), given);
    rest.remove_prefix(given);
    return given;
}

int stop_when_told(void* told, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const smtp_stop*>(told)->at_once.load() ? 1 : 0;
}

// What the server says may name people: it is not kept.
std::size_t drop_bytes(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

mail_outcome outcome_of(CURL* handle, CURLcode code) {
    if (code == CURLE_OK) return {};
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    mail_outcome made{mail_outcome::kind::failed, curl_easy_strerror(code)};
    if (status >= 400) made.error = "SMTP " + std::to_string(status) + ": " + made.error;
    if (code == CURLE_ABORTED_BY_CALLBACK) made.what = mail_outcome::kind::put_back;
    // Of the letter itself: a wrong password or a server without TLS may be put right.
    const bool is_about_letter =
        code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_WEIRD_SERVER_REPLY;
    if (is_about_letter && status >= 500 && status < 600) made.what = mail_outcome::kind::refused;
    return made;
}

mail_outcome send_letter(const smtp_options& options, const mail& letter, instant now) {
    if (options.stop && options.stop->no_more.load()) return {mail_outcome::kind::put_back, {}};
    const curl_handle handle(curl_easy_init(), curl_easy_cleanup);
    const curl_list recipients(curl_slist_append(nullptr, ('<' + letter.recipient + '>').c_str()),
                               curl_slist_free_all);
    if (!handle || !recipients) return {mail_outcome::kind::failed, "out of memory"};
    const std::string message = format_mail(letter, options.sender, now);
    const std::string from = '<' + address_of(options.sender.from) + '>';
    std::string_view rest = message;

    CURL* const to = handle.get();
    curl_easy_setopt(to, CURLOPT_URL, options.url.c_str());
    curl_easy_setopt(to, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(to, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(to, CURLOPT_NOPROXY, "*");
    const auto security = options.is_plain_allowed ? CURLUSESSL_TRY : CURLUSESSL_ALL;
    curl_easy_setopt(to, CURLOPT_USE_SSL, static_cast<long>(security));
    if (!options.user.empty()) {
        curl_easy_setopt(to, CURLOPT_USERNAME, options.user.c_str());
        curl_easy_setopt(to, CURLOPT_PASSWORD, options.password.c_str());
    }
    curl_easy_setopt(to, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout_ms));
    curl_easy_setopt(to, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout_ms));
    curl_easy_setopt(to, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(options.timeout_ms / 1000 + 1));
    curl_easy_setopt(to, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(to, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(to, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(to, CURLOPT_READFUNCTION, give_bytes);
    curl_easy_setopt(to, CURLOPT_READDATA, &rest);
    curl_easy_setopt(to, CURLOPT_WRITEFUNCTION, drop_bytes);
    curl_easy_setopt(to, CURLOPT_HEADERFUNCTION, drop_bytes);
    if (options.stop) {
        curl_easy_setopt(to, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(to, CURLOPT_XFERINFOFUNCTION, stop_when_told);
        curl_easy_setopt(to, CURLOPT_XFERINFODATA, options.stop.get());
    }
    return outcome_of(to, curl_easy_perform(to));
}

}  // namespace

mail_sink smtp_sink(smtp_options options, std::function<instant()> clock) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("libcurl can't be used");
    return [options = std::move(options), clock = std::move(clock)](const mail& letter) {
        return send_letter(options, letter, clock());
    };
}

}  // namespace qtable::storage
