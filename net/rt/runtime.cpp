#include "net/rt/runtime.hpp"

#include <csignal>

namespace qtable::net {

runtime::runtime(std::uint32_t cores) {
    cores_.reserve(cores);
    for (std::uint32_t i = 0; i < cores; ++i) cores_.push_back(std::make_unique<core_thread>(i));
}

runtime::~runtime() {
    stop();
}

void runtime::start(std::function<void(core_thread&)> on_start) {
    std::signal(SIGPIPE, SIG_IGN);
    for (const auto& each : cores_) {
        threads_.emplace_back([core = each.get(), on_start] {
            if (on_start) {
                const turn_scope turn(*core);
                on_start(*core);
            }
            core->run();
        });
    }
}

void runtime::stop() {
    while (!threads_.empty()) {
        cores_[threads_.size() - 1]->stop();
        threads_.back().join();
        threads_.pop_back();
    }
    for (const auto& each : cores_) each->discard_messages();
}

}  // namespace qtable::net
