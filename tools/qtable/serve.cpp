#include "tools/qtable/serve.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"
#include "net/auth/random.hpp"
#include "net/rt/cgroup.hpp"
#include "net/rt/log.hpp"
#include "net/server/server.hpp"
#include "proto/json_renderer.hpp"
#include "storage/migrations/migrator.hpp"
#include "storage/pg/blocking.hpp"
#include "storage/store/accounts_purge.hpp"
#include "storage/store/bulk_writer.hpp"
#include "storage/store/eml_file_sink.hpp"
#include "storage/store/mail_outbox.hpp"
#include "storage/store/session_loader.hpp"
#include "storage/store/smtp_sink.hpp"
#include "storage/zone/zone_loader.hpp"
#include "tools/qtable/address_watch.hpp"
#include "tools/qtable/allocation_meter.hpp"
#include "tools/qtable/boot.hpp"
#include "tools/qtable/built_commit.hpp"
#include "tools/qtable/check_service.hpp"
#include "tools/qtable/mail_worker.hpp"
#include "tools/qtable/node_feed.hpp"
#include "tools/qtable/pg_backend.hpp"
#include "tools/qtable/service_manager.hpp"

namespace qtable::tools {

namespace {

// How much longer than an access token lives its session is remembered to have ended.
constexpr std::int64_t revoked_slack_ms = net::revoked_set::slack_ms;

instant system_now() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

// Every zone of the system's tzdata, loaded once: looked up by any core without a file or a lock.
using zone_table = std::unordered_map<std::string, std::shared_ptr<const zone>>;

std::shared_ptr<const zone_table> load_zones(storage::zone_loader& loader) {
    auto table = std::make_shared<zone_table>();
    for (const std::string& name : loader.names()) {
        if (auto loaded = loader.load(name)) table->emplace(name, std::move(*loaded));
    }
    return table;
}

std::uint64_t soft_limit_bytes(std::int64_t stated_mib) {
    constexpr std::uint64_t percent_of_container = 85;
    if (stated_mib > 0) return static_cast<std::uint64_t>(stated_mib) << 20;
    return net::cgroup_memory_bytes("") / 100 * percent_of_container;
}

partition part_of(const serve_options& options) {
    const auto part = partition::parse(options.part);
    QTABLE_ASSERT(part);  // was looked at when it was read
    return *part;
}

// What only one core does: sends letters, purges what is out of date, and hears what command-line tools
// changed.
class core_zero_duties {
  public:
    core_zero_duties(net::core_thread& core, const storage::connect_target& target, const std::string& node,
                     const serve_options& options)
        : mail_connection_(core.context(), target, named("qtable mail")),
          bell_connection_(core.context(), target, named("qtable doorbell")),
          checks_(bell_connection_, mail_connection_, node),
          feed_(core, bell_connection_, mail_connection_, node, part_of(options)) {
        const auto clock = [&core] { return core.wall_now(); };
        purge_ = std::make_unique<storage::accounts_purge>(core.context(), mail_connection_, clock);
        storage::mail_outbox_options how{clock, {}};
        storage::mail_sink sink;
        if (!options.smtp.url.empty()) {
            storage::smtp_options letters = options.smtp;
            letters.stop = worker_.stop();
            sink = storage::smtp_sink(std::move(letters), system_now);
            how.run = [this](std::function<void()> job) { worker_.run(std::move(job)); };
        } else if (!options.mail_dir.empty()) {
            sink = storage::eml_file_sink({options.mail_dir, options.smtp.sender}, clock);
        } else {
            return;
        }
        outbox_ = std::make_unique<storage::mail_outbox>(core.context(), mail_connection_, std::move(sink),
                                                         std::move(how));
    }

