#include "net/server/server.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>
#include <utility>

#include "core/base/assert.hpp"
#include "net/api/revocation.hpp"
#include "net/auth/random.hpp"

namespace qtable::net {

namespace {

constexpr std::chrono::milliseconds poll_interval{5};
constexpr std::size_t password_threads = 2;

std::uint32_t usable_threads(std::uint32_t wanted) {
    return std::clamp<std::uint32_t>(wanted, 1, limits::cores_max);
}

// Runs `function(core)` on each core and waits for all of them.
template <class Function>
void on_every_core(runtime& cores, Function function) {
    std::vector<std::future<void>> done;
    for (std::uint32_t core = 0; core < cores.size(); ++core) {
        auto promise = std::make_shared<std::promise<void>>();
        done.push_back(promise->get_future());
        cores.post(core, [promise, core, function] {
            function(core);
            promise->set_value();
        });
    }
    for (std::future<void>& each : done) each.wait();
}

}  // namespace

server::server(server_options options, const renderer& render, zone_lookup zones,
               const backend_factory& make_backend)
    : options_(std::move(options)),
      cores_(usable_threads(options_.threads)),
      ahead_(cores_.size()),
      rates_({options_.app.requests_per_address_per_min, options_.app.requests_per_account_per_min,
              options_.app.requests_per_restaurant_per_min},
             random_u64()),
      requests_(options_.app.log_requests == "all"      ? logged_requests::all
                : options_.app.log_requests == "errors" ? logged_requests::errors
                                                        : logged_requests::none),
      shared_{.cores = cores_,
              .options = options_.app,
              .render = render,
              .token_key = options_.token_key,
              .zones = std::move(zones),
              .rates = rates_,
              .requests = requests_,
              .passwords = &passwords_,
              .catalogue = &catalogue_,
              .peers = {},
              .migrations = options_.migrations,
              .process_salt = random_u64(),
              .started_at = {}},
      passwords_(cores_, password_threads),
      catalogue_(cores_, [this](std::uint32_t core, std::shared_ptr<const search_catalogue> next) {
          apps_[core]->install_catalogue(std::move(next));
      }) {
    if (!options_.certificate_file.empty()) {
        std::string problem;
        auto loaded = tls_context::load(options_.certificate_file, options_.key_file, problem);
        if (!loaded) throw std::runtime_error("TLS: " + problem);
        tls_ = std::move(*loaded);
    }
    for (std::uint32_t core = 0; core < cores_.size(); ++core) {
        apps_.push_back(std::make_unique<app_core>(shared_, cores_.core(core),
                                                   make_backend(cores_.core(core)), options_.http));
        shared_.peers.push_back(apps_.back().get());
    }
    adopted_.resize(apps_.size());
}

server::~server() {
    if (is_running_) drain_and_stop();
}

std::optional<std::string> server::adopt(restaurant_image&& image) {
    const std::uint32_t owner = owner_of(image.id);
    return apps_[owner]->engine().adopt(std::move(image));
}

void server::show(const restaurant_id& id) {
    const std::uint32_t owner = owner_of(id);
    apps_[owner]->engine().show(id);
    adopted_[owner].push_back(apps_[owner]->find_live(id));
}

void server::remember_revoked(const uuid& what, instant at) {
    const instant until = at.plus_ms(options_.app.access_token_s * ms_per_second + revoked_set::slack_ms);
    for (const auto& app : apps_) app->revoked().add(what, until);
}

void server::remember_key(const uuid& actor_id, std::string_view route, std::string_view key,
                          const body_hash& body, instant at) {
    app_core& home = *apps_[apps_.front()->home_of(actor_id)];
    home.commands().ledger().remember(command_path::scope_of(actor_id, route, key), body, at);
}

void server::install_catalogue() {
    for (const auto& of_owner : adopted_) {
        for (live_restaurant* each : of_owner) {
            for (const auto& app : apps_) app->restaurants().put(*each);
            catalogue_.put_at_start(*each);
        }
    }
    const auto built = catalogue_.build_now();
    for (const auto& of_owner : adopted_) {
        for (const live_restaurant* each : of_owner) apps_[each->owner]->engine().show_refusals(each->id);
    }
    for (const auto& app : apps_) {
        app->install_catalogue(built);
        app->hand_out_bookings(apps_.front()->wall_now());
    }
}

std::uint16_t server::start() {
    auto sockets = listening_sockets::open(options_.address, options_.port, cores_.size());
    if (!sockets) {
        throw std::runtime_error("can't listen on " + options_.address + " port " +
                                 std::to_string(options_.port) + ": " + sockets.error().message());
    }
    if (options_.app.public_url.empty()) {
        options_.app.public_url =
            (tls_ ? "https://" : "http://") + options_.address + ':' + std::to_string(sockets->port());
    }
    for (std::uint32_t core = 0; core < cores_.size(); ++core) {
        app_core& app = *apps_[core];
        listeners_.push_back(std::make_unique<listener>(
            cores_.core(core), sockets->take(core), tls_.get(),
            [&app](std::unique_ptr<transport> connection) { app.http().accept(std::move(connection)); }));
    }
    is_running_ = true;
    cores_.start([this](core_thread& core) { apps_[core.index()]->start(); });
    catalogue_.start();
    // A database that goes away just now is no reason not to answer reads.
    wait_until(options_.journal_wait_ms, [](app_core& app) { return app.log().available(); });
    on_every_core(cores_, [this](std::uint32_t core) { listeners_[core]->start(); });
    shared_.is_ready.store(true, std::memory_order_release);
    return sockets->port();
}

bool server::wait_until(std::int64_t timeout_ms, const std::function<bool(app_core&)>& is_done) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    while (true) {
        auto missing = std::make_shared<std::atomic<int>>(0);
        on_every_core(cores_, [this, missing, &is_done](std::uint32_t core) {
            if (!is_done(*apps_[core])) missing->fetch_add(1);
        });
        if (missing->load() == 0) return true;
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::sleep_for(poll_interval);
    }
}

