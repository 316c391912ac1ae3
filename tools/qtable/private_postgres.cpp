#include "tools/qtable/private_postgres.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "storage/pg/blocking.hpp"

namespace qtable::tools {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr int oldest_version = 15;
constexpr const char* servers = "/usr/lib/postgresql";
constexpr const char* socket_name = ".s.PGSQL.5432";
constexpr std::uintmax_t log_bytes = 10 * 1024 * 1024;
constexpr auto start_timeout = 120s;  // recovery after a crash may take long
constexpr auto pause = 5ms;

std::optional<int> to_int(std::string_view text) {
    int value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// The lines of a small file; none when it can't be read.
std::vector<std::string> lines_of(const fs::path& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

std::string install_line(int version) {
    return "apt-get install postgresql-" + std::to_string(version);
}

// The server for an existing cluster must be of its own version; a new one gets the newest.
fs::path find_server_for(const fs::path& data) {
    const auto version = lines_of(data / "PG_VERSION");
    if (version.empty()) return private_postgres::find_server();
    const fs::path bin = fs::path(servers) / version.front() / "bin";
    if (access((bin / "postgres").c_str(), X_OK) == 0) return bin;
    throw std::runtime_error(
        data.string() + " was made by PostgreSQL " + version.front() +
        ", which isn't installed; install it: " + install_line(to_int(version.front()).value_or(15)));
}

// Every server process that works in the data directory, in whatever state its postmaster is, also of an
// initdb.
std::vector<pid_t> processes_on(const fs::path& data) {
    const fs::path unfinished = data.string() + ".new";
    std::vector<pid_t> found;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator("/proc", failed)) {
        const auto pid = to_int(entry.path().filename().string());
        if (!pid) continue;
        std::error_code gone;
        const fs::path works_in = fs::read_symlink(entry.path() / "cwd", gone);
        if (gone || (works_in != data && works_in != unfinished)) continue;
        if (fs::read_symlink(entry.path() / "exe", gone).filename() == "postgres") found.push_back(*pid);
    }
    return found;
}

std::optional<pid_t> postmaster_of(const fs::path& data) {
    const auto lines = lines_of(data / "postmaster.pid");
    return lines.empty() ? std::nullopt : to_int(lines.front());
}

// The last thing that the server said of interest since `from`.
std::string reason_in(const fs::path& log, std::uintmax_t from) {
    std::ifstream file(log);
    file.seekg(static_cast<std::streamoff>(from));
    std::string last, fatal;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) last = line;
        if (line.find("FATAL:") != std::string::npos || line.find("error:") != std::string::npos)
            fatal = line;
    }
    const std::string& told = fatal.empty() ? last : fatal;
    return (told.empty() ? "no reason given" : told) + " (more in " + log.string() + ")";
}

std::uintmax_t size_of(const fs::path& path) {
    std::error_code failed;
    const std::uintmax_t size = fs::file_size(path, failed);
    return failed ? 0 : size;
}

// Waits for the child at most `limit`; its exit status once it is gone.
std::optional<int> wait_for_exit(pid_t child, std::chrono::steady_clock::duration limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (true) {
        int status = 0;
        const pid_t done = waitpid(child, &status, WNOHANG);
        if (done == child || (done < 0 && errno == ECHILD)) return status;
        if (std::chrono::steady_clock::now() >= end) return std::nullopt;
        std::this_thread::sleep_for(pause);
    }
}

void make_private_dir(const fs::path& path, const server_account& account) {
    std::error_code failed;
    fs::create_directories(path, failed);
    if (chown(path.c_str(), account.owner_uid(), account.owner_gid()) != 0 ||
        chmod(path.c_str(), 0700) != 0) {
        throw std::runtime_error("can't use " + path.string() + ": " + std::strerror(errno));
    }
}

// One conninfo value in quotes.
std::string quoted(const std::string& value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + '\'';
}

// A socket's path fits into sockaddr_un, and libpq and the server take the directory as one item of a list.
bool fits_socket(const fs::path& dir) {
    constexpr std::size_t most = sizeof(sockaddr_un::sun_path) - 1;
    const std::string path = (dir / socket_name).string();
    return path.size() <= most && path.find(',') == std::string::npos;
}

bool is_ours(const fs::path& dir, uid_t owner) {
    struct stat found {};
    return lstat(dir.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == owner &&
           (found.st_mode & 0777) == 0700;
}

}  // namespace

