#include "storage/pg/blocking.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "storage/pg/conninfo.hpp"
#include "storage/pg/copy_rows.hpp"
#include "storage/pg/libpq_wire.hpp"

namespace qtable::storage {

namespace {

bool is_good(ExecStatusType status) {
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY ||
           status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_SINGLE_TUPLE;
}

// What a statement begins with, for messages.
std::string beginning(const std::string& sql) {
    constexpr std::size_t shown = 60;
    std::string text = sql.substr(0, shown);
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return text.size() < sql.size() ? text + "…" : text;
}

PGconn* open_connection(const std::vector<std::pair<std::string, std::string>>& keywords) {
    std::vector<const char*> names, values;
    for (const auto& [name, value] : keywords) {
        names.push_back(name.c_str());
        values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    return PQconnectdbParams(names.data(), values.data(), 0);
}

// Of several servers each may be the first that is tried: libpq goes on to the next one only from one that
// refuses the connection or doesn't write, not from one that hangs up.
PGconn* open_connection(const std::string& conninfo, const std::string& application_name,
                        int connect_timeout_s) {
    connect_target target = connect_target::resolve(conninfo);
    target.set("application_name", application_name);
    target.set("client_encoding", "UTF8");
    if (target.get("connect_timeout").empty())
        target.set("connect_timeout", std::to_string(connect_timeout_s));
    target.prefer_one_that_writes();
    const std::size_t tries = target.has_several_servers() ? target.endpoints().size() : 1;
    PGconn* made = open_connection(target.keywords());
    for (std::size_t i = 1; i < tries && PQstatus(made) != CONNECTION_OK; ++i) {
        PQfinish(made);
        target.rotate();
        made = open_connection(target.keywords());
    }
    return made;
}

// Refusals that no waiting heals: authentication and roles (28), no such database (3D), permission (42).
bool is_permanent(std::string_view message) {
    for (const char* sign :
         {"authentication failed", "does not exist", "no pg_hba.conf entry", "permission denied",
          "no password supplied", "invalid connection option", "invalid port"}) {
        if (message.find(sign) == std::string_view::npos) continue;
        // A missing socket file is a server that isn't there yet.
        if (message.find("No such file or directory") == std::string_view::npos) return true;
    }
    return false;
}

}  // namespace

blocking_connection::blocking_connection(const std::string& conninfo, const std::string& application_name,
                                         int connect_timeout_s)
    : conn_(open_connection(conninfo, application_name, connect_timeout_s)) {
    if (PQstatus(conn_) != CONNECTION_OK) {
        const std::string why = conn_ == nullptr ? "out of memory" : one_line(PQerrorMessage(conn_));
        PQfinish(conn_);
        throw pg_error("the database can't be reached: " + why, sqlstate("08001"));
    }
    PQsetNoticeReceiver(
        conn_, [](void*, const PGresult*) {}, nullptr);
}

blocking_connection::~blocking_connection() {
    PQfinish(conn_);
}

void blocking_connection::fail(const std::string& doing) const {
    throw pg_error("the database failed: " + one_line(PQerrorMessage(conn_)) + " (" + beginning(doing) + ")",
                   sqlstate("08006"));
}

rows blocking_connection::checked(pg_result* result, const std::string& doing) const {
    rows owned(result);
    if (result == nullptr) fail(doing);
    if (is_good(PQresultStatus(result))) return owned;
    const unit_failure failure = failure_of(result);
    throw pg_error("the database refused: " + failure.message + " [" + std::string(failure.code.view()) +
                       "] (" + beginning(doing) + ")",
                   failure.code);
}

rows blocking_connection::exec(const std::string& sql) {
    return checked(PQexec(conn_, sql.c_str()), sql);
}

rows blocking_connection::query(const std::string& sql, const params& with) {
    params::view view;
    with.fill(view);
    return checked(PQexecParams(conn_, sql.c_str(), with.count(), view.types.data(), view.values.data(),
                                view.lengths.data(), view.formats.data(), binary_format),
                   sql);
}

void blocking_connection::each_row(const std::string& sql, const params& with,
                                   const std::function<void(const row&)>& use) {
    params::view view;
    with.fill(view);
    if (PQsendQueryParams(conn_, sql.c_str(), with.count(), view.types.data(), view.values.data(),
                          view.lengths.data(), view.formats.data(), binary_format) != 1 ||
        PQsetSingleRowMode(conn_) != 1) {
        fail(sql);
    }
    // An exception of `use` or of the server must leave the connection usable: what is left of the result is
    // read away.
    const auto read_away = [](PGconn* conn) {
        while (PGresult* rest = PQgetResult(conn)) PQclear(rest);
    };
    const std::unique_ptr<PGconn, decltype(read_away)> at_the_end(conn_, read_away);
    while (PGresult* result = PQgetResult(conn_)) {
        const rows one = checked(result, sql);
        for (const row r : one) use(r);
    }
}

void blocking_connection::each_copied(const std::string& sql, const std::function<void(const row&)>& use) {
    checked(PQprepare(conn_, "", sql.c_str(), 0, nullptr), sql);
    const rows described = checked(PQdescribePrepared(conn_, ""), sql);
    copy_rows reader(described.column_types());
    copy_out("copy (" + sql + ") to stdout (format binary)",
             [&](std::string_view chunk) { reader.feed(chunk, use); });
    if (!reader.is_complete()) throw pg_error("the database ended a COPY early (" + beginning(sql) + ")");
}

std::int64_t blocking_connection::copy_in(const std::string& sql,
                                          const std::function<bool(std::string& chunk)>& produce) {
    const rows begun = checked(PQexec(conn_, sql.c_str()), sql);
    if (PQputCopyData(conn_, "", 0) != 1)
        fail(sql);  // also false when the statement wasn't a COPY … FROM STDIN
    std::string chunk;
    try {
        while (chunk.clear(), produce(chunk)) {
            if (PQputCopyData(conn_, chunk.data(), static_cast<int>(chunk.size())) != 1) fail(sql);
        }
    } catch (...) {
        PQputCopyEnd(conn_, "given up");
        while (PGresult* rest = PQgetResult(conn_)) PQclear(rest);
        throw;
    }
    if (PQputCopyEnd(conn_, nullptr) != 1) fail(sql);
    PGresult* result = PQgetResult(conn_);
    while (PGresult* rest = PQgetResult(conn_)) PQclear(rest);
    return checked(result, sql).affected();
}

void blocking_connection::copy_out(const std::string& sql,
                                   const std::function<void(std::string_view chunk)>& consume) {
    const rows begun = checked(PQexec(conn_, sql.c_str()), sql);
    char* buffer = nullptr;
    int size = 0;
    try {
        while ((size = PQgetCopyData(conn_, &buffer, 0)) > 0) {
            const std::unique_ptr<char, decltype(&PQfreemem)> owned(buffer, PQfreemem);
            consume({buffer, static_cast<std::size_t>(size)});
        }
    } catch (...) {
        // An exception of `consume` must leave the connection usable: what is left is read away.
        while (PQgetCopyData(conn_, &buffer, 0) > 0) PQfreemem(buffer);
        while (PGresult* rest = PQgetResult(conn_)) PQclear(rest);
        throw;
    }
    PGresult* result = PQgetResult(conn_);
    while (PGresult* rest = PQgetResult(conn_)) PQclear(rest);
    checked(result, sql);
}

std::optional<std::string> blocking_connection::wait_for_notification(std::int64_t timeout_ms) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    for (;;) {
        if (PQconsumeInput(conn_) != 1) fail("waiting for a notification");
        if (PGnotify* const said = PQnotifies(conn_)) {
            std::string payload(said->extra);
            PQfreemem(said);
            return payload;
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) return std::nullopt;
        pollfd readable{PQsocket(conn_), POLLIN, 0};
        ::poll(&readable, 1, static_cast<int>(left.count()));
    }
}

std::string blocking_connection::server_parameter(const char* name) const {
    const char* value = PQparameterStatus(conn_, name);
    return value == nullptr ? std::string() : std::string(value);
}

int blocking_connection::server_version() const noexcept {
    return PQserverVersion(conn_);
}

bool wait_for_server(const std::string& conninfo, std::int64_t timeout_ms,
                     const std::function<void(std::string_view reason)>& waiting) {
    using clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds pause{100};
    constexpr std::chrono::seconds told_every{1};
    const auto end = clock::now() + std::chrono::milliseconds(timeout_ms);
    clock::time_point told{};
    while (true) {
        try {
            blocking_connection probe(conninfo, "qtable", 2);
            return true;
        } catch (const pg_error& failed) {
            if (is_permanent(failed.what())) throw;
            const auto now = clock::now();
            if (waiting && (told == clock::time_point{} || now - told >= told_every)) {
                told = now;
                waiting(failed.what());
            }
            if (now + pause >= end) return false;
        }
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace qtable::storage
