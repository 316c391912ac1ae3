// Runs inputs that are kept through a target, without libFuzzer: fuzz_replay TARGET FILE|FOLDER...
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

// What each target calls LLVMFuzzerTestOneInput.
extern "C" {
using fuzz_target = int(const std::uint8_t* data, std::size_t size);
fuzz_target replay_chunked, replay_cursor, replay_json, replay_query, replay_request, replay_rows,
    replay_time, replay_token, replay_websocket;
}

namespace {

struct named_target {
    std::string_view name;
    fuzz_target* run;
};
constexpr std::array<named_target, 9> targets{{{"chunked", replay_chunked},
                                               {"cursor", replay_cursor},
                                               {"json", replay_json},
                                               {"query", replay_query},
                                               {"request", replay_request},
                                               {"rows", replay_rows},
                                               {"time", replay_time},
                                               {"token", replay_token},
                                               {"websocket", replay_websocket}}};

std::string present_name;

// An invariant that doesn't hold aborts: say which input it was.
extern "C" void name_input(int) {
    std::fprintf(stderr, "with the input %s\n", present_name.c_str());
}

std::vector<std::filesystem::path> inputs_of(int count, char** names) {
    std::vector<std::filesystem::path> inputs;
    for (int i = 2; i < count; ++i) {
        if (!std::filesystem::is_directory(names[i])) {
            inputs.emplace_back(names[i]);
            continue;
        }
        for (const auto& each : std::filesystem::directory_iterator(names[i])) inputs.push_back(each.path());
    }
    std::sort(inputs.begin(), inputs.end());
    return inputs;
}

}  // namespace

int main(int count, char** names) {
    const std::string_view wanted = count > 1 ? names[1] : "";
    const auto* const target = std::find_if(
        targets.begin(), targets.end(), [wanted](const named_target& each) { return each.name == wanted; });
    if (target == targets.end()) {
        std::fprintf(stderr, "fuzz_replay: there is no target \"%s\"\n", std::string(wanted).c_str());
        return 2;
    }
    std::signal(SIGABRT, name_input);
    const auto inputs = inputs_of(count, names);
    for (const auto& each : inputs) {
        present_name = each.string();
        std::ifstream file(each, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        if (!file) {
            std::fprintf(stderr, "%s can't be read\n", present_name.c_str());
            return 1;
        }
        target->run(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }
    std::printf("%zu inputs\n", inputs.size());
    return inputs.empty() ? 1 : 0;
}
