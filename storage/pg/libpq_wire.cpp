#include "storage/pg/libpq_wire.hpp"

#include <libpq-fe.h>

#include <memory>

#include "core/base/assert.hpp"

namespace qtable::storage {

namespace {

// Binary results.

// Instead of libpq's own, which prints to stderr. Why the server ends an idle session comes as a notice, too.
void keep_fatal(void* kept, const PGresult* notice) {
    const char* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity != nullptr && std::string_view(severity) == "FATAL") {
        *static_cast<std::string*>(kept) = failure_of(notice).message;
    }
}

pg_wire::progress progress_of(PostgresPollingStatusType status) {
    switch (status) {
        case PGRES_POLLING_READING:
            return pg_wire::progress::want_read;
        case PGRES_POLLING_OK:
            return pg_wire::progress::connected;
        case PGRES_POLLING_FAILED:
            return pg_wire::progress::failed;
        default:
            return pg_wire::progress::want_write;
    }
}

void set_unless_given(connect_target& target, const char* keyword, const char* value) {
    if (target.get(keyword).empty()) target.set(keyword, value);
}

}  // namespace

void apply_defaults(connect_target& target, const pg_options& options) {
    target.set("application_name", options.application_name);
    target.set("client_encoding", "UTF8");
    set_unless_given(target, "keepalives_idle", "10");
    set_unless_given(target, "keepalives_interval", "3");
    set_unless_given(target, "keepalives_count", "3");
    set_unless_given(target, "tcp_user_timeout", "10000");
    target.prefer_one_that_writes();
    // "prefer" is libpq's default, and looks for a Kerberos realm in DNS.
    if (target.get("gssencmode") != "require") target.set("gssencmode", "disable");
}

std::string one_line(std::string_view message) {
    std::string_view line = message.substr(0, message.find('\n'));
    // "connection to server at … failed:" is followed by what failed on the same line, "ERROR:  x" by two
    // spaces.
    std::string text(line.substr(0, limits::pg_error_message_chars));
    if (const std::size_t at = text.find(":  "); at != std::string::npos) text.erase(at + 1, 1);
    return text;
}

unit_failure failure_of(const pg_result* result) {
    const auto field = [&](int code) -> std::string_view {
        const char* text = PQresultErrorField(result, code);
        return text == nullptr ? std::string_view{} : std::string_view(text);
    };
    unit_failure failure;
    failure.code = sqlstate(field(PG_DIAG_SQLSTATE));
    failure.constraint = field(PG_DIAG_CONSTRAINT_NAME);
    if (!failure.constraint.empty()) failure.detail = field(PG_DIAG_MESSAGE_DETAIL);
    const std::string_view primary = field(PG_DIAG_MESSAGE_PRIMARY);
    failure.message = one_line(primary.empty() ? PQresultErrorMessage(result) : primary);
    return failure;
}

libpq_wire::~libpq_wire() {
    finish();
}

pg_wire::progress libpq_wire::connect(const connect_target& target) {
    QTABLE_ASSERT(conn_ == nullptr);
    const auto keywords = target.keywords();
    std::vector<const char*> names, values;
    for (const auto& [name, value] : keywords) {
        names.push_back(name.c_str());
        values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    conn_ = PQconnectStartParams(names.data(), values.data(), 0);
    if (conn_ == nullptr || PQstatus(conn_) == CONNECTION_BAD) return progress::failed;
    last_notice_.clear();
    PQsetNoticeReceiver(conn_, keep_fatal, &last_notice_);
    return progress::want_write;
}

pg_wire::progress libpq_wire::poll() {
    return progress_of(PQconnectPoll(conn_));
}

bool libpq_wire::enter_pipeline() {
    return PQsetnonblocking(conn_, 1) == 0 && PQenterPipelineMode(conn_) == 1;
}

bool libpq_wire::send_prepare(const statement& what, const params& with) {
    with.fill(view_);
    name_ = what.name;
    sql_ = what.sql;
    return PQsendPrepare(conn_, name_.c_str(), sql_.c_str(), with.count(), view_.types.data()) == 1;
}

bool libpq_wire::send_prepared(const statement& what, const params& with) {
    with.fill(view_);
    name_ = what.name;
    return PQsendQueryPrepared(conn_, name_.c_str(), with.count(), view_.values.data(), view_.lengths.data(),
                               view_.formats.data(), binary_format) == 1;
}

bool libpq_wire::send_unprepared(const statement& what, const params& with) {
    with.fill(view_);
    sql_ = what.sql;
    return PQsendQueryParams(conn_, sql_.c_str(), with.count(), view_.types.data(), view_.values.data(),
                             view_.lengths.data(), view_.formats.data(), binary_format) == 1;
}

bool libpq_wire::send_sync() {
    return PQpipelineSync(conn_) == 1;
}

pg_wire::flushed libpq_wire::flush() {
    const int left = PQflush(conn_);
    return left == 0 ? flushed::all : left > 0 ? flushed::more : flushed::failed;
}

bool libpq_wire::consume_input() {
    return PQconsumeInput(conn_) == 1 && PQstatus(conn_) != CONNECTION_BAD;
}

bool libpq_wire::busy() {
    return PQisBusy(conn_) == 1;
}

pg_wire::answer libpq_wire::next_answer() {
    PGresult* result = PQgetResult(conn_);
    if (result == nullptr) return {};
    answer made;
    made.result = rows(result);
    switch (PQresultStatus(result)) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
        case PGRES_EMPTY_QUERY:
            made.kind = answer_kind::ok;
            break;
        case PGRES_PIPELINE_SYNC:
            made.kind = answer_kind::sync;
            break;
        case PGRES_PIPELINE_ABORTED:
            made.kind = answer_kind::aborted;
            break;
        default:
            made.kind = answer_kind::error;
            made.failure = failure_of(result);
    }
    return made;
}

std::optional<pg_wire::notification> libpq_wire::next_notification() {
    const std::unique_ptr<PGnotify, decltype(&PQfreemem)> note(PQnotifies(conn_), PQfreemem);
    if (!note) return std::nullopt;
    return notification{note->relname, note->extra};
}

std::string libpq_wire::error() const {
    if (!last_notice_.empty()) return last_notice_;
    const std::string text = conn_ == nullptr ? "out of memory" : one_line(PQerrorMessage(conn_));
    return text.empty() ? "the connection ended" : text;
}

int libpq_wire::socket() const {
    return conn_ == nullptr ? -1 : PQsocket(conn_);
}

void libpq_wire::finish() {
    PQfinish(conn_);
    conn_ = nullptr;
}

}  // namespace qtable::storage
