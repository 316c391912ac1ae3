#include <limits>
#include <stdexcept>

#include "core/base/limits.hpp"
#include "net/limit/rate_limits.hpp"
#include "tools/qtable/cli/settings.hpp"

namespace qtable::tools {

namespace {

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
constexpr std::int64_t year_s = 366LL * 24 * 3600;
constexpr std::int64_t count_max = 1'000'000;
constexpr std::int64_t mib_max = 1LL << 30;

#define QTABLE_AT(member) [](settings& in) -> setting_target { return &in.member; }

constexpr setting table[] = {
    {"listen.address", "--address", "where to listen (serve: everywhere when PORT says the port)",
     QTABLE_AT(server.address)},
    {"listen.port", "--port", "0 = any free one", QTABLE_AT(server.port), 0, 65535, "PORT"},
    {"listen.threads", "--threads", "threads that serve; 0 = as many as the CPU quota allows",
     QTABLE_AT(server.threads), 0, limits::cores_max},

    {"nodes.partition", "--partition",
     "I/N: this node holds only part I of the restaurants' N parts; others' are answered 421",
     QTABLE_AT(server.part)},

    {"tls.certificate_file", "--tls-certificate", "certificate chain (PEM); with the key: HTTPS",
     QTABLE_AT(server.certificate_file)},
    {"tls.key_file", "--tls-key", "its private key (PEM)", QTABLE_AT(server.key_file)},

    {"db.url", "--database", "postgresql://… or a libpq connection string; else the PG* variables",
     QTABLE_AT(server.conninfo), 0, 0, "DATABASE_URL", true},
    {"db.migrate", "--migrate", "bring the schema up to date before serving", QTABLE_AT(migrate)},
    {"db.wait_ms", "--database-wait-ms", "how long to wait for the database at the start; -1 = for ever",
     QTABLE_AT(database_wait_ms), wait_for_ever, 30 * day_ms},
    {"db.prepare", "--db-prepare", "prepared statements; false behind pgbouncer in transaction mode",
     QTABLE_AT(server.prepare_statements)},
    {"db.allow_asynchronous_commit", "--allow-asynchronous-commit",
     "start although synchronous_commit is off", QTABLE_AT(server.allow_asynchronous_commit)},

    {"auth.token_key",
     "--token-key",
     "signs access tokens; at least 32 bytes",
     QTABLE_AT(server.token_key),
     0,
     0,
     {},
     true},
    {"auth.access_token_s", "--access-token-s", "lifetime of an access token",
     QTABLE_AT(server.app.access_token_s), 1, year_s},
    {"auth.refresh_token_s", "--refresh-token-s", "lifetime of a refresh token",
     QTABLE_AT(server.app.refresh_token_s), 1, year_s},
    {"auth.require_verified_email", "--require-verified-email", "customers book only with a verified address",
     QTABLE_AT(server.app.require_verified_email)},

    {"limits.loopback_exempt", "--loopback-exempt",
     "no rate limits and no booking cap for this machine's own requests",
     QTABLE_AT(server.app.is_loopback_exempt)},
    {"limits.requests_per_address_per_min", "--requests-per-address-per-min",
     "requests a minute from one address; 0 = any number", QTABLE_AT(server.app.requests_per_address_per_min),
     0, net::rate_table::quota_max},
    {"limits.requests_per_account_per_min", "--requests-per-account-per-min",
     "requests a minute by one account; 0 = any number", QTABLE_AT(server.app.requests_per_account_per_min),
     0, net::rate_table::quota_max},
    {"limits.requests_per_restaurant_per_min", "--requests-per-restaurant-per-min",
     "customers' requests a minute about one restaurant; 0 = any number",
     QTABLE_AT(server.app.requests_per_restaurant_per_min), 0, net::rate_table::quota_max},
    {"limits.bookings_per_customer", "--bookings-per-customer",
     "coming reservations of one customer; 0 = any number", QTABLE_AT(server.app.bookings_per_customer), 0,
     count_max},
    {"limits.sockets_per_stream", "--sockets-per-stream",
     "WebSockets that listen to one restaurant, or as one customer", QTABLE_AT(server.app.sockets_per_stream),
     1, count_max},
    {"limits.memory_soft_mib", "--memory-soft-limit-mib",
     "new WebSockets and long lists are refused beyond; 0 = 85 % of the container's limit, if it has one",
     QTABLE_AT(server.memory_soft_limit_mib), 0, mib_max},
    {"limits.login_failures_per_account", "--login-failures-per-account", "wrong passwords in 15 minutes",
     QTABLE_AT(server.app.login_failures_per_account), 1, count_max},
    {"limits.login_attempts_per_address_per_min", "--login-attempts-per-address-per-min",
     "logins a minute from one address", QTABLE_AT(server.app.login_attempts_per_address_per_min), 1,
     count_max},

    {"http.trusted_proxies", "--trusted-proxy",
     "address or block (10.0.0.0/8) whose X-Forwarded-For is believed; repeatable",
     QTABLE_AT(server.trusted_proxies)},
    {"http.cors_origins", "--cors-origin", "browser origin that may call; repeatable; * = any",
     QTABLE_AT(server.app.cors_origins)},
    {"http.public_url", "--public-url", "how clients reach this server, for links in mails",
     QTABLE_AT(server.app.public_url)},
    {"http.console", "--console", "the console at /console", QTABLE_AT(server.app.has_console)},
    {"http.header_timeout_ms", "--header-timeout-ms", "a request's head must be complete after",
     QTABLE_AT(server.http.header_timeout_ms), 1, day_ms},
    {"http.body_timeout_ms", "--body-timeout-ms", "a request's body must be complete after",
     QTABLE_AT(server.http.body_timeout_ms), 1, day_ms},
    {"http.body_grace_ms", "--body-grace-ms", "a body may be slower than the minimum rate for",
     QTABLE_AT(server.http.body_grace_ms), 0, day_ms},
    {"http.body_min_bytes_per_s", "--body-min-bytes-per-s", "minimum rate of a body",
     QTABLE_AT(server.http.body_min_bytes_per_s), 0, count_max},
    {"http.write_stall_timeout_ms", "--write-stall-timeout-ms",
     "a client that reads nothing is cut off after", QTABLE_AT(server.http.write_stall_timeout_ms), 1,
     day_ms},
    {"http.idle_timeout_ms", "--idle-timeout-ms", "a connection between requests is closed after",
     QTABLE_AT(server.http.idle_timeout_ms), 1, day_ms},
    {"http.lingering_timeout_ms", "--lingering-timeout-ms",
     "what still comes after an error is read away for", QTABLE_AT(server.http.lingering_timeout_ms), 1,
     day_ms},

    {"health.ready_needs_database", "--ready-needs-database",
     "/readyz is 503 while the database is away; otherwise it says degraded, and reads go on",
     QTABLE_AT(server.app.ready_needs_database)},

    {"drain.grace_ms", "--drain-grace-ms", "on SIGTERM: not ready for so long before connections are refused",
     QTABLE_AT(server.drain_grace_ms), 0, day_ms},
    {"drain.timeout_ms", "--drain-timeout-ms", "on SIGTERM: ends after this at the latest",
     QTABLE_AT(server.drain_timeout_ms), 1, day_ms},
    {"drain.socket_jitter_ms", "--drain-socket-jitter-ms", "on SIGTERM: WebSockets are closed spread over",
     QTABLE_AT(server.socket_close_jitter_ms), 0, day_ms},

    {"mail.dir", "--mail-dir",
     "mails become .eml files here; without it and a server they stay in the outbox",
     QTABLE_AT(server.mail_dir)},
    {"mail.from", "--mail-from", "sender of mails: name and address", QTABLE_AT(server.smtp.sender.from)},
    {"mail.smtp_url", "--smtp-url", "mails go to this server: smtp://host:587 (STARTTLS) or smtps://host",
     QTABLE_AT(server.smtp.url)},
    {"mail.smtp_user", "--smtp-user", "log-in at the mail server", QTABLE_AT(server.smtp.user)},
    {"mail.smtp_password",
     "--smtp-password",
     "its password",
     QTABLE_AT(server.smtp.password),
     0,
     0,
     {},
     true},
    {"mail.smtp_insecure", "--smtp-insecure", "send without TLS when the mail server offers none",
     QTABLE_AT(server.smtp.is_plain_allowed)},
    {"booking.hold_ms", "--hold-ms", "a hold of a customer takes capacity for", QTABLE_AT(server.app.hold_ms),
     1'000, limits::hold_ms},
    {"log.requests", "--log-requests",
     "which requests get a line: none, errors (5xx, or a second and more), all",
     QTABLE_AT(server.app.log_requests)},
    {"log.format", "--log-format",
     "json (lines on stdout), text (on stderr, requests on stdout), auto: json, but text on a terminal and "
     "in dev",
     QTABLE_AT(server.log_format)},
    {"test.endpoints", "--test-endpoints", "/_test/* for those who test from outside",
     QTABLE_AT(server.app.has_test_endpoints)},
};

#undef QTABLE_AT

}  // namespace

std::span<const setting> all_settings() noexcept {
    return table;
}

const setting& setting_named(std::string_view name) {
    for (const setting& each : table) {
        if (each.name == name) return each;
    }
    throw std::logic_error("no setting is named " + std::string(name));
}

}  // namespace qtable::tools
