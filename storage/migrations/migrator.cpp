#include "storage/migrations/migrator.hpp"

#include <algorithm>

#include "core/base/assert.hpp"

namespace qtable::storage {

namespace {

// One key for all databases that this program migrates: "qtable" in ASCII.
constexpr const char* take_lock = "SELECT pg_advisory_xact_lock(x'717461626c65'::bigint)";

// In a transaction that ends with the scope: rolled back unless committed.
class transaction {
  public:
    explicit transaction(blocking_connection& database) : database_(database) { database_.exec("BEGIN"); }
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    ~transaction() {
        if (committed_) return;
        try {
            database_.exec("ROLLBACK");
        } catch (const pg_error&) {
            // The connection is gone, and the transaction with it.
        }
    }
    void commit() {
        database_.exec("COMMIT");
        committed_ = true;
    }

  private:
    blocking_connection& database_;
    bool committed_ = false;
};

std::string file_of(const migration_status& of) {
    const std::string number = std::to_string(of.version);
    return std::string(number.size() < 4 ? 4 - number.size() : 0, '0') + number + '_' + of.name;
}

[[noreturn]] void refuse_changed(const migration_status& of) {
    throw migration_error("migration " + file_of(of) + " was changed after it was applied (on " +
                          of.applied_at +
                          "): put the file back as it was, and make the change in a new migration");
}

}  // namespace

migrator::migrator(blocking_connection& database, std::span<const migration> migrations)
    : database_(database), migrations_(migrations) {
    QTABLE_ASSERT(std::is_sorted(migrations.begin(), migrations.end(),
                                 [](const auto& a, const auto& b) { return a.version <= b.version; }));
}

bool migrator::has_table() {
    return database_.query("SELECT to_regclass('schema_migrations') IS NOT NULL")[0].get<bool>(0);
}

std::vector<migration_status> migrator::status() {
    std::vector<migration_status> all;
    for (const migration& of : migrations_)
        all.push_back({of.version, std::string(of.name), false, false, false, {}});
    if (!has_table()) return all;
    for (const row r :
         database_.query("SELECT version, name, checksum, to_char(applied_at AT TIME ZONE 'UTC',"
                         " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM schema_migrations ORDER BY version")) {
        const auto version = r.get<std::int32_t>(0);
        const auto known = std::find_if(migrations_.begin(), migrations_.end(),
                                        [&](const migration& m) { return m.version == version; });
        if (known == migrations_.end()) {
            all.push_back({version, r.get<std::string>(1), true, false, true, r.get<std::string>(3)});
            continue;
        }
        migration_status& of = all[static_cast<std::size_t>(known - migrations_.begin())];
        of.applied = true;
        of.changed = r.get<std::string_view>(2) != known->checksum;
        of.applied_at = r.get<std::string>(3);
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.version < b.version; });
    return all;
}

std::vector<migration> migrator::plan() {
    std::vector<migration> missing;
    for (const migration_status& of : status()) {
        if (of.changed) refuse_changed(of);
        if (of.applied) continue;
        missing.push_back(*std::find_if(migrations_.begin(), migrations_.end(),
                                        [&](const migration& m) { return m.version == of.version; }));
    }
    return missing;
}

int migrator::up(const std::function<void(const migration&)>& applied) {
    int count = 0;
    for (const migration& next : plan()) {
        if (!apply(next)) continue;
        ++count;
        if (applied) applied(next);
    }
    return count;
}

// False when another node was faster: everyone takes the lock first and looks again under it.
bool migrator::apply(const migration& next) {
    transaction work(database_);
    // The server's limits for requests aren't meant for this.
    database_.exec("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0");
    database_.exec(take_lock);
    database_.exec(
        "CREATE TABLE IF NOT EXISTS schema_migrations ("
        " version int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,"
        " applied_at timestamptz NOT NULL DEFAULT now())");
    params key;
    key.add(next.version);
    if (!database_.query("SELECT 1 FROM schema_migrations WHERE version = $1", key).empty()) return false;
    try {
        database_.exec(std::string(next.sql));
    } catch (const pg_error& failed) {
        throw migration_error("migration " +
                              file_of({next.version, std::string(next.name), false, false, false, {}}) +
                              " failed and was rolled back: " + failed.what());
    }
    params made;
    made.add(next.version).add(next.name).add(next.checksum);
    database_.query("INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)", made);
    work.commit();
    return true;
}

void migrator::verify(bool allow_newer) {
    for (const migration_status& of : status()) {
        if (of.changed) refuse_changed(of);
        if (!of.applied) {
            throw migration_error("the database's schema is behind: migration " + file_of(of) +
                                  " is missing; run `qtable migrate up`, or serve with --migrate");
        }
        if (of.unknown && !allow_newer) {
            throw migration_error("the database's schema is newer than this program: it has migration " +
                                  file_of(of));
        }
    }
}

}  // namespace qtable::storage
