#include "storage/pg/conninfo.hpp"

#include <libpq-fe.h>
#include <netdb.h>

#include <algorithm>
#include <memory>

#include "core/base/assert.hpp"
#include "storage/pg/blocking.hpp"

namespace qtable::storage {

namespace {

using option_list = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t comma = list.find(',');
        parts.emplace_back(list.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        list.remove_prefix(comma + 1);
    }
}

bool is_socket(std::string_view host) {
    return host.empty() || host[0] == '/' || host[0] == '@';
}

std::vector<std::string> addresses_of(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int failed = getaddrinfo(host.c_str(), nullptr, &hints, &found); failed != 0) {
        throw pg_error("the database host \"" + host + "\" can't be resolved: " + gai_strerror(failed));
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, freeaddrinfo);
    std::vector<std::string> addresses;
    for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
        char text[NI_MAXHOST];
        if (getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0)
            continue;
        if (std::find(addresses.begin(), addresses.end(), text) == addresses.end())
            addresses.emplace_back(text);
    }
    return addresses;
}

// One item of a list that may have one item for all hosts, or one for each.
std::string item(const std::vector<std::string>& list, std::size_t index) {
    return list[list.size() == 1 ? 0 : std::min(index, list.size() - 1)];
}

using keyword_list = std::vector<std::pair<std::string, std::string>>;

// What was given, then what the environment and libpq's defaults add.
keyword_list given_keywords(const std::string& conninfo) {
    char* problem = nullptr;
    const option_list given(PQconninfoParse(conninfo.c_str(), &problem), PQconninfoFree);
    if (!given) {
        std::string why = problem == nullptr ? "out of memory" : problem;
        PQfreemem(problem);
        while (!why.empty() && why.back() == '\n') why.pop_back();
        throw pg_error("the database address isn't valid: " + why);
    }
    const option_list defaults(PQconndefaults(), PQconninfoFree);
    keyword_list keywords;
    for (const PQconninfoOption* at = given.get(); at->keyword != nullptr; ++at) {
        const char* value = at->val;
        for (const PQconninfoOption* d = defaults.get();
             value == nullptr && d != nullptr && d->keyword != nullptr; ++d) {
            if (std::string_view(d->keyword) == at->keyword) value = d->val;
        }
        if (value != nullptr && *value != '\0') keywords.emplace_back(at->keyword, value);
    }
    return keywords;
}

std::string take(keyword_list& from, std::string_view keyword) {
    const auto found =
        std::find_if(from.begin(), from.end(), [&](const auto& pair) { return pair.first == keyword; });
    if (found == from.end()) return {};
    std::string value = std::move(found->second);
    from.erase(found);
    return value;
}

}  // namespace

connect_target connect_target::resolve(const std::string& conninfo) {
    keyword_list keywords = given_keywords(conninfo);
    const std::vector<std::string> hosts = split(take(keywords, "host"));
    const std::vector<std::string> addresses = split(take(keywords, "hostaddr"));
    const std::vector<std::string> ports = split(take(keywords, "port"));
    std::vector<endpoint> endpoints;
    for (std::size_t i = 0; i < std::max(hosts.size(), addresses.size()); ++i) {
        const std::string host = item(hosts, i), port = item(ports, i);
        if (const std::string address = item(addresses, i); !address.empty() || is_socket(host)) {
            endpoints.push_back({host, address, port});
        } else {
            for (std::string& found : addresses_of(host)) endpoints.push_back({host, std::move(found), port});
        }
    }
    return {std::move(endpoints), std::move(keywords)};
}

connect_target::connect_target(std::vector<endpoint> endpoints, keyword_list keywords)
    : endpoints_(std::move(endpoints)), keywords_(std::move(keywords)) {
    QTABLE_ASSERT(!endpoints_.empty());
}

std::string_view connect_target::get(std::string_view keyword) const noexcept {
    for (const auto& [name, value] : keywords_) {
        if (name == keyword) return value;
    }
    return {};
}

void connect_target::set(const std::string& keyword, std::string value) {
    for (auto& [name, old] : keywords_) {
        if (name == keyword) {
            old = std::move(value);
            return;
        }
    }
    keywords_.emplace_back(keyword, std::move(value));
}

void connect_target::rotate() {
    std::rotate(endpoints_.begin(), endpoints_.begin() + 1, endpoints_.end());
}

bool connect_target::has_several_servers() const noexcept {
    const endpoint& first = endpoints_.front();
    return std::any_of(endpoints_.begin(), endpoints_.end(), [&first](const endpoint& each) {
        return each.host != first.host || each.port != first.port;
    });
}

void connect_target::prefer_one_that_writes() {
    // "any" is libpq's default.
    const std::string_view wanted = get("target_session_attrs");
    if (has_several_servers() && (wanted.empty() || wanted == "any"))
        set("target_session_attrs", "read-write");
}

keyword_list connect_target::keywords() const {
    endpoint joined;
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
        const char* separator = i == 0 ? "" : ",";
        joined.host.append(separator).append(endpoints_[i].host);
        joined.address.append(separator).append(endpoints_[i].address);
        joined.port.append(separator).append(endpoints_[i].port);
    }
    keyword_list all = keywords_;
    const auto only_commas = [](const std::string& text) {
        return text.find_first_not_of(',') == std::string::npos;
    };
    if (!only_commas(joined.host)) all.emplace_back("host", joined.host);
    if (!only_commas(joined.address)) all.emplace_back("hostaddr", joined.address);
    if (!only_commas(joined.port)) all.emplace_back("port", joined.port);
    return all;
}

std::string connect_target::describe() const {
    const endpoint& first = endpoints_.front();
    std::string text(get("user"));
    if (!text.empty()) text += '@';
    text += first.host.empty() ? (first.address.empty() ? std::string("local socket") : first.address)
                               : first.host;
    if (!first.port.empty()) text += ':' + first.port;
    text.append("/").append(get("dbname"));
    return text;
}

}  // namespace qtable::storage
