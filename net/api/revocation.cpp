#include "net/api/revocation.hpp"

#include <atomic>
#include <memory>
#include <utility>

#include "net/api/app_core.hpp"

namespace qtable::net {

void revoke_everywhere(app_core& app, std::vector<uuid> what, std::function<void()> done) {
    if (what.empty()) return done();
    struct round {
        std::vector<uuid> what;
        std::function<void()> done;
        std::atomic<std::uint32_t> left;
    };
    auto shared = std::make_shared<round>();
    shared->what = std::move(what);
    shared->done = std::move(done);
    shared->left = app.cores().size();
    const instant until =
        app.wall_now().plus_ms(app.options().access_token_s * ms_per_second + revoked_set::slack_ms);
    const std::uint32_t here = app.index();
    for (std::uint32_t core = 0; core < app.cores().size(); ++core) {
        app_core& there = app.peer(core);
        app.cores().post(core, [&there, shared, until, here] {
            for (const uuid& each : shared->what) there.revoked().add(each, until);
            if (shared->left.fetch_sub(1) != 1) return;
            there.cores().post(here, [shared] { shared->done(); });
        });
    }
}

void pardon_everywhere(app_core& app, const uuid& what) {
    for (std::uint32_t core = 0; core < app.cores().size(); ++core) {
        app_core& there = app.peer(core);
        app.cores().post(core, [&there, what] { there.revoked().remove(what); });
    }
}

}  // namespace qtable::net
