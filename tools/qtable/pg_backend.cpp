#include "tools/qtable/pg_backend.hpp"

#include <utility>

namespace qtable::tools {

namespace {

constexpr std::size_t reads_in_flight = 8;

std::string writer_of(const pg_backend_options& options, const net::core_thread& core) {
    return options.writer + '-' + std::to_string(core.index());
}

storage::pg_options connection_of(const pg_backend_options& options, const net::core_thread& core,
                                  std::string name, std::size_t depth) {
    storage::pg_options made = options.connection;
    made.application_name = std::move(name);
    made.depth = depth;
    made.jitter_seed = core.index() + 1;
    return made;
}

storage::journal_options journal_of(const pg_backend_options& options, net::core_thread& core) {
    storage::journal_options made;
    made.writer = writer_of(options, core);
    made.is_heard = options.is_heard;
    made.clock = [&core] { return core.wall_now(); };
    made.jitter_seed = core.index() + 1;
    return made;
}

}  // namespace

pg_backend::pg_backend(net::core_thread& core, const pg_backend_options& options)
    : writes_(
          core.context(), options.target,
          connection_of(options, core, storage::pg_journal::application_name(writer_of(options, core)), 1)),
      loads_(core.context(), options.target, connection_of(options, core, "qtable loads", 1)),
      people_(core.context(), options.target,
              connection_of(options, core, "qtable accounts", reads_in_flight)),
      journal_(core.context(), writes_, loads_, options.zones, journal_of(options, core)),
      accounts_(people_),
      records_(people_),
      counted_{
          {{"journal", &writes_.counts()}, {"loads", &loads_.counts()}, {"accounts", &people_.counts()}}} {
    accounts_.on_mail(options.on_mail);
}

void pg_backend::start(std::function<void()> available) {
    const auto tell = [this, available = std::move(available)](storage::pg_state state, std::string_view) {
        if (state == storage::pg_state::up && journal_.available()) available();
    };
    writes_.on_state(tell);
    loads_.on_state(tell);
    writes_.start();
    loads_.start();
    people_.start();
}

void pg_backend::retarget(const storage::connect_target& target) {
    writes_.retarget(target);
    loads_.retarget(target);
    people_.retarget(target);
}

void pg_backend::stop() {
    writes_.close();
    loads_.close();
    people_.close();
}

}  // namespace qtable::tools
