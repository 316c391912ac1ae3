#include "tools/qtable/cli/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "storage/migrations/migrator.hpp"
#include "storage/pg/blocking.hpp"
#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {
namespace settings_test {

using testing::ElementsAre;
using testing::HasSubstr;

environment made_of(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

std::vector<const setting*> every_setting() {
    std::vector<const setting*> all;
    for (const setting& each : all_settings()) all.push_back(&each);
    return all;
}

setting_sources resolve(settings& to, const given_flags& flags, const environment& from,
                        platform_names platform = platform_names::taken) {
    return resolve_settings(to, every_setting(), flags, from, platform);
}

std::string refusal_of(const given_flags& flags, const environment& from) {
    settings any;
    try {
        resolve(any, flags, from);
    } catch (const command_error& refused) {
        EXPECT_EQ(refused.code(), exit_configuration);
        return refused.what();
    }
    return "taken";
}

TEST(SettingsTable, NamesAreUniqueAndWellFormed) {
    std::set<std::string> names, flags, variables;
    for (const setting& each : all_settings()) {
        EXPECT_TRUE(names.insert(std::string(each.name)).second) << each.name;
        EXPECT_TRUE(flags.insert(std::string(each.flag)).second) << each.flag;
        EXPECT_TRUE(variables.insert(environment_name(each)).second) << each.name;
        EXPECT_TRUE(each.flag.starts_with("--")) << each.name;
        EXPECT_FALSE(each.help.empty()) << each.name;
        EXPECT_NE(each.name.find('.'), std::string_view::npos) << each.name;
    }
}

// Kubernetes sets QTABLE_PORT and QTABLE_SERVICE_HOST for a service called "qtable".
TEST(SettingsTable, NoNameThatKubernetesInjects) {
    for (const setting& each : all_settings()) {
        const std::string name = environment_name(each);
        EXPECT_FALSE(name.starts_with("QTABLE_PORT")) << name;
        EXPECT_FALSE(name.starts_with("QTABLE_SERVICE_")) << name;
    }
}

// The bounds take the default, and its text form leads back to it.
TEST(SettingsTable, DefaultsComeBackFromTheirText) {
    for (const setting& each : all_settings()) {
        settings defaults, read;
        const std::string text = value_text(each, defaults);
        set_value(read, each, text, "test");
        EXPECT_EQ(value_text(each, read), text) << each.name;
    }
}

TEST(SettingsTable, NumbersHaveBoundsThatFitTheirType) {
    for (const setting& each : all_settings()) {
        if (type_name(each) != "NUMBER") continue;
        ASSERT_LT(each.low, each.high) << each.name;
        for (const std::int64_t bound : {each.low, each.high}) {
            settings to;
            set_value(to, each, std::to_string(bound), "test");
            EXPECT_EQ(value_text(each, to), std::to_string(bound)) << each.name;
        }
    }
}

TEST(Settings, FlagBeatsEnvironmentBeatsDefault) {
    settings to;
    const auto sources =
        resolve(to, {{"listen.port", {"1"}}},
                made_of({{"QTABLE_LISTEN_PORT", "2"}, {"QTABLE_LISTEN_THREADS", "3"}, {"PORT", "4"}}));
    EXPECT_EQ(to.server.port, 1);
    EXPECT_EQ(to.server.threads, 3U);
    EXPECT_EQ(to.server.drain_timeout_ms, settings{}.server.drain_timeout_ms);
    EXPECT_EQ(sources.at("listen.port"), "--port");
    EXPECT_EQ(sources.at("listen.threads"), "QTABLE_LISTEN_THREADS");
    EXPECT_FALSE(sources.contains("drain.timeout_ms"));
}

TEST(Settings, PlatformNamesComeAfterOurs) {
    settings to;
    const auto sources = resolve(
        to, {},
        made_of({{"PORT", "4"}, {"DATABASE_URL", "postgres://a"}, {"QTABLE_DB_URL", "postgres://b"}}));
    EXPECT_EQ(to.server.port, 4);
    EXPECT_EQ(sources.at("listen.port"), "PORT");
    EXPECT_EQ(to.server.conninfo, "postgres://b");
}

TEST(Settings, PlatformNamesCanBeIgnored) {
    settings to;
    resolve(to, {}, made_of({{"PORT", "4"}}), platform_names::ignored);
    EXPECT_EQ(to.server.port, settings{}.server.port);
}

TEST(Settings, ListsTakeCommasAndRepetition) {
    settings to;
    resolve(to, {{"http.cors_origins", {"https://a.example,https://b.example", "https://c.example"}}},
            made_of({}));
    EXPECT_THAT(to.server.app.cors_origins,
                ElementsAre("https://a.example", "https://b.example", "https://c.example"));
    resolve(to, {}, made_of({{"QTABLE_HTTP_CORS_ORIGINS", " https://d.example , "}}));
    EXPECT_THAT(to.server.app.cors_origins, ElementsAre("https://d.example"));
}

TEST(Settings, TruthHasManyWords) {
    for (const auto& [text, value] :
         {std::pair{"true", true}, {"on", true}, {"1", true}, {"false", false}, {"no", false}}) {
        settings to;
        to.migrate = !value;
        resolve(to, {}, made_of({{"QTABLE_DB_MIGRATE", text}}));
        EXPECT_EQ(to.migrate, value) << text;
    }
}

TEST(Settings, RefusalsNameWhoSaidIt) {
    EXPECT_EQ(refusal_of({{"listen.port", {"70000"}}}, made_of({})),
              "--port: must be a whole number from 0 to 65535, not \"70000\"");
    EXPECT_THAT(refusal_of({}, made_of({{"PORT", "80x"}})), HasSubstr("PORT: must be a whole number"));
    EXPECT_THAT(refusal_of({}, made_of({{"QTABLE_LISTEN_THREADS", "-1"}})),
                HasSubstr("QTABLE_LISTEN_THREADS: "));
    EXPECT_THAT(refusal_of({}, made_of({{"QTABLE_TEST_ENDPOINTS", "maybe"}})),
                HasSubstr("must be true or false"));
    EXPECT_EQ(refusal_of({{"db.wait_ms", {"-1"}}}, made_of({})), "taken");
    EXPECT_THAT(refusal_of({{"db.wait_ms", {"-2"}}}, made_of({})), HasSubstr("--database-wait-ms"));
}

class SecretFile : public testing::Test {
  protected:
    SecretFile()
        : path_(std::filesystem::temp_directory_path() / ("qtable-settings-" + std::to_string(getpid()))) {}
    ~SecretFile() override { std::filesystem::remove(path_); }
    void write(const std::string& text) { std::ofstream(path_) << text; }
    std::filesystem::path path_;
};

TEST_F(SecretFile, SecretsComeFromFilesToo) {
    write("a key of more than thirty-two bytes\r\nsecond line\n");
    settings to;
    const auto sources = resolve(to, {}, made_of({{"QTABLE_AUTH_TOKEN_KEY_FILE", path_.string()}}));
    EXPECT_EQ(to.server.token_key, "a key of more than thirty-two bytes");
    EXPECT_EQ(sources.at("auth.token_key"), "QTABLE_AUTH_TOKEN_KEY_FILE");
}

TEST_F(SecretFile, ThatIsMissingIsARefusal) {
    EXPECT_EQ(refusal_of({}, made_of({{"QTABLE_AUTH_TOKEN_KEY_FILE", path_.string()}})),
              "QTABLE_AUTH_TOKEN_KEY_FILE: can't read " + path_.string());
}

TEST(Failures, MapToExitCodes) {
    EXPECT_EQ(exit_code_of(command_error(exit_check, "no")), exit_check);
    EXPECT_EQ(exit_code_of(storage::migration_error("behind")), exit_check);
    EXPECT_EQ(exit_code_of(storage::pg_error("not reached", storage::sqlstate("08001"))), exit_configuration);
    EXPECT_EQ(exit_code_of(storage::pg_error("conflict", storage::sqlstate("23505"))), exit_failed);
    EXPECT_EQ(exit_code_of(std::runtime_error("port in use")), exit_configuration);
    EXPECT_EQ(exit_code_of(std::logic_error("a bug")), exit_failed);
}

TEST(Failures, AreOneLine) {
    EXPECT_EQ(one_line("  connection failed:\n\tIs the server\r\nrunning?\n"),
              "connection failed: Is the server running?");
}

}  // namespace settings_test
}  // namespace qtable::tools