void server::reload(std::span<const restaurant_id> which) {
    tell_owners(which, &engine::reload);
}

void server::follow(std::span<const restaurant_id> which) {
    tell_owners(which, &engine::follow);
}

void server::tell_owners(std::span<const restaurant_id> which,
                         void (engine::*what)(std::span<const restaurant_id>)) {
    std::vector<std::vector<restaurant_id>> by_owner(cores_.size());
    for (const restaurant_id& id : which) {
        if (apps_.front()->holds(id)) by_owner[apps_.front()->owner_of(id)].push_back(id);
    }
    for (std::uint32_t core = 0; core < cores_.size(); ++core) {
        if (by_owner[core].empty()) continue;
        cores_.post(core, [this, core, what, ids = std::move(by_owner[core])] {
            (apps_[core]->engine().*what)(ids);
        });
    }
}

void server::catch_up(std::span<const log_position> positions) {
    std::vector<std::vector<log_position>> by_owner(cores_.size());
    for (const log_position& each : positions) {
        if (apps_.front()->holds(each.restaurant))
            by_owner[apps_.front()->owner_of(each.restaurant)].push_back(each);
    }
    for (std::uint32_t core = 0; core < cores_.size(); ++core) {
        if (by_owner[core].empty()) continue;
        cores_.post(core, [this, core, stored = std::move(by_owner[core])] {
            engine& owner = apps_[core]->engine();
            const std::vector<restaurant_id> missed = behind(owner, stored, ahead_[core]);
            if (!missed.empty()) owner.reload(missed);
        });
    }
}

void server::take_counts(std::function<void(shared_counts&&)> done) {
    auto sum = std::make_shared<shared_counts>();
    auto left = std::make_shared<std::uint32_t>(cores_.size());  // core 0's, as the sum
    for (std::uint32_t core = 0; core < cores_.size(); ++core) {
        cores_.post(core, [this, core, sum, left, done] {
            shared_counts here;
            apps_[core]->admission().take_counts(here);
            cores_.post(0, [this, here = std::move(here), sum, left, done] {
                sum->accounts.insert(sum->accounts.end(), here.accounts.begin(), here.accounts.end());
                if (--*left > 0) return;
                apps_[0]->logins().take_counts(*sum);
                done(std::move(*sum));
            });
        });
    }
}

void server::charge(const shared_counts& what) {
    for (const shared_counts::account_requests& each : what.accounts) {
        const std::string_view account(reinterpret_cast<const char*>(each.account.bytes.data()),
                                       each.account.bytes.size());
        rates_.charge_account(account, each.count, cores_.core(0).now_ms());
    }
    apps_[0]->logins().told(what);
}

void server::revoke(std::vector<uuid> what) {
    cores_.post(0, [this, moved = std::move(what)]() mutable {
        revoke_everywhere(*apps_[0], std::move(moved), [] {});
    });
}

std::optional<std::string> server::reload_certificate() {
    std::string problem;
    if (tls_ == nullptr || tls_->reload(problem)) return std::nullopt;
    return problem;
}

void server::drain_and_stop() {
    if (!std::exchange(is_running_, false)) return;
    shared_.is_draining.store(true, std::memory_order_release);
    if (options_.drain_grace_ms > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(options_.drain_grace_ms));
    on_every_core(cores_, [this](std::uint32_t core) {
        listeners_[core]->stop_accepting();
        apps_[core]->ws().drain(options_.socket_close_jitter_ms, [] {});
        apps_[core]->http().drain([] {});
    });
    wait_until(options_.drain_timeout_ms, [](app_core& app) {
        return app.http().open() == 0 && app.ws().open() == 0 && app.engine().is_idle();
    });
    passwords_.stop();
    on_every_core(cores_, [this](std::uint32_t core) {
        apps_[core]->ws().close_all();
        apps_[core]->http().close_all();
    });
    // What was decided is made durable before the connections end.
    wait_until(limits::commit_timeout_ms, [](app_core& app) { return app.engine().is_idle(); });
    on_every_core(cores_, [this](std::uint32_t core) { apps_[core]->stop(); });
    catalogue_.stop();
    cores_.stop();
}

}  // namespace qtable::net