    bool has_peers() const noexcept { return feed_.has_peers(); }
    bool had_peers() const noexcept { return feed_.had_peers(); }
    // `begun`: from when on nothing is known of what others did.
    void start(net::server& server, instant begun) {
        bell_connection_.listen(
            storage::bulk_writer::restaurants_channel,
            [&server](std::string_view payload) {
                const std::vector<restaurant_id> changed = storage::parse_changed_restaurants(payload);
                server.reload(changed);
            },
            [] {});
        checks_.listen(server);
        feed_.start(server, begun);
        bell_connection_.start();
        mail_connection_.start();
        purge_->start();
        if (outbox_ != nullptr) outbox_->start();
    }
    void retarget(const storage::connect_target& target) {
        mail_connection_.retarget(target);
        bell_connection_.retarget(target);
    }
    void kick() {
        if (outbox_ != nullptr) outbox_->kick();
    }
    // Main thread. The letter in hand is finished, within limits, and marked: so that nobody gets it twice.
    void finish(net::runtime& cores) {
        std::promise<void> marked;
        cores.post(0, [this, &marked] {
            feed_.stop();
            bell_connection_.close();
            purge_->stop();
            const auto tell = [&marked] { marked.set_value(); };
            outbox_ != nullptr ? outbox_->stop(tell) : tell();
        });
        worker_.finish(letter_patience);
        std::future<void> is_marked = marked.get_future();
        const bool is_in_time = is_marked.wait_for(mark_patience) == std::future_status::ready;
        // Closing answers what is open.
        cores.post(0, [this] { mail_connection_.close(); });
        if (!is_in_time) is_marked.wait();
    }

  private:
    static constexpr std::chrono::seconds letter_patience{5}, mark_patience{2};

    static storage::pg_options named(std::string name) {
        storage::pg_options made;
        made.application_name = std::move(name);
        return made;
    }

    storage::pg_connection mail_connection_, bell_connection_;
    check_service checks_;
    node_feed feed_;
    std::unique_ptr<storage::mail_outbox> outbox_;
    std::unique_ptr<storage::accounts_purge> purge_;
    mail_worker worker_;
};

net::server_options server_options_of(const serve_options& options, int migrations) {
    net::server_options made;
    made.address = options.address;
    made.port = options.port;
    made.threads = options.threads != 0 ? options.threads : net::usable_cores();
    made.certificate_file = options.certificate_file;
    made.key_file = options.key_file;
    made.token_key = options.token_key;
    made.migrations = migrations;
    made.drain_grace_ms = options.drain_grace_ms;
    made.drain_timeout_ms = options.drain_timeout_ms;
    made.socket_close_jitter_ms = options.socket_close_jitter_ms;
    made.app = options.app;
    made.app.part = part_of(options);
    for (const std::string& text : options.trusted_proxies) {
        if (const auto range = net::address_range::parse(text)) made.app.trusted_proxies.push_back(*range);
    }
    made.app.commit = built_commit();
    made.app.allocated_bytes = allocation_meter();
    made.app.heap = heap_meter();
    made.app.give_heap_back = heap_giver();
    made.app.memory_soft_limit_bytes = soft_limit_bytes(options.memory_soft_limit_mib);
    made.http = options.http;
    return made;
}

// The next SIGTERM, SIGINT or SIGHUP; all threads have them blocked.
class stop_signals {
  public:
    stop_signals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGTERM);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGHUP);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }
    // `reload` for each SIGHUP until one says stop.
    template <class Reload>
    void wait(Reload&& reload) {
        for (;;) {
            int number = 0;
            sigwait(&set_, &number);
            if (number != SIGHUP) return;
            reload();
        }
    }
    // From now on a second signal ends the process at once.
    void end_at_next() {
        std::thread([set = set_] {
            int number = SIGHUP;
            while (number == SIGHUP) sigwait(&set, &number);
            net::write_log(net::log_level::warning, "stopped at once");
            _exit(1);
        }).detach();
    }

  private:
    sigset_t set_{};
};

// What can be taken again while serving is the certificate; all else is read at the start.
void reload(net::server& server) {
    if (!server.has_tls()) {
        net::write_log(net::log_level::info, "SIGHUP: nothing to reload; settings are read at the start");
    } else if (const auto problem = server.reload_certificate()) {
        net::write_log(net::log_level::error, "SIGHUP: the certificate stays as it was: " + *problem);
    } else {
        net::write_log(net::log_level::info,
                       "SIGHUP: the certificate was read again; other settings are read at the start");
    }
}

