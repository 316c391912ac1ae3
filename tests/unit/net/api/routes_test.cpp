// The routes against the published documents: what is served is documented, and what is documented is served,
// path by path and method by method, each segment of a path with a parameter of its name.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "net/api/app_metrics.hpp"
#include "net/api/router.hpp"
#include "proto/api_documents.hpp"
#include "proto/json_document.hpp"

namespace qtable::net {
namespace routes_test {

struct document {
    explicit document(std::string_view text) : root(proto::parse_json(text, scratch, errors)) {}
    const proto::json_value* resolve(const proto::json_value& value) const {
        const proto::json_value* reference = value.find("$ref");
        if (reference == nullptr) return &value;
        const proto::json_value* at = root;
        std::string_view path = reference->text.substr(2);
        while (at != nullptr && !path.empty()) {
            const std::size_t end = std::min(path.find('/'), path.size());
            at = at->find(path.substr(0, end));
            path.remove_prefix(std::min(end + 1, path.size()));
        }
        return at;
    }
    proto::json_scratch scratch;
    proto::input_errors errors;
    const proto::json_value* root;
};

const document& openapi() {
    static const document parsed(proto::openapi_document());
    return parsed;
}

// "/restaurants/{restaurant_id}" → "/restaurants/{}"
std::string pattern_of(std::string_view path) {
    std::string made;
    bool is_inside = false;
    for (const char c : path) {
        if (c == '}') is_inside = false;
        if (!is_inside) made += c;
        if (c == '{') is_inside = true;
    }
    return made;
}

std::set<std::string> names_in(std::string_view path) {
    std::set<std::string> names;
    for (std::size_t at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1))
        names.emplace(path.substr(at + 1, path.find('}', at) - at - 1));
    return names;
}

void add_path_parameters(const proto::json_value* list, std::set<std::string>& to) {
    for (const proto::json_value* one = list != nullptr ? list->first : nullptr; one != nullptr;
         one = one->next) {
        const proto::json_value* parameter = openapi().resolve(*one);
        ASSERT_NE(parameter, nullptr);
        if (parameter->find("in")->text == "path") to.emplace(parameter->find("name")->text);
    }
}

bool is_verb(std::string_view word) {
    constexpr std::string_view verbs[] = {"get", "post", "put", "patch", "delete"};
    return std::find(std::begin(verbs), std::end(verbs), word) != std::end(verbs);
}

std::set<std::string> documented() {
    std::set<std::string> lines;
    for (const proto::json_value* path = openapi().root->find("paths")->first; path != nullptr;
         path = path->next) {
        for (const proto::json_value* each = path->first; each != nullptr; each = each->next) {
            if (is_verb(each->key)) lines.insert(std::string(each->key) + " " + pattern_of(path->key));
        }
    }
    return lines;
}

std::set<std::string> served() {
    std::set<std::string> lines;
    for_each_route([&lines](std::size_t, const route& each) {
        if (each.pattern.starts_with("/ws/")) return;  // of the other document
        std::string verb(name_of(each.verb));
        std::transform(verb.begin(), verb.end(), verb.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        EXPECT_TRUE(lines.insert(verb + " " + std::string(each.pattern)).second)
            << verb << " " << each.pattern;
    });
    return lines;
}

TEST(routes, are_those_of_the_document) {
    ASSERT_NE(openapi().root, nullptr);
    const std::set<std::string> here = served(), there = documented();
    std::vector<std::string> undocumented, unserved;
    std::set_difference(here.begin(), here.end(), there.begin(), there.end(),
                        std::back_inserter(undocumented));
    std::set_difference(there.begin(), there.end(), here.begin(), here.end(), std::back_inserter(unserved));
    EXPECT_EQ(undocumented, std::vector<std::string>());
    EXPECT_EQ(unserved, std::vector<std::string>());
}

TEST(routes, every_segment_that_varies_is_a_parameter) {
    for (const proto::json_value* path = openapi().root->find("paths")->first; path != nullptr;
         path = path->next) {
        std::set<std::string> shared;
        add_path_parameters(path->find("parameters"), shared);
        for (const proto::json_value* each = path->first; each != nullptr; each = each->next) {
            if (!is_verb(each->key)) continue;
            std::set<std::string> names = shared;
            add_path_parameters(each->find("parameters"), names);
            EXPECT_EQ(names, names_in(path->key)) << each->key << " " << path->key;
        }
    }
}

TEST(routes, sockets_are_those_of_the_other_document) {
    const document asyncapi(proto::asyncapi_document());
    std::set<std::string> there, here;
    for (const proto::json_value* channel = asyncapi.root->find("channels")->first; channel != nullptr;
         channel = channel->next)
        there.insert(pattern_of(channel->find("address")->text));
    for_each_route([&here](std::size_t, const route& each) {
        if (each.pattern.starts_with("/ws/")) here.emplace(each.pattern);
    });
    EXPECT_EQ(here, there);
}

TEST(routes, under_a_restaurant_ask_for_a_role_there) {
    for_each_route([](std::size_t, const route& each) {
        if (!each.pattern.starts_with("/restaurants/{}")) return;
        EXPECT_TRUE(each.who == access::host || each.who == access::manager || each.who == access::owner)
            << each.pattern;
    });
}

TEST(routes, have_a_counter_each) {
    std::size_t count = 0;
    for_each_route([&count](std::size_t, const route&) { ++count; });
    EXPECT_LE(count, app_metrics::max_routes);
}

std::string found_for(method verb, std::string_view path) {
    const route* found = nullptr;
    std::array<std::string_view, 3> params;
    std::string allow;
    if (find_route(verb, path, found, params, allow) == match::found) return std::string(found->pattern);
    return allow.empty() ? "none" : allow;
}

TEST(routes, names_go_before_segments_that_vary) {
    EXPECT_EQ(found_for(method::put, "/restaurants/r/tables/bulk"), "/restaurants/{}/tables/bulk");
    EXPECT_EQ(found_for(method::put, "/restaurants/r/tables/t"), "/restaurants/{}/tables/{}");
    EXPECT_EQ(found_for(method::put, "/restaurants/r/tables/t/clear"), "/restaurants/{}/tables/{}/clear");
    EXPECT_EQ(found_for(method::post, "/restaurants/r/customer-reservations/x/no-show"),
              "/restaurants/{}/customer-reservations/{}/no-show");
    EXPECT_EQ(found_for(method::post, "/restaurants/r/floor"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(found_for(method::get, "/restaurants/r/tables/"), "none");
}

}  // namespace routes_test
}  // namespace qtable::net
