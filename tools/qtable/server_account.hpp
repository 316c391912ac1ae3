// The account that the private PostgreSQL runs as, and starting programs under it. PostgreSQL refuses to run
// as root:
//   as_is           we aren't root: it runs as we do.
//   user            root: drops to user `postgres`, who owns DIR/postgres.
//   user_namespace  root, and `postgres` can't reach DIR (below /root, say): the files stay root's, and the
//   server runs
//                   in a user namespace in which our uid 0 has the number of `postgres`.
// Owner: the main thread.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace qtable::tools {

struct server_account {
    enum class kind { as_is, user, user_namespace };
    kind how = kind::as_is;
    uid_t uid = 0;  // the user's; in the namespace: the number that stands for root
    gid_t gid = 0;

    // Who owns the files, seen from here.
    uid_t owner_uid() const noexcept;
    gid_t owner_gid() const noexcept;
};

// For DIR/postgres as `folder`: who owns what is there, else who can reach it. Throws one line with the fix.
server_account choose_account(const std::filesystem::path& folder);

// Starts `command` (absolute path first) in a session of its own with stdout and stderr appended to `log`. It
// gets SIGINT when the thread that called this ends. Throws only when no process can be made; a failed exec
// is exit code 127.
pid_t spawn(const server_account& account, const std::vector<std::string>& command,
            const std::filesystem::path& log);

}  // namespace qtable::tools