// A confirmation that a crash of the database takes back is none.
void require_durable_commits(storage::blocking_connection& database) {
    const storage::rows found =
        database.query("select current_setting('synchronous_commit'), current_user::text");
    if (found[0].get<std::string_view>(0) != "off") return;
    throw std::runtime_error("synchronous_commit is off for the role " + found[0].get<std::string>(1) +
                             ": commits could be lost; say alter role … set synchronous_commit = on, or "
                             "--allow-asynchronous-commit");
}

}  // namespace

int serve(const serve_options& options, const std::function<void(std::uint16_t port)>& listening) {
    stop_signals signals;
    const service_manager manager(options.notify_socket);
    net::start_crypto();
    storage::zone_loader zone_loader;
    const auto zones = load_zones(zone_loader);
    const auto find_zone = [zones](std::string_view name) -> std::shared_ptr<const zone> {
        const auto found = zones->find(std::string(name));
        return found != zones->end() ? found->second : nullptr;
    };
    storage::blocking_connection database(options.conninfo, "qtable start");
    storage::migrator(database).verify(true);  // an old node may start beside a new one
    if (!options.allow_asynchronous_commit) require_durable_commits(database);
    const auto target = storage::connect_target::resolve(options.conninfo);

    net::server* running = nullptr;
    core_zero_duties* duties = nullptr;
    const std::string node = "node-" + std::to_string(net::random_u64() % 1'000'000'000);
    pg_backend_options backend{target, {}, find_zone, node, {}, {}};
    backend.connection.prepare = options.prepare_statements;
    backend.connection.allow_asynchronous_commit = options.allow_asynchronous_commit;
    backend.is_heard = [&duties] { return duties != nullptr && duties->has_peers(); };
    backend.on_mail = [&running, &duties] { running->cores().post(0, [&duties] { duties->kick(); }); };

    const proto::json_renderer render;
    const int migrations = static_cast<int>(storage::embedded_migrations().size());
    net::server_options how = server_options_of(options, migrations);
    how.app.is_shared = [&duties] { return duties != nullptr && duties->had_peers(); };
    std::vector<pg_backend*> backends(how.threads);  // each is written by its core, before the start is over
    net::server server(std::move(how), render, find_zone, [&](net::core_thread& core) {
        auto made = std::make_unique<pg_backend>(core, backend);
        backends.at(core.index()) = made.get();
        return made;
    });
    running = &server;
    core_zero_duties on_core_zero(server.cores().core(0), target, node, options);
    duties = &on_core_zero;

    const instant begun = system_now();
    boot(options.conninfo, find_zone, system_now(), part_of(options), server);
    storage::load_revoked(
        database, system_now().plus_ms(-(options.app.access_token_s * ms_per_second + revoked_slack_ms)),
        [&server](const uuid& what, instant at) { server.remember_revoked(what, at); });
    const std::uint16_t port = server.start();
    server.cores().post(0, [&] { on_core_zero.start(server, begun); });
    std::optional<address_watch> addresses;
    addresses.emplace(options.conninfo, target, [&](const storage::connect_target& now) {
        net::write_log(net::log_level::info, "the database is looked for at " + now.describe());
        for (std::uint32_t core = 0; core < backends.size(); ++core) {
            if (backends[core] != nullptr)
                server.cores().post(core, [to = backends[core], now] { to->retarget(now); });
        }
        server.cores().post(0, [&on_core_zero, now] { on_core_zero.retarget(now); });
    });
    listening(port);
    manager.ready();

    signals.wait([&server] { reload(server); });
    net::write_log(net::log_level::info, "stopping");
    manager.stopping();
    signals.end_at_next();
    addresses.reset();
    server.announce_end();
    on_core_zero.finish(server.cores());
    server.drain_and_stop();
    return 0;
}

}  // namespace qtable::tools
