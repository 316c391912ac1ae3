#include "tools/qtable/cli/token_key.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "net/auth/random.hpp"
#include "net/auth/token.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/settings.hpp"
#include "tools/qtable/private_postgres.hpp"

namespace qtable::tools {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const std::string& doing, const fs::path& path) {
    throw command_error(exit_configuration, doing + ' ' + path.string() + ": " + std::strerror(errno));
}

// Durable before it gets its name: a key that was used must not change after a power cut.
void write_new(const fs::path& path, const std::string& text) {
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) fail("can't make", path);
    const bool written =
        write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(fd) == 0;
    const int error = errno;
    close(fd);
    errno = error;
    if (!written) fail("can't write", path);
}

void make_key(const fs::path& path) {
    const fs::path fresh = path.string() + '.' + std::to_string(getpid());
    write_new(fresh, net::new_secret() + '\n');
    // A link doesn't replace what another process made meanwhile.
    const bool made = link(fresh.c_str(), path.c_str()) == 0 || errno == EEXIST;
    const int error = errno;
    unlink(fresh.c_str());
    errno = error;
    if (!made) fail("can't make", path);
}

}  // namespace

std::string data_dir_token_key(const fs::path& data_dir) {
    const fs::path path = data_dir / "token.key";
    std::error_code failed;
    make_data_dir(data_dir);
    if (!fs::exists(path, failed)) make_key(path);
    std::string key = read_secret(path, "the token key");
    if (key.size() < net::token_service::key_bytes_min) {
        throw command_error(exit_configuration,
                            path.string() +
                                " is damaged: remove it, and a new one is made (tokens that "
                                "are out become invalid)");
    }
    return key;
}

void require_token_key(const std::string& key) {
    const std::size_t least = net::token_service::key_bytes_min;
    if (key.size() >= least) return;
    throw command_error(exit_configuration,
                        std::string(key.empty() ? "the token key is missing" : "the token key is too short") +
                            ": set QTABLE_AUTH_TOKEN_KEY (or QTABLE_AUTH_TOKEN_KEY_FILE, --token-key) to at "
                            "least " +
                            std::to_string(least) +
                            " bytes, for example to this fresh one: " + net::new_secret());
}

}  // namespace qtable::tools
