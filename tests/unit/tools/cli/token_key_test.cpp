#include "tools/qtable/cli/token_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "net/auth/random.hpp"
#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {
namespace token_key_test {

namespace fs = std::filesystem;

class TokenKey : public testing::Test {
  protected:
    TokenKey() : dir_(fs::temp_directory_path() / ("qtable-token-key-" + std::to_string(getpid()))) {
        net::start_crypto();
        fs::remove_all(dir_);
    }
    ~TokenKey() override { fs::remove_all(dir_); }
    fs::path dir_;
};

TEST_F(TokenKey, IsMadeOnceForItsOwnerOnly) {
    const std::string key = data_dir_token_key(dir_ / "new");
    EXPECT_EQ(key.size(), 43U);  // 32 bytes in base64url
    EXPECT_EQ(data_dir_token_key(dir_ / "new"), key);
    struct stat found {};
    ASSERT_EQ(stat((dir_ / "new/token.key").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
    EXPECT_EQ(std::distance(fs::directory_iterator(dir_ / "new"), fs::directory_iterator()), 1);
    EXPECT_NE(data_dir_token_key(dir_ / "other"), key);
}

TEST_F(TokenKey, ADamagedOneIsRefused) {
    fs::create_directories(dir_);
    std::ofstream(dir_ / "token.key") << "short\n";
    EXPECT_THROW(data_dir_token_key(dir_), command_error);
}

TEST_F(TokenKey, RefusalShowsAFreshOne) {
    EXPECT_NO_THROW(require_token_key(std::string(32, 'k')));
    std::string shown;
    try {
        require_token_key(std::string(31, 'k'));
    } catch (const command_error& refused) {
        EXPECT_EQ(refused.code(), exit_configuration);
        shown = refused.what();
    }
    EXPECT_THAT(shown, testing::HasSubstr("QTABLE_AUTH_TOKEN_KEY"));
    const std::string fresh = shown.substr(shown.rfind(' ') + 1);
    EXPECT_NO_THROW(require_token_key(fresh));
}

}  // namespace token_key_test
}  // namespace qtable::tools
