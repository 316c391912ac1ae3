#include "tools/qtable/cli/health_probe.hpp"

#include <curl/curl.h>

#include <array>
#include <cstring>
#include <memory>

#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {

namespace {

std::size_t ignore_body(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

std::string url_of(const probe_target& target) {
    const bool is_v6 = target.host.find(':') != std::string::npos;
    return std::string(target.is_tls ? "https://" : "http://") + (is_v6 ? "[" : "") + target.host +
           (is_v6 ? "]" : "") + ':' + target.port + target.path;
}

}  // namespace

probe_target parse_probe_url(std::string_view url) {
    constexpr std::string_view plain = "http://", secure = "https://";
    const bool is_tls = url.starts_with(secure);
    if (!is_tls && !url.starts_with(plain))
        throw command_error(exit_configuration, "--url: must begin with http:// or https://");
    url.remove_prefix(is_tls ? secure.size() : plain.size());
    const std::size_t slash = url.find('/');
    std::string_view authority = url.substr(0, slash);
    probe_target target{{},
                        is_tls ? "443" : "80",
                        slash == std::string_view::npos ? "/healthz" : std::string(url.substr(slash)),
                        is_tls};
    const std::size_t colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
        target.port = authority.substr(colon + 1);
        authority = authority.substr(0, colon);
    }
    if (authority.starts_with('[') && authority.ends_with(']'))
        authority = authority.substr(1, authority.size() - 2);
    target.host = authority;
    const bool odd = target.path.find_first_of(" \r\n") != std::string::npos;
    if (target.host.empty() || target.port.empty() || odd)
        throw command_error(exit_configuration, "--url: no address");
    return target;
}

bool is_this_machine(const probe_target& target) noexcept {
    const std::string_view host = target.host;
    return host == "localhost" || host == "::1" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

int probe(const probe_target& target, int timeout_s) {
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), curl_easy_cleanup);
    CURL* const to = handle.get();
    const std::string url = url_of(target);
    std::array<char, CURL_ERROR_SIZE> why{};
    curl_easy_setopt(to, CURLOPT_URL, url.c_str());
    curl_easy_setopt(to, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(to, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(to, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(to, CURLOPT_TIMEOUT, static_cast<long>(timeout_s));
    curl_easy_setopt(to, CURLOPT_WRITEFUNCTION, ignore_body);
    curl_easy_setopt(to, CURLOPT_ERRORBUFFER, why.data());
    if (target.is_tls && is_this_machine(target)) {
        curl_easy_setopt(to, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(to, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    const CURLcode code = curl_easy_perform(to);
    long status = 0;
    curl_easy_getinfo(to, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK && status > 0) return static_cast<int>(status);
    long error = 0;
    curl_easy_getinfo(to, CURLINFO_OS_ERRNO, &error);
    const std::string said = code == CURLE_COULDNT_CONNECT && error != 0
                                 ? std::strerror(static_cast<int>(error))
                             : why[0] != '\0' ? why.data()
                                              : curl_easy_strerror(code);
    throw command_error(exit_failed, target.host + ':' + target.port + ": " + one_line(said));
}

}  // namespace qtable::tools
