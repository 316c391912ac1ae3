// The counters of all cores as Prometheus text (exposition format 0.0.4). Any core: it only reads counters.
#pragma once

#include <string>

namespace qtable::net {

class app_core;

void write_metrics(std::string& out, app_core& from);

}  // namespace qtable::net