fs::path private_postgres::find_server() {
    int best = 0;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(servers, failed)) {
        const int version = to_int(entry.path().filename().string()).value_or(0);
        if (version > best && access((entry.path() / "bin/postgres").c_str(), X_OK) == 0) best = version;
    }
    if (best >= oldest_version) return fs::path(servers) / std::to_string(best) / "bin";
    throw std::runtime_error("there is no PostgreSQL server of version " + std::to_string(oldest_version) +
                             " or newer under " + servers + "; install it: " + install_line(oldest_version));
}

private_postgres::private_postgres(options chosen)
    : options_(std::move(chosen)),
      folder_(fs::weakly_canonical(fs::absolute(options_.data_dir)) / "postgres") {}

private_postgres::~private_postgres() {
    stop();
}

void private_postgres::start() {
    prepare_folder();
    bin_ = find_server_for(data());
    clear_predecessor();
    if (!fs::exists(data() / "PG_VERSION")) initialise();
    choose_socket_dir();
    run();
    make_database();
    conninfo_ = conninfo_for("qtable");
}

void private_postgres::attach_or_start() {
    const auto end = std::chrono::steady_clock::now() + start_timeout;
    std::string why = "it isn't there yet";
    while (std::chrono::steady_clock::now() < end) {
        if ((lock_ = data_dir_lock::try_lock(options_.data_dir))) return start();
        // Its holder may still be starting the server, or making its database.
        if (use_recorded_socket_dir()) {
            try {
                const storage::blocking_connection probe(conninfo_for("qtable"));
                conninfo_ = conninfo_for("qtable");
                return;
            } catch (const storage::pg_error& failed) {
                why = failed.what();
            }
        }
        std::this_thread::sleep_for(20 * pause);
    }
    throw std::runtime_error("another process holds " + options_.data_dir.string() +
                             " but its database doesn't answer: " + why);
}

void private_postgres::stop() {
    if (child_ <= 0) return;
    // Fast, then immediate (the next start recovers), then by force.
    for (const int number : {SIGINT, SIGQUIT, SIGKILL}) {
        kill(child_, number);
        if (wait_for_exit(child_, 10s)) break;
    }
    child_ = 0;
    std::error_code failed;
    if (socket_dir_ != folder_ / "run") {
        fs::remove_all(socket_dir_, failed);
        fs::remove(folder_ / "socket_dir", failed);
    }
    lock_.reset();
}

void private_postgres::prepare_folder() {
    std::error_code failed;
    fs::create_directories(folder_.parent_path(), failed);
    if (failed)
        throw std::runtime_error("can't make " + folder_.parent_path().string() + ": " + failed.message());
    account_ = choose_account(folder_);
    make_private_dir(folder_, account_);
    if (size_of(log()) > log_bytes) fs::rename(log(), folder_ / "log.1", failed);
}

// What a killed predecessor left. Its server has had the signal to stop when its parent ended, and may still
// be at it; one that runs on (nothing told it) is stopped, because only our own child would die with us.
// Nothing of it may live when the new one starts: two servers on one directory destroy it.
void private_postgres::clear_predecessor() {
    const auto begun = std::chrono::steady_clock::now();
    int told = 0;
    for (auto left = processes_on(data()); !left.empty(); left = processes_on(data())) {
        const auto waited = std::chrono::steady_clock::now() - begun;
        const int next = waited < 10s ? SIGINT : waited < 20s ? SIGQUIT : SIGKILL;
        if (waited > 30s) {
            throw std::runtime_error("a former database server, process " + std::to_string(left.front()) +
                                     ", still works in " + data().string() + " and doesn't end");
        }
        const auto postmaster = postmaster_of(data());
        const bool leads = postmaster && std::find(left.begin(), left.end(), *postmaster) != left.end();
        if (next != told) {
            told = next;
            // Without its postmaster a backend ends by itself soon; SIGINT would only cancel its statement.
            for (const pid_t pid : left) {
                if (pid == postmaster || next == SIGKILL || (!leads && next == SIGQUIT)) kill(pid, next);
            }
        }
        std::this_thread::sleep_for(pause);
    }
    // PostgreSQL takes its own stale lock files for live ones when another program has that process number by
    // now.
    if (const auto pid = postmaster_of(data()); pid && kill(*pid, 0) == 0) {
        std::error_code failed;
        fs::remove(data() / "postmaster.pid", failed);
        if (use_recorded_socket_dir()) {
            fs::remove(socket_dir_ / socket_name, failed);
            fs::remove(socket_dir_ / (std::string(socket_name) + ".lock"), failed);
        }
    }
}

