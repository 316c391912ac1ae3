#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

#include "tools/qtable/private_postgres.hpp"

namespace qtable::tools {

namespace fs = std::filesystem;

namespace {

int open_lock_file(const fs::path& data_dir) {
    make_data_dir(data_dir);
    const fs::path path = data_dir / "lock";
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
        throw std::runtime_error("can't use the data directory: " + path.string() + ": " +
                                 std::strerror(errno));
    return fd;
}

bool take(int fd) {
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) return false;
    // Who holds it, for the message of the next one.
    const std::string pid = std::to_string(getpid()) + '\n';
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid.data(), pid.size(), 0) < 0) return true;
    return true;
}

std::string holder_of(int fd) {
    char text[16] = {};
    const ssize_t size = pread(fd, text, sizeof text - 1, 0);
    const std::string pid(text, size > 0 ? static_cast<std::size_t>(size) : 0);
    return pid.substr(0, pid.find('\n'));
}

}  // namespace

void make_data_dir(const fs::path& data_dir) {
    const fs::path bare = (data_dir / "").parent_path();  // without a slash at its end
    std::error_code ignored;                              // who opens a file in it says what is wrong
    fs::create_directories(bare.parent_path(), ignored);
    mkdir(bare.c_str(), geteuid() == 0 ? 0711 : 0700);
}

data_dir_lock::data_dir_lock(const fs::path& data_dir) : fd_(open_lock_file(data_dir)) {
    if (take(fd_)) return;
    const std::string holder = holder_of(fd_);
    close(fd_);
    throw std::runtime_error("the data directory " + data_dir.string() + " is in use by process " + holder +
                             ": stop it, or choose another with --data-dir");
}

std::optional<data_dir_lock> data_dir_lock::try_lock(const fs::path& data_dir) {
    data_dir_lock made(open_lock_file(data_dir));
    if (!take(made.fd_)) return std::nullopt;
    return made;
}

data_dir_lock& data_dir_lock::operator=(data_dir_lock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

data_dir_lock::~data_dir_lock() {
    if (fd_ >= 0) close(fd_);
}

}  // namespace qtable::tools
