// The private PostgreSQL of `qtable dev`: Debian's own server, made once under the data directory and run as
// our child on a Unix socket, never on TCP. As root it runs as user `postgres`, or, where that user can't
// reach the directory, as root's own files seen from a user namespace. It dies with the thread that started
// it (start() belongs to the main thread) and the next start recovers from whatever the last one left. Owner:
// the main thread. Errors: std::runtime_error with one clear line and the fix. Files: DIR/lock,
// DIR/postgres/{data,run,log,socket_dir}.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/qtable/server_account.hpp"

namespace qtable::tools {

// Makes it when it is missing, for its owner alone whatever the umask; as root the account of the database
// may pass through. What is there already stays as it is.
void make_data_dir(const std::filesystem::path& data_dir);

// One program at a time works on a data directory. Held until destruction, or until the process ends in any
// way.
class data_dir_lock {
  public:
    // Creates `data_dir` when missing. Throws "… is in use by process N" when another holds it.
    explicit data_dir_lock(const std::filesystem::path& data_dir);
    // Nullopt instead of the exception when it is held.
    static std::optional<data_dir_lock> try_lock(const std::filesystem::path& data_dir);
    data_dir_lock(data_dir_lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    data_dir_lock& operator=(data_dir_lock&& other) noexcept;
    ~data_dir_lock();

  private:
    explicit data_dir_lock(int fd) noexcept : fd_(fd) {}
    int fd_ = -1;
};

class private_postgres {
  public:
    struct options {
        std::filesystem::path data_dir;  // DIR; the server lives in DIR/postgres
        bool fsync = true;
        std::vector<std::pair<std::string, std::string>> settings;  // more `name = value` for the server
    };

    explicit private_postgres(options chosen);
    // stop() when we started it.
    ~private_postgres();
    private_postgres(const private_postgres&) = delete;
    private_postgres& operator=(const private_postgres&) = delete;

    // For the holder of the directory's data_dir_lock: initdb once, clean up after a predecessor that was
    // killed (a server that still runs is shut down first, so that the new one is our child), start, wait
    // until it answers.
    void start();
    // For command-line tools: uses the server of another process when one holds the directory, else locks it
    // and starts.
    void attach_or_start();
    // Fast shutdown, waits until it is gone. Does nothing when attached.
    void stop();

    bool started_here() const noexcept { return child_ > 0; }
    // "host=… dbname=qtable user=qtable"; valid after start().
    const std::string& conninfo() const noexcept { return conninfo_; }

    // The newest server of at least version 15, for example /usr/lib/postgresql/15/bin. Throws with the line
    // to install it.
    static std::filesystem::path find_server();

  private:
    std::filesystem::path data() const { return folder_ / "data"; }
    std::filesystem::path log() const { return folder_ / "log"; }

    void prepare_folder();
    void clear_predecessor();
    void initialise();
    void choose_socket_dir();
    bool use_recorded_socket_dir();
    void run();
    void wait_until_ready(std::uintmax_t log_from);
    void make_database();
    std::string conninfo_for(const char* database) const;

    options options_;
    std::filesystem::path folder_;  // DIR/postgres, absolute
    std::filesystem::path bin_;
    std::filesystem::path socket_dir_;
    server_account account_;
    std::string conninfo_;
    pid_t child_ = 0;
    std::optional<data_dir_lock> lock_;  // of attach_or_start
};

}  // namespace qtable::tools