// Into a directory of another name first: an interrupted initdb is no cluster.
void private_postgres::initialise() {
    const fs::path made = data().string() + ".new";
    fs::remove_all(made);
    std::vector<std::string> command{
        (bin_ / "initdb").string(), "--pgdata=" + made.string(), "--username=qtable",  "--encoding=UTF8",
        "--locale=C.UTF-8",         "--auth-local=trust",        "--auth-host=reject", "--no-instructions"};
    if (!options_.fsync) command.emplace_back("--no-sync");
    const std::uintmax_t log_from = size_of(log());
    const auto status = wait_for_exit(spawn(account_, command, log()), start_timeout);
    if (!status || !WIFEXITED(*status) || WEXITSTATUS(*status) != 0) {
        throw std::runtime_error("the private database can't be made: " + reason_in(log(), log_from));
    }
    fs::rename(made, data());
}

// DIR/postgres/run, or, when its path is too long for a socket, a short directory under /tmp that
// DIR/postgres/socket_dir names.
void private_postgres::choose_socket_dir() {
    std::error_code failed;
    if (fits_socket(folder_ / "run")) {
        socket_dir_ = folder_ / "run";
        make_private_dir(socket_dir_, account_);
        fs::remove(folder_ / "socket_dir", failed);
        return;
    }
    if (use_recorded_socket_dir()) return;
    char pattern[] = "/tmp/qtable-XXXXXX";
    if (mkdtemp(pattern) == nullptr)
        throw std::runtime_error(std::string("can't make /tmp/qtable-…: ") + std::strerror(errno));
    socket_dir_ = pattern;
    make_private_dir(socket_dir_, account_);
    std::ofstream(folder_ / "socket_dir") << socket_dir_.string() << '\n';
}

// /tmp is everyone's: a directory there counts only when it is the server account's own and closed to others.
bool private_postgres::use_recorded_socket_dir() {
    const auto recorded = lines_of(folder_ / "socket_dir");
    const fs::path dir = recorded.empty() ? folder_ / "run" : fs::path(recorded.front());
    struct stat of_folder {};
    if (stat(folder_.c_str(), &of_folder) != 0 || !is_ours(dir, of_folder.st_uid) || !fits_socket(dir))
        return false;
    socket_dir_ = dir;
    return true;
}

void private_postgres::run() {
    std::vector<std::pair<std::string, std::string>> settings{
        {"listen_addresses", ""},
        {"port", "5432"},
        {"unix_socket_directories", socket_dir_.string()},
        {"unix_socket_permissions", "0700"},
        {"fsync", options_.fsync ? "on" : "off"},
        {"full_page_writes", options_.fsync ? "on" : "off"},
        {"synchronous_commit", "on"},
        {"shared_buffers", "128MB"},
        {"max_wal_size", "2GB"},
        {"wal_compression", "lz4"},
        {"jit", "off"},
        {"max_connections", "60"},
        {"autovacuum", "on"},
        {"timezone", "UTC"},
        {"log_timezone", "UTC"},
        {"cluster_name", "qtable"},
        {"log_error_verbosity", "terse"},  // details quote rows: people's addresses
    };
    settings.insert(settings.end(), options_.settings.begin(), options_.settings.end());
    std::vector<std::string> command{(bin_ / "postgres").string(), "-D", data().string()};
    for (const auto& [name, value] : settings) {
        command.emplace_back("-c");
        command.push_back(name + '=' + value);
    }
    const std::uintmax_t log_from = size_of(log());
    child_ = spawn(account_, command, log());
    try {
        wait_until_ready(log_from);
    } catch (...) {
        stop();
        throw;
    }
}

void private_postgres::wait_until_ready(std::uintmax_t log_from) {
    constexpr std::size_t status_line = 7;  // of postmaster.pid
    const auto end = std::chrono::steady_clock::now() + start_timeout;
    while (true) {
        if (wait_for_exit(child_, 0s)) {
            child_ = 0;
            throw std::runtime_error("the private database didn't start: " + reason_in(log(), log_from));
        }
        const auto lines = lines_of(data() / "postmaster.pid");
        if (lines.size() > status_line && lines.front() == std::to_string(child_) &&
            lines[status_line].starts_with("ready")) {
            return;
        }
        if (std::chrono::steady_clock::now() >= end) {
            throw std::runtime_error("the private database isn't ready in time: " +
                                     reason_in(log(), log_from));
        }
        std::this_thread::sleep_for(pause);
    }
}

void private_postgres::make_database() {
    storage::blocking_connection server(conninfo_for("postgres"));
    if (server.query("SELECT 1 FROM pg_database WHERE datname = 'qtable'").empty())
        server.exec("CREATE DATABASE qtable");
}

std::string private_postgres::conninfo_for(const char* database) const {
    return "host=" + quoted(socket_dir_.string()) + " port=5432 user=qtable dbname=" + database;
}

}  // namespace qtable::tools
